import { inv } from '@zisk/field'
import type { BinaryOp } from '../parser/ast.ts'
import type { Span } from '../source/source-file.ts'
import {
  type Int,
  intAdd,
  intAnd,
  intDiv,
  intMod,
  intMul,
  intNeg,
  intOr,
  intPow,
  intShl,
  intShr,
  intSub,
  intXor,
} from './int.ts'
import type { Runtime } from './runtime.ts'
import { ArrayValue, arrayOf, describeValue, isInt, type Value } from './value.ts'

/** Highest power of an expression. */
const MAX_EXPONENT = 4096

/** Integer operation of every binary operator; comparisons give 1 or 0. */
const INT_OPERATIONS: Readonly<Record<BinaryOp, (a: Int, b: Int) => Int>> = {
  '+': intAdd,
  '-': intSub,
  '*': intMul,
  '/': intDiv,
  '%': intMod,
  '**': intPow,
  '<<': intShl,
  '>>': intShr,
  '&': intAnd,
  '|': intOr,
  '^': intXor,
  '&&': (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
  '||': (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
  '==': (a, b) => (a === b ? 1 : 0),
  '!=': (a, b) => (a === b ? 0 : 1),
  '<': (a, b) => (a < b ? 1 : 0),
  '>': (a, b) => (a > b ? 1 : 0),
  '<=': (a, b) => (a <= b ? 1 : 0),
  '>=': (a, b) => (a >= b ? 1 : 0),
}

/** Applies a binary operator to any two values. */
export function applyBinary(rt: Runtime, op: BinaryOp, a: Value, b: Value, span: Span): Value {
  if (isInt(a) && isInt(b)) {
    try {
      return INT_OPERATIONS[op](a, b)
    } catch (error) {
      throw rt.placed(error, span)
    }
  }
  if (typeof a === 'string' || typeof b === 'string') return applyText(rt, op, a, b, span)
  if (op === '==' || op === '!=') {
    const same = a === b || (!isInt(a) && !isInt(b) && a.tag !== 'array' && b.tag !== 'array' && sameNode(rt, a, b))
    return same === (op === '==') ? 1 : 0
  }
  return applySymbolic(rt, op, a, b, span)
}

function sameNode(rt: Runtime, a: Value, b: Value): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a.tag === 'array' || b.tag === 'array') return false
  return a.id === b.id && rt.ownerOf(a) === rt.ownerOf(b)
}

function applyText(rt: Runtime, op: BinaryOp, a: Value, b: Value, span: Span): Value {
  if (op === '==' || op === '!=') return (a === b) === (op === '==') ? 1 : 0
  const textual = (value: Value): value is string | Int => typeof value === 'string' || isInt(value)
  if (op === '+' && textual(a) && textual(b)) {
    const text = String(a) + String(b)
    if (text.length > rt.limits.textLength)
      throw rt.error('PIL_LIMIT', `a string exceeds ${rt.limits.textLength} characters`, span)
    return text
  }
  throw rt.error('PIL_TYPE', `operator ${op} cannot be applied to ${describeValue(a)} and ${describeValue(b)}`, span)
}

function applySymbolic(rt: Runtime, op: BinaryOp, a: Value, b: Value, span: Span): Value {
  const expressions = rt.builder.expressions
  const refuse = () =>
    rt.error('PIL_TYPE', `operator ${op} cannot be applied to ${describeValue(a)} and ${describeValue(b)}`, span)
  if ((typeof a === 'object' && a.tag === 'array') || (typeof b === 'object' && b.tag === 'array')) throw refuse()
  const owner = rt.commonOwner(a, b, span)
  rt.checkExpressions(span)
  switch (op) {
    case '+':
      return rt.fromExprId(expressions.add(rt.exprId(a, span), rt.exprId(b, span)), owner)
    case '-':
      return rt.fromExprId(expressions.sub(rt.exprId(a, span), rt.exprId(b, span)), owner)
    case '*':
      return rt.fromExprId(expressions.mul(rt.exprId(a, span), rt.exprId(b, span)), owner)
    case '/': {
      if (!isInt(b)) throw rt.error('PIL_TYPE', 'an expression can be divided by an integer only', span)
      const divisor = rt.builder.expressions.constantValue(expressions.constant(BigInt(b)))!
      if (divisor === 0n) throw rt.error('PIL_ARITHMETIC', 'division by zero', span)
      const inverse = expressions.constant(inv(divisor))
      return rt.fromExprId(expressions.mul(rt.exprId(a, span), inverse), owner)
    }
    case '**': {
      const exponent = rt.toNumber(b, span, {
        minimum: 0,
        maximum: MAX_EXPONENT,
        what: 'the exponent of an expression',
      })
      if (exponent === 0) return 1
      const base = rt.exprId(a, span)
      let power = base
      for (let i = 1; i < exponent; i++) power = expressions.mul(power, base)
      return rt.fromExprId(power, owner)
    }
    default:
      throw refuse()
  }
}

/** Applies a sign or a negation. */
export function applyUnary(rt: Runtime, op: '-' | '+' | '!', value: Value, span: Span): Value {
  if (isInt(value)) return op === '-' ? intNeg(value) : op === '+' ? value : value === 0 ? 1 : 0
  if (op === '!' || typeof value === 'string' || value.tag === 'array')
    throw rt.error('PIL_TYPE', `operator ${op} cannot be applied to ${describeValue(value)}`, span)
  if (op === '+') return value
  return rt.fromExprId(rt.builder.expressions.neg(value.id), value.owner)
}

/** The value `rowOffset` rows later; an array moves element by element. */
export function shiftRows(rt: Runtime, value: Value, rowOffset: number, span: Span): Value {
  if (isInt(value)) return value
  if (typeof value === 'string') throw rt.error('PIL_TYPE', 'a string has no rows', span)
  if (value instanceof ArrayValue) return arrayOf(value.values().map((item) => shiftRows(rt, item, rowOffset, span)))
  rt.checkExpressions(span)
  const shifted = rt.builder.expressions.shift(value.id, rowOffset)
  rt.checkShifts(span)
  return rt.fromExprId(shifted, value.owner)
}
