/**
 * Expressions of WebAssembly as trees. A tree is written in the order operands first, so the text of a kernel is the
 * order of its instructions; every constructor checks the types of its operands, so a generator fails where its bug is.
 */
import { signed, unsigned } from './encoding.ts'

/** Value types; `void` is the type of a statement (a store, a call without result). */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'
export type ExpressionType = ValueType | 'void'

/** An instruction with its operands. It may be used several times: each use emits it again. */
export interface Expression {
  readonly type: ExpressionType
  readonly opcode: readonly number[]
  readonly operands: readonly Expression[]
}

/** A local variable or parameter of the function under construction; as an expression, its value. */
export interface Local extends Expression {
  readonly type: ValueType
  readonly index: number
}

export type Unary = (a: Expression) => Expression
export type Binary = (a: Expression, b: Expression) => Expression
export type Ternary = (a: Expression, b: Expression, c: Expression) => Expression
/** Reads at `address + offset`; the offset is an unsigned immediate. */
export type Load = (address: Expression, offset?: number) => Expression
/** Writes at `address + offset`. */
export type Store = (address: Expression, value: Expression, offset?: number) => Expression

export function expression(
  type: ExpressionType,
  opcode: readonly number[],
  operands: readonly Expression[],
  expected: readonly ExpressionType[],
): Expression {
  for (let i = 0; i < operands.length; i++) {
    const { type: actual } = operands[i]!
    if (actual === expected[i]) continue
    const hex = opcode.map((byte) => byte.toString(16)).join(' ')
    throw new TypeError(`opcode ${hex}: expected operand ${i} of type ${expected[i]}, got ${actual}`)
  }
  return { type, opcode, operands }
}

/** The bytes of a plain opcode, or of a SIMD opcode (prefix 0xfd) when `simd` is set. */
export function opcodeBytes(code: number, simd: boolean): number[] {
  return simd ? [0xfd, ...unsigned(code)] : [code]
}

export function unary(opcode: readonly number[], operand: ValueType, result: ValueType): Unary {
  const expected = [operand]
  return (a) => expression(result, opcode, [a], expected)
}

export function binary(opcode: readonly number[], left: ValueType, result: ValueType, right: ValueType = left): Binary {
  const expected = [left, right]
  return (a, b) => expression(result, opcode, [a, b], expected)
}

/** `logAlign` is log2 of the access width in bytes (the natural alignment hint). */
export function load(opcode: readonly number[], result: ValueType, logAlign: number): Load {
  return (address, offset = 0) => expression(result, [...opcode, logAlign, ...unsigned(offset)], [address], ['i32'])
}

export function store(opcode: readonly number[], value: ValueType, logAlign: number): Store {
  return (address, x, offset = 0) =>
    expression('void', [...opcode, logAlign, ...unsigned(offset)], [address, x], ['i32', value])
}

export function i32Constant(value: number): Expression {
  return { type: 'i32', opcode: [0x41, ...signed(BigInt.asIntN(32, BigInt(value)))], operands: [] }
}

export function i64Constant(value: bigint): Expression {
  return { type: 'i64', opcode: [0x42, ...signed(BigInt.asIntN(64, value))], operands: [] }
}

/** Applies `make` to every opcode of a table. */
export function mapOpcodes<K extends string, F>(
  table: Readonly<Record<K, number>>,
  make: (code: number) => F,
): Record<K, F> {
  return Object.fromEntries(Object.entries<number>(table).map(([key, code]) => [key, make(code)])) as Record<K, F>
}
