import type { CallNode, Expr } from '../parser/ast.ts'
import type { Span } from '../source/source-file.ts'
import { isDefined } from './columns.ts'
import { intLog2 } from './int.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { TABLE_BUILTINS } from './tables.ts'
import { ArrayValue, describeValue, isInt, type Value } from './value.ts'
import { valueText } from './value-text.ts'

/** A builtin function: it evaluates its own arguments. */
type Builtin = (rt: Runtime, call: CallNode, scope: Scope) => Value | undefined

/** Builtin functions by name. A function of the program with the same name wins. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['println', print],
  ['print', print],
  ['log', () => undefined],
  ['error', fail],
  ['assert', assertTrue],
  ['assert_eq', (rt, call, scope) => assertEqual(rt, call, scope, true)],
  ['assert_not_eq', (rt, call, scope) => assertEqual(rt, call, scope, false)],
  ['length', length],
  ['log2', (rt, call, scope) => rt.int(call.span, () => intLog2(rt.toInt(argument(rt, call, scope, 0), call.span)))],
  ['defined', (rt, call, scope) => (isDefined(rt, onlyNode(rt, call), scope) ? 1 : 0)],
  ['degree', degree],
  ['string', (rt, call, scope) => valueText(rt, argument(rt, call, scope, 0))],
  ...TABLE_BUILTINS,
])

function onlyNode(rt: Runtime, call: CallNode): Expr {
  const arg = call.args[0]
  if (arg !== undefined && call.args.length === 1) return arg.value
  throw rt.error('PIL_ARGUMENT', `${callName(call)} takes one argument, got ${call.args.length}`, call.span)
}

function argument(rt: Runtime, call: CallNode, scope: Scope, index: number): Value {
  const arg = call.args[index]
  if (arg === undefined) throw rt.error('PIL_ARGUMENT', `${callName(call)} needs ${index + 1} arguments`, call.span)
  return rt.parts.evaluate(arg.value, scope)
}

function callName(call: CallNode): string {
  return call.callee.segments.map((segment) => (typeof segment === 'string' ? segment : '`…`')).join('.')
}

function texts(rt: Runtime, call: CallNode, scope: Scope): string {
  return call.args.map((arg) => valueText(rt, rt.parts.evaluate(arg.value, scope))).join(' ')
}

function print(rt: Runtime, call: CallNode, scope: Scope): undefined {
  rt.output(texts(rt, call, scope))
  return undefined
}

function fail(rt: Runtime, call: CallNode, scope: Scope): never {
  throw rt.error('PIL_USER_ERROR', texts(rt, call, scope), call.span)
}

function assertTrue(rt: Runtime, call: CallNode, scope: Scope): undefined {
  if (rt.truthy(argument(rt, call, scope, 0), call.span)) return undefined
  const note = call.args.length > 1 ? `: ${valueText(rt, argument(rt, call, scope, 1))}` : ''
  throw rt.error('PIL_ASSERT', `assertion failed${note}`, call.span)
}

function assertEqual(rt: Runtime, call: CallNode, scope: Scope, wanted: boolean): undefined {
  const left = argument(rt, call, scope, 0)
  const right = argument(rt, call, scope, 1)
  if (sameValue(rt, left, right) === wanted) return undefined
  const note = call.args.length > 2 ? `: ${valueText(rt, argument(rt, call, scope, 2))}` : ''
  const relation = wanted ? 'is not' : 'is'
  throw rt.error(
    'PIL_ASSERT',
    `assertion failed: ${valueText(rt, left)} ${relation} ${valueText(rt, right)}${note}`,
    call.span,
  )
}

function sameValue(rt: Runtime, a: Value, b: Value): boolean {
  if (a === b) return true
  if (a instanceof ArrayValue && b instanceof ArrayValue)
    return a.length === b.length && a.values().every((item, i) => sameValue(rt, item, b.values()[i]!))
  if (typeof a !== 'object' || typeof b !== 'object' || a.tag === 'array' || b.tag === 'array') return false
  return a.id === b.id && a.owner === b.owner
}

function length(rt: Runtime, call: CallNode, scope: Scope): Value {
  const value = argument(rt, call, scope, 0)
  if (value instanceof ArrayValue) return value.length
  if (typeof value === 'string') return value.length
  throw rt.error('PIL_TYPE', `${describeValue(value)} has no length`, call.span)
}

function degree(rt: Runtime, call: CallNode, scope: Scope): Value {
  const value = argument(rt, call, scope, 0)
  return isInt(value) ? 0 : degreeOf(rt, value, call.span)
}

/** Degree in the columns of any value. */
export function degreeOf(rt: Runtime, value: Value, span: Span): number {
  return rt.builder.expressions.degree(rt.exprId(value, span))
}
