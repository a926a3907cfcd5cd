import type { HintValue } from '@zisk/air'
import type { HintField, HintFieldValue, Statement } from '../parser/ast.ts'
import type { Span } from '../source/source-file.ts'
import { checkOwner } from './constraints.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { ArrayValue, isInt, type Value } from './value.ts'

/** `@name{field: value, ...}` in the open AIR, else in the program. */
export function addHint(rt: Runtime, node: Statement & { kind: 'hint' }, scope: Scope): void {
  const fields = fieldValues(rt, node.fields, scope)
  const hint = { name: node.name, fields, source: rt.sourceRef(node.span), trail: rt.trailRefs() }
  if (rt.air === undefined) rt.builder.addHint(hint)
  else rt.air.builder.addHint(hint)
}

function fieldValues(rt: Runtime, fields: readonly HintField[], scope: Scope): Record<string, HintValue> {
  const out: Record<string, HintValue> = {}
  for (const field of fields) out[field.name] = fieldValue(rt, field.value, scope)
  return out
}

function fieldValue(rt: Runtime, field: HintFieldValue, scope: Scope): HintValue {
  if (field.kind === 'record') return { kind: 'record', fields: fieldValues(rt, field.fields, scope) }
  return hintValue(rt, rt.parts.evaluate(field.value, scope), field.value.span)
}

function hintValue(rt: Runtime, value: Value, span: Span): HintValue {
  if (isInt(value)) return { kind: 'integer', value: BigInt(value) }
  if (typeof value === 'string') return { kind: 'string', value }
  if (value instanceof ArrayValue)
    return { kind: 'array', items: value.values().map((item) => hintValue(rt, item, span)) }
  if (rt.air !== undefined) checkOwner(rt, value, span)
  return { kind: 'expression', expression: rt.exprId(value, span) }
}
