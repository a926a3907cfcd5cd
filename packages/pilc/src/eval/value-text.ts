import { type ExprId, NODE } from '@zisk/air'
import type { Runtime } from './runtime.ts'
import { ArrayValue, type ExprValue, isInt, type Value } from './value.ts'

/** Longest text of one expression. */
const MAX_EXPRESSION_TEXT = 2000

/** Text of a value in a template string, in `string()` and in a message. */
export function valueText(rt: Runtime, value: Value): string {
  if (typeof value === 'string') return value
  if (isInt(value)) return String(value)
  if (value instanceof ArrayValue) {
    const items: string[] = []
    let length = 0
    for (let i = 0; i < value.length && length < MAX_EXPRESSION_TEXT; i++) {
      const item = value.get(i)
      const text = item === undefined ? '' : valueText(rt, item)
      items.push(text)
      length += text.length + 1
    }
    return `[${items.join(',')}${items.length < value.length ? ',…' : ''}]`
  }
  if (value.tag === 'column') return value.label
  return expressionText(rt, value.id, (kind, a, b) => leafText(rt, value, kind, a, b))
}

function leafText(rt: Runtime, value: ExprValue, kind: number, a: number, b: number): string {
  const labels = value.owner?.labels
  const shifted = (label: string | undefined) => {
    const name = label ?? '?'
    if (b === 0) return name
    return b > 0 ? `${name}'${b === 1 ? '' : b}` : `${b === -1 ? '' : -b}'${name}`
  }
  switch (kind) {
    case NODE.witness:
      return shifted(labels?.witness[a])
    case NODE.fixed:
      return shifted(labels?.fixed[a])
    case NODE.custom:
      return shifted(labels?.custom[a])
    case NODE.airValue:
      return labels?.airValue[a] ?? '?'
    case NODE.airGroupValue:
      return [...rt.airGroups.values()].find((group) => group.builder.id === a)?.valueLabels[b] ?? '?'
    case NODE.proofValue:
      return rt.labels.proofValue[a] ?? '?'
    case NODE.public:
      return rt.labels.public[a] ?? '?'
    default:
      return rt.labels.challenge[a] ?? '?'
  }
}

/** Infix text of a node, cut when it grows too long; shared parts are written out, so the cut bounds the work. */
function expressionText(rt: Runtime, root: ExprId, leaf: (kind: number, a: number, b: number) => string): string {
  const expressions = rt.builder.expressions
  let text = ''
  const work: (ExprId | string)[] = [root]
  while (work.length > 0) {
    if (text.length > MAX_EXPRESSION_TEXT) return `${text}…`
    const item = work.pop()!
    if (typeof item === 'string') {
      text += item
      continue
    }
    const kind = expressions.kind(item)
    const [a, b] = expressions.operands(item)
    const grouped = (id: ExprId, loose: boolean) => {
      const inner = expressions.kind(id)
      const needs = loose ? inner === NODE.neg : inner >= NODE.neg && inner !== NODE.mul
      return needs ? [')', id, '('] : [id]
    }
    if (kind === NODE.constant) text += String(expressions.constantValue(item))
    else if (kind === NODE.neg) work.push(...grouped(a, false), '-')
    else if (kind === NODE.add) work.push(...grouped(b, true), ' + ', ...grouped(a, true))
    else if (kind === NODE.sub) work.push(...grouped(b, false), ' - ', ...grouped(a, true))
    else if (kind === NODE.mul) work.push(...grouped(b, false), ' * ', ...grouped(a, false))
    else text += leaf(kind, a, b)
  }
  return text
}
