import type { Statement } from '../parser/ast.ts'
import { type Span, spanText } from '../source/source-file.ts'
import { applyBinary } from './operators.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { ArrayValue, describeValue, isInt, type Value } from './value.ts'

/** `left === right` and `left <== right`; arrays constrain element by element. */
export function addConstraint(rt: Runtime, node: Statement & { kind: 'constraint' }, scope: Scope): void {
  const left = rt.parts.evaluate(node.left, scope)
  const right = rt.parts.evaluate(node.right, scope)
  const label = spanText(node.span)
  if (!(left instanceof ArrayValue) && !(right instanceof ArrayValue)) {
    constrain(rt, node, { left, right, label })
    return
  }
  if (!(left instanceof ArrayValue) || !(right instanceof ArrayValue) || left.length !== right.length)
    throw rt.error('PIL_TYPE', `${describeValue(left)} cannot equal ${describeValue(right)}`, node.span)
  const others = right.values()
  left.values().forEach((item, i) => {
    constrain(rt, node, { left: item, right: others[i]!, label: `${label} [${i}]` })
  })
}

function constrain(
  rt: Runtime,
  node: Statement & { kind: 'constraint' },
  { left, right, label }: { readonly left: Value; readonly right: Value; readonly label: string },
): void {
  const { span } = node
  if (node.computes) addComputation(rt, left, right, span)
  const difference = applyBinary(rt, '-', left, right, span)
  const value = rt.whenFactor === undefined ? difference : applyBinary(rt, '*', rt.whenFactor, difference, span)
  if (isInt(value)) {
    if (rt.exprId(value, span) !== rt.zero())
      throw rt.error('PIL_CONSTRAINT', `this constraint never holds: it says ${value} = 0`, span)
    rt.warn('PIL_CONSTRAINT_TRIVIAL', 'this constraint always holds and is left out', span)
    return
  }
  const expression = rt.exprId(value, span)
  const source = rt.sourceRef(span)
  const trail = rt.trailRefs()
  const owner = rt.ownerOf(value)
  if (rt.air === undefined) {
    if (owner !== null)
      throw rt.error('PIL_CONTEXT', `a global constraint cannot use columns or air values of ${owner.name}`, span)
    if (rt.builder.expressions.degree(expression) > 0)
      throw rt.error('PIL_CONTEXT', 'a global constraint cannot use columns', span)
    rt.builder.addConstraint({ expression, label, source, trail })
    return
  }
  checkOwner(rt, value, span)
  rt.air.builder.addConstraint({ expression, rows: { kind: 'everyRow' }, label, source, trail })
}

/** `<==`: the witness generator may compute the left side. */
function addComputation(rt: Runtime, left: Value, right: Value, span: Span): void {
  if (rt.air === undefined || typeof left !== 'object' || left.tag !== 'column' || left.kind !== 'witness')
    throw rt.error('PIL_TYPE', `the left side of <== must be a witness column, got ${describeValue(left)}`, span)
  rt.air.builder.addHint({
    name: 'witness_calc',
    fields: {
      reference: { kind: 'expression', expression: left.id },
      expression: { kind: 'expression', expression: rt.exprId(right, span) },
    },
    source: rt.sourceRef(span),
    trail: rt.trailRefs(),
  })
}

/** An expression used in an AIR must be of that AIR, and must not read a column that is not committed. */
export function checkOwner(rt: Runtime, value: Value, span: Span): void {
  const owner = rt.ownerOf(value)
  if (owner === null || owner === rt.air) return
  throw rt.error(
    'PIL_CONTEXT',
    `${describeValue(value)} belongs to the AIR ${owner.name}, not to ${rt.air?.name}`,
    span,
  )
}
