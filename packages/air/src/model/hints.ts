import type { ExprId } from './expression.ts'
import type { Hint, HintValue } from './pilout.ts'

/** Every expression that the hints name. */
export function rootsOfHints(hints: readonly Hint[]): Set<ExprId> {
  const roots = new Set<ExprId>()
  for (const hint of hints) for (const value of Object.values(hint.fields)) collectRoots(value, roots)
  return roots
}

/** The hints with every expression translated. */
export function mapHints(hints: readonly Hint[], map: (id: ExprId) => ExprId): Hint[] {
  return hints.map((hint) => ({ ...hint, fields: mapFields(hint.fields, map) }))
}

function collectRoots(value: HintValue, roots: Set<ExprId>): void {
  if (value.kind === 'expression') roots.add(value.expression)
  else if (value.kind === 'array') for (const item of value.items) collectRoots(item, roots)
  else if (value.kind === 'record') for (const field of Object.values(value.fields)) collectRoots(field, roots)
}

function mapFields(
  fields: Readonly<Record<string, HintValue>>,
  map: (id: ExprId) => ExprId,
): Readonly<Record<string, HintValue>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, mapValue(value, map)]))
}

function mapValue(value: HintValue, map: (id: ExprId) => ExprId): HintValue {
  switch (value.kind) {
    case 'expression':
      return { kind: 'expression', expression: map(value.expression) }
    case 'array':
      return { kind: 'array', items: value.items.map((item) => mapValue(item, map)) }
    case 'record':
      return { kind: 'record', fields: mapFields(value.fields, map) }
    default:
      return value
  }
}
