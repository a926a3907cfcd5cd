import type { Expr, ListNode, TemplateNode } from '../parser/ast.ts'
import type { Span } from '../source/source-file.ts'
import { readName, unassigned } from './names.ts'
import { applyBinary, applyUnary, shiftRows } from './operators.ts'
import { expandRange } from './range.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { ArrayValue, arrayOf, describeValue, isInt, type Value } from './value.ts'
import { valueText } from './value-text.ts'

/** Value of an expression. */
export function evaluateExpression(rt: Runtime, node: Expr, scope: Scope): Value {
  switch (node.kind) {
    case 'int':
    case 'string':
      return node.value
    case 'name':
      return readName(rt, node, scope)
    case 'binary':
      return evaluateBinary(rt, node, scope)
    case 'index':
      return readIndex(rt, node, scope)
    case 'call': {
      const value = rt.parts.callNode(node, scope)
      if (value === undefined) throw rt.error('PIL_TYPE', 'this call gives no value', node.span)
      return value
    }
    case 'unary':
      return applyUnary(rt, node.op, evaluateExpression(rt, node.operand, scope), node.span)
    case 'ternary': {
      const condition = rt.truthy(evaluateExpression(rt, node.condition, scope), node.condition.span)
      return evaluateExpression(rt, condition ? node.then : node.otherwise, scope)
    }
    case 'template':
      return templateText(rt, node, scope)
    case 'rowShift':
    case 'rowShiftEither':
      return evaluateShift(rt, node, scope)
    case 'list':
      return evaluateList(rt, node, scope)
    case 'isType':
      return matchesType(evaluateExpression(rt, node.operand, scope), node.type) ? 1 : 0
  }
}

type BinaryNode = Expr & { readonly kind: 'binary' }

/** Walks down the left operands in a loop, so that long sums do not nest. */
function evaluateBinary(rt: Runtime, node: BinaryNode, scope: Scope): Value {
  const spine: BinaryNode[] = []
  let at: Expr = node
  while (at.kind === 'binary') {
    spine.push(at)
    at = at.left
  }
  let value = evaluateExpression(rt, at, scope)
  for (let i = spine.length - 1; i >= 0; i--) {
    const { op, left, right, span } = spine[i]!
    if (op === '&&' || op === '||') {
      const truth = rt.truthy(value, left.span)
      if (truth === (op === '||')) value = truth ? 1 : 0
      else value = rt.truthy(evaluateExpression(rt, right, scope), right.span) ? 1 : 0
    } else value = applyBinary(rt, op, value, evaluateExpression(rt, right, scope), span)
  }
  return value
}

function evaluateShift(rt: Runtime, node: Expr & { kind: 'rowShift' | 'rowShiftEither' }, scope: Scope): Value {
  const limit = rt.limits.rowOffset
  const offsetOf = (value: Value, span: Span) =>
    rt.toNumber(value, span, { minimum: -limit, maximum: limit, what: 'a row offset' })
  if (node.kind === 'rowShift') {
    const base = evaluateExpression(rt, node.base, scope)
    const amount =
      node.amount === undefined ? 1 : offsetOf(evaluateExpression(rt, node.amount, scope), node.amount.span)
    return shiftRows(rt, base, amount * node.direction, node.span)
  }
  const left = evaluateExpression(rt, node.left, scope)
  const right = evaluateExpression(rt, node.right, scope)
  if (isInt(left)) return shiftRows(rt, right, -offsetOf(left, node.left.span), node.span)
  return shiftRows(rt, left, offsetOf(right, node.right.span), node.span)
}

function readIndex(rt: Runtime, node: Expr & { kind: 'index' }, scope: Scope): Value {
  const base = evaluateExpression(rt, node.base, scope)
  const index = rt.toInt(evaluateExpression(rt, node.index, scope), node.index.span, 'an integer index')
  if (base instanceof ArrayValue) {
    const value = base.get(checkIndex(rt, index, base.length, node.index.span))
    return value ?? unassigned(rt, `element ${index}`, base.type, node.span)
  }
  if (typeof base === 'object' && base.tag === 'column' && base.store !== undefined) {
    if (base.store.external !== undefined)
      throw rt.error(
        'PIL_CONTEXT',
        `${base.label} is filled from an external file: its rows are not known here`,
        node.span,
      )
    return base.store.read(checkIndex(rt, index, base.store.rows, node.index.span))
  }
  throw rt.error('PIL_TYPE', `${describeValue(base)} cannot be indexed`, node.span)
}

/** The index as a number in `[0, length)`. */
export function checkIndex(rt: Runtime, index: number | bigint, length: number, span: Span): number {
  if (typeof index === 'number' && index >= 0 && index < length) return index
  throw rt.error('PIL_INDEX', `index ${index} is outside [0, ${length - 1}]`, span)
}

function evaluateList(rt: Runtime, node: ListNode, scope: Scope): Value {
  if (node.fill) throw rt.error('PIL_SEQUENCE', 'a filling sequence can only be given to a fixed column', node.span)
  const items: Value[] = []
  for (const item of node.items) {
    if (item.fill)
      throw rt.error('PIL_SEQUENCE', 'a filling sequence can only be given to a fixed column', item.value.span)
    const value = evaluateExpression(rt, item.value, scope)
    if (item.spread) {
      if (!(value instanceof ArrayValue))
        throw rt.error('PIL_TYPE', `only an array can be spread, got ${describeValue(value)}`, item.value.span)
      for (const element of value.values()) items.push(element)
    } else if (item.times === undefined && item.range === undefined) items.push(value)
    else for (const element of expandRange(rt, item, value, items, scope)) items.push(element)
    if (items.length > rt.limits.arrayLength)
      throw rt.error('PIL_LIMIT', `an array exceeds ${rt.limits.arrayLength} elements`, node.span)
  }
  return arrayOf(items)
}

/** Text of a template string. */
function templateText(rt: Runtime, node: TemplateNode, scope: Scope): string {
  let text = ''
  for (const part of node.parts) {
    text += typeof part === 'string' ? part : valueText(rt, evaluateExpression(rt, part, scope))
    if (text.length > rt.limits.textLength)
      throw rt.error('PIL_LIMIT', `a string exceeds ${rt.limits.textLength} characters`, node.span)
  }
  return text
}

function matchesType(value: Value, type: string): boolean {
  switch (type) {
    case 'int':
    case 'fe':
      return isInt(value)
    case 'string':
      return typeof value === 'string'
    case 'expr':
      return typeof value === 'object' && value.tag !== 'array'
    case 'col':
      return typeof value === 'object' && value.tag === 'column'
    default:
      return type === 'array' && value instanceof ArrayValue
  }
}
