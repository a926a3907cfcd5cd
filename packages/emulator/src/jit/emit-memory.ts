/** Loads and stores of compiled code, and the words that they record for the minimal trace. */

import { OP } from '@zisk/core'
import type { Access } from './emit-address.ts'
import { pushOperand } from './emit-operation.ts'
import type { UnitCode } from './unit-code.ts'
import { W } from './wasm-code.ts'

/** Largest offset that goes into the instruction: no valid address is so close to 2^32 that adding it would wrap. */
const MAX_STATIC_OFFSET = 4096

const ZERO_EXTENDING: Readonly<Record<number, number>> = {
  1: W.I64_LOAD8_U,
  2: W.I64_LOAD16_U,
  4: W.I64_LOAD32_U,
  8: W.I64_LOAD,
}
const SIGN_EXTENDING: Readonly<Record<string, number>> = {
  [`${OP.SIGNEXTEND_B} 1`]: W.I64_LOAD8_S,
  [`${OP.SIGNEXTEND_H} 2`]: W.I64_LOAD16_S,
  [`${OP.SIGNEXTEND_W} 4`]: W.I64_LOAD32_S,
}
const STORES: Readonly<Record<number, number>> = { 1: W.I64_STORE8, 2: W.I64_STORE16, 4: W.I64_STORE32, 8: W.I64_STORE }
const WORD = 8

/** The load that already sign-extends as the operation does, if there is one. */
export function signedLoad(op: number, width: number): number | undefined {
  return SIGN_EXTENDING[`${op} ${width}`]
}

/** Pushes the value of a read, zero-extended unless another load is named, and records its words. */
export function emitRead(unit: UnitCode, access: Access, load: number = ZERO_EXTENDING[access.width]!): void {
  const { code } = unit
  if (unit.isTracing && access.isInOneWord && access.width === WORD) {
    code.localGet(unit.trace)
    code.memory(load, pushIndex(unit, access))
    code.localTee(unit.operandB)
    code.memory(W.I64_STORE, unit.recordedBytes)
    unit.recordedBytes += WORD
    code.localGet(unit.operandB)
    return
  }
  if (unit.isTracing) emitRecord(unit, access, true)
  code.memory(load, pushIndex(unit, access))
}

/** Stores the i64 that `pushValue` pushes and records the old words, unless it replaces one whole word. */
export function emitWrite(unit: UnitCode, access: Access, pushValue: () => void): void {
  if (unit.isTracing && !(access.isInOneWord && access.width === WORD)) emitRecord(unit, access, false)
  const offset = pushIndex(unit, access)
  pushValue()
  unit.code.memory(STORES[access.width]!, offset)
}

/** Pushes the i32 index of an access and returns the static offset to use. */
function pushIndex(unit: UnitCode, access: Access): number {
  const { code } = unit
  const { offset } = access
  if ('constant' in access.base) {
    code.i32(0)
    return Number(BigInt.asUintN(32, access.base.constant + BigInt(offset)))
  }
  pushOperand(code, access.base)
  code.op(W.I32_WRAP_I64)
  if (offset >= 0 && offset <= MAX_STATIC_OFFSET) return offset
  code.i32(offset)
  code.op(W.I32_ADD)
  return 0
}

/** Records the aligned words that an access touches, except those that a replay knows: see `trace-chunk.ts`. */
function emitRecord(unit: UnitCode, access: Access, isRead: boolean): void {
  const isWholeWord = access.width === WORD
  if (access.isInOneWord) {
    recordUnlessLast(unit, access, isRead)
    return
  }
  const { code } = unit
  pushAddress(unit, access)
  // An access crosses into a second word when it starts beyond 8 - width.
  code.i32(WORD - 1)
  code.op(W.I32_AND)
  if (!isWholeWord) {
    code.i32(WORD - access.width)
    code.op(W.I32_GT_U)
  }
  unit.open(W.IF)
  pushWordAddress(unit, access)
  code.localSet(unit.address)
  copyPiece(unit, WORD, 0)
  copyPiece(unit, WORD, WORD)
  moveTracePointer(unit, 2 * WORD)
  if (!isWholeWord) {
    code.op(W.ELSE)
    recordUnlessLast(unit, access, isRead)
  } else if (isRead) {
    code.op(W.ELSE)
    pushWordAddress(unit, access)
    code.localSet(unit.address)
    copyPiece(unit, WORD, 0)
    moveTracePointer(unit, WORD)
  }
  unit.end()
}

/** Records the word of a narrow access to one word, unless it is that of the last one. */
function recordUnlessLast(unit: UnitCode, access: Access, isRead: boolean): void {
  const { code } = unit
  const last = isRead ? unit.lastRead : unit.lastWritten
  pushWordAddress(unit, access)
  code.localTee(unit.address)
  code.localGet(last)
  code.op(W.I32_NE)
  unit.open(W.IF)
  code.localGet(unit.address)
  code.localSet(last)
  // In halves where the program writes halves: a load waits for a narrower store to the same place in flight.
  const piece = !isRead && access.width === WORD / 2 ? WORD / 2 : WORD
  for (let at = 0; at < WORD; at += piece) copyPiece(unit, piece, at)
  moveTracePointer(unit, WORD)
  unit.end()
}

/** Copies 4 or 8 bytes of the word at `unit.address` to the trace. */
function copyPiece(unit: UnitCode, width: number, at: number): void {
  const { code } = unit
  code.localGet(unit.trace)
  code.localGet(unit.address)
  code.memory(ZERO_EXTENDING[width]!, at)
  code.memory(STORES[width]!, unit.recordedBytes + at)
}

/** Counts words that only one way through the code records. */
function moveTracePointer(unit: UnitCode, bytes: number): void {
  unit.code.localGet(unit.trace)
  unit.code.i32(bytes)
  unit.code.op(W.I32_ADD)
  unit.code.localSet(unit.trace)
}

/** Pushes the i32 address of an access. */
function pushAddress(unit: UnitCode, access: Access): void {
  const offset = pushIndex(unit, access)
  if (offset === 0) return
  unit.code.i32(offset)
  unit.code.op(W.I32_ADD)
}

/** Pushes the i32 address of the aligned word of an access. */
function pushWordAddress(unit: UnitCode, access: Access): void {
  pushAddress(unit, access)
  unit.code.i32(-WORD)
  unit.code.op(W.I32_AND)
}
