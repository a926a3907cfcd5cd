/** WebAssembly code for the operations of the instruction set. `@zisk/core` defines what they compute. */

import { OP } from '@zisk/core'
import { W, WASM_TYPE, type WasmCode } from './wasm-code.ts'

/** A 64-bit operand that may be read several times. */
export type Operand = { readonly local: number } | { readonly constant: bigint }

/** Five i64 locals that an operation may overwrite. */
export type Temporaries = readonly [number, number, number, number, number]

/** Number of {@link Temporaries}. */
export const TEMPORARY_COUNT = 5

const LOW_32 = 0xffff_ffffn

/** Pushes the operand as i64. */
export function pushOperand(code: WasmCode, operand: Operand): void {
  if ('local' in operand) code.localGet(operand.local)
  else code.i64(operand.constant)
}

/** Pushes the low half of the operand as i32. */
function pushLow(code: WasmCode, operand: Operand): void {
  if ('constant' in operand) {
    code.i32(Number(BigInt.asIntN(32, operand.constant)))
    return
  }
  code.localGet(operand.local)
  code.op(W.I32_WRAP_I64)
}

const COMPARE_64: Readonly<Record<number, number>> = {
  [OP.LTU]: W.I64_LT_U,
  [OP.LT]: W.I64_LT_S,
  [OP.LEU]: W.I64_LE_U,
  [OP.LE]: W.I64_LE_S,
  [OP.EQ]: W.I64_EQ,
}

const COMPARE_32: Readonly<Record<number, number>> = {
  [OP.LTU_W]: W.I32_LT_U,
  [OP.LT_W]: W.I32_LT_S,
  [OP.LEU_W]: W.I32_LE_U,
  [OP.LE_W]: W.I32_LE_S,
  [OP.EQ_W]: W.I32_EQ,
}

/** Pushes the flag of a comparison as i32. */
export function emitComparison(code: WasmCode, op: number, a: Operand, b: Operand): void {
  const compare64 = COMPARE_64[op]
  if (compare64 === undefined) {
    pushLow(code, a)
    pushLow(code, b)
    code.op(COMPARE_32[op]!)
    return
  }
  pushOperand(code, a)
  if (op === OP.EQ && 'constant' in b && b.constant === 0n) {
    code.op(W.I64_EQZ)
    return
  }
  pushOperand(code, b)
  code.op(compare64)
}

/** Operations that are one 64-bit instruction. Shifts take the count modulo 64, as the guest's do. */
const SIMPLE_64: Readonly<Record<number, number>> = {
  [OP.ADD]: W.I64_ADD,
  [OP.SUB]: W.I64_SUB,
  [OP.AND]: W.I64_AND,
  [OP.OR]: W.I64_OR,
  [OP.XOR]: W.I64_XOR,
  [OP.SLL]: W.I64_SHL,
  [OP.SRL]: W.I64_SHR_U,
  [OP.SRA]: W.I64_SHR_S,
  [OP.MUL]: W.I64_MUL,
  [OP.MULU]: W.I64_MUL,
}

/** Operations that are one 32-bit instruction and a sign extension. */
const SIMPLE_32: Readonly<Record<number, number>> = {
  [OP.ADD_W]: W.I32_ADD,
  [OP.SUB_W]: W.I32_SUB,
  [OP.SLL_W]: W.I32_SHL,
  [OP.SRL_W]: W.I32_SHR_U,
  [OP.SRA_W]: W.I32_SHR_S,
  [OP.MUL_W]: W.I32_MUL,
}

/** Comparison that holds when a min or max takes its operand a. */
const CHOOSE_A: Readonly<Record<number, number>> = {
  [OP.MINU]: W.I64_LT_U,
  [OP.MIN]: W.I64_LT_S,
  [OP.MAXU]: W.I64_GT_U,
  [OP.MAX]: W.I64_GT_S,
}

const CHOOSE_A_32: Readonly<Record<number, number>> = {
  [OP.MINU_W]: W.I32_LT_U,
  [OP.MIN_W]: W.I32_LT_S,
  [OP.MAXU_W]: W.I32_GT_U,
  [OP.MAX_W]: W.I32_GT_S,
}

const SIGN_EXTENSION: Readonly<Record<number, number>> = {
  [OP.SIGNEXTEND_B]: W.I64_EXTEND8_S,
  [OP.SIGNEXTEND_H]: W.I64_EXTEND16_S,
  [OP.SIGNEXTEND_W]: W.I64_EXTEND32_S,
}

/** The same operations on low halves. */
const BITWISE_32: Readonly<Record<number, number>> = {
  [OP.AND]: W.I32_AND,
  [OP.OR]: W.I32_OR,
  [OP.XOR]: W.I32_XOR,
}

/** Pushes the result of a bitwise operation on operands that are sign-extended from 32 bits; false for any other. */
export function emitNarrowOperation(code: WasmCode, op: number, a: Operand, b: Operand): boolean {
  const bitwise = BITWISE_32[op]
  if (bitwise === undefined) return false
  pushLow(code, a)
  pushLow(code, b)
  code.op(bitwise)
  code.op(W.I64_EXTEND_I32_S)
  return true
}

/** Pushes `c = op(a, b)` as i64. */
export function emitOperation(code: WasmCode, op: number, a: Operand, b: Operand, temps: Temporaries): void {
  const simple64 = SIMPLE_64[op]
  if (simple64 !== undefined) {
    pushOperand(code, a)
    pushOperand(code, b)
    code.op(simple64)
    return
  }
  const simple32 = SIMPLE_32[op]
  if (simple32 !== undefined) {
    pushLow(code, a)
    pushLow(code, b)
    code.op(simple32)
    code.op(W.I64_EXTEND_I32_S)
    return
  }
  if (COMPARE_64[op] !== undefined || COMPARE_32[op] !== undefined) {
    emitComparison(code, op, a, b)
    code.op(W.I64_EXTEND_I32_U)
    return
  }
  const choose = CHOOSE_A[op] ?? CHOOSE_A_32[op]
  if (choose !== undefined) {
    emitChoice(code, choose, CHOOSE_A_32[op] !== undefined, a, b)
    return
  }
  const signExtension = SIGN_EXTENSION[op]
  if (signExtension !== undefined) {
    pushOperand(code, b)
    code.op(signExtension)
    return
  }
  switch (op) {
    case OP.FLAG:
      code.i64(0n)
      return
    case OP.COPYB:
      pushOperand(code, b)
      return
    case OP.MULUH:
    case OP.MULH:
    case OP.MULSUH:
      emitHighProduct(code, op, a, b, temps)
      return
    default:
      emitDivision(code, op, a, b)
      return
  }
}

function emitChoice(code: WasmCode, compare: number, is32: boolean, a: Operand, b: Operand): void {
  const push = is32 ? pushLow : pushOperand
  push(code, a)
  push(code, b)
  push(code, a)
  push(code, b)
  code.op(compare)
  code.op(W.SELECT)
  if (is32) code.op(W.I64_EXTEND_I32_S)
}

/** High half of the 128-bit product from four products of 32-bit limbs, then the corrections for negative operands. */
function emitHighProduct(code: WasmCode, op: number, a: Operand, b: Operand, temps: Temporaries): void {
  const [aLow, aHigh, bLow, bHigh, middle] = temps
  for (const [operand, low, high] of [
    [a, aLow, aHigh],
    [b, bLow, bHigh],
  ] as const) {
    pushOperand(code, operand)
    code.i64(LOW_32)
    code.op(W.I64_AND)
    code.localSet(low)
    pushOperand(code, operand)
    code.i64(32n)
    code.op(W.I64_SHR_U)
    code.localSet(high)
  }
  // middle = aHigh * bLow + (aLow * bLow >> 32): below 2^64.
  product(aHigh, bLow)
  product(aLow, bLow)
  code.i64(32n)
  code.op(W.I64_SHR_U)
  code.op(W.I64_ADD)
  code.localSet(middle)
  // aHigh * bHigh + (middle >> 32) + (aLow * bHigh + low(middle) >> 32)
  product(aHigh, bHigh)
  code.localGet(middle)
  code.i64(32n)
  code.op(W.I64_SHR_U)
  code.op(W.I64_ADD)
  product(aLow, bHigh)
  code.localGet(middle)
  code.i64(LOW_32)
  code.op(W.I64_AND)
  code.op(W.I64_ADD)
  code.i64(32n)
  code.op(W.I64_SHR_U)
  code.op(W.I64_ADD)
  if (op === OP.MULUH) return
  subtractWhenNegative(a, b)
  if (op === OP.MULH) subtractWhenNegative(b, a)

  function product(x: number, y: number): void {
    code.localGet(x)
    code.localGet(y)
    code.op(W.I64_MUL)
  }

  function subtractWhenNegative(sign: Operand, value: Operand): void {
    pushOperand(code, sign)
    code.i64(63n)
    code.op(W.I64_SHR_S)
    pushOperand(code, value)
    code.op(W.I64_AND)
    code.op(W.I64_SUB)
  }
}

interface Division {
  readonly opcode: number
  readonly is32: boolean
  readonly isSigned: boolean
  readonly isRemainder: boolean
}

const DIVISIONS: Readonly<Record<number, Division>> = {
  [OP.DIVU]: { opcode: W.I64_DIV_U, is32: false, isSigned: false, isRemainder: false },
  [OP.REMU]: { opcode: W.I64_REM_U, is32: false, isSigned: false, isRemainder: true },
  [OP.DIV]: { opcode: W.I64_DIV_S, is32: false, isSigned: true, isRemainder: false },
  [OP.REM]: { opcode: W.I64_REM_S, is32: false, isSigned: true, isRemainder: true },
  [OP.DIVU_W]: { opcode: W.I32_DIV_U, is32: true, isSigned: false, isRemainder: false },
  [OP.REMU_W]: { opcode: W.I32_REM_U, is32: true, isSigned: false, isRemainder: true },
  [OP.DIV_W]: { opcode: W.I32_DIV_S, is32: true, isSigned: true, isRemainder: false },
  [OP.REM_W]: { opcode: W.I32_REM_S, is32: true, isSigned: true, isRemainder: true },
}

/** By 0: all ones, or the dividend. By -1: the negated dividend, or 0, because MIN / -1 would trap. */
function emitDivision(code: WasmCode, op: number, a: Operand, b: Operand): void {
  const { opcode, is32, isSigned, isRemainder } = DIVISIONS[op]!
  const push = is32 ? pushLow : pushOperand
  const constant = (value: number): void => (is32 ? code.i32(value) : code.i64(BigInt(value)))
  const type = is32 ? WASM_TYPE.I32 : WASM_TYPE.I64
  push(code, b)
  code.op(is32 ? W.I32_EQZ : W.I64_EQZ)
  ifElse(
    () => (isRemainder ? push(code, a) : constant(-1)),
    () => (isSigned ? guardMinusOne() : divide()),
  )
  if (is32) code.op(W.I64_EXTEND_I32_S)

  function guardMinusOne(): void {
    push(code, b)
    constant(-1)
    code.op(is32 ? W.I32_EQ : W.I64_EQ)
    ifElse(() => {
      constant(0)
      if (isRemainder) return
      push(code, a)
      code.op(is32 ? W.I32_SUB : W.I64_SUB)
    }, divide)
  }

  function divide(): void {
    push(code, a)
    push(code, b)
    code.op(opcode)
  }

  function ifElse(then: () => void, otherwise: () => void): void {
    code.byte(W.IF)
    code.byte(type)
    then()
    code.op(W.ELSE)
    otherwise()
    code.end()
  }
}
