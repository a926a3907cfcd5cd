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

/** Pushes the i32 index of an access, moved by some bytes, and returns the static offset to use. */
function pushIndex(unit: UnitCode, access: Access, moved = 0): number {
  const { code } = unit
  const offset = access.offset + moved
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

/** Records the aligned words that an access touches; a write that turns out to replace one whole word has none. */
function emitRecord(unit: UnitCode, access: Access, isRead: boolean): void {
  if (access.isInOneWord) {
    if (isRead || access.width === WORD) recordWord(unit, access)
    else recordOldWord(unit, access)
    return
  }
  const { code } = unit
  const isWholeWord = access.width === WORD
  const [address, offset] = [unit.address, pushIndex(unit, access)]
  if (offset !== 0) {
    code.i32(offset)
    code.op(W.I32_ADD)
  }
  code.localTee(address)
  // An access crosses into a second word when it starts beyond 8 - width.
  code.i32(WORD - 1)
  code.op(W.I32_AND)
  if (!isWholeWord) {
    code.i32(WORD - access.width)
    code.op(W.I32_GT_U)
  }
  unit.open(W.IF)
  const recorded = isRead || !isWholeWord ? 1 : 0
  copyWord(unit, 0, 0)
  copyWord(unit, WORD, WORD)
  code.localGet(unit.trace)
  code.i32(WORD * (2 - recorded))
  code.op(W.I32_ADD)
  code.localSet(unit.trace)
  if (recorded === 1) {
    code.op(W.ELSE)
    copyWord(unit, 0, 0)
  }
  unit.end()
  unit.recordedBytes += WORD * recorded
}

/**
 * Records the one aligned word that a narrow write changes, in pieces of the width of the write: neighbouring writes
 * tend to come in a row, and a wide load that overlaps a narrow store still in flight waits for it.
 */
function recordOldWord(unit: UnitCode, access: Access): void {
  const { code } = unit
  const offset = pushIndex(unit, access)
  if (offset !== 0) {
    code.i32(offset)
    code.op(W.I32_ADD)
  }
  code.i32(-WORD)
  code.op(W.I32_AND)
  code.localSet(unit.address)
  for (let at = 0; at < WORD; at += access.width) {
    code.localGet(unit.trace)
    code.localGet(unit.address)
    code.memory(ZERO_EXTENDING[access.width]!, at)
    code.memory(STORES[access.width]!, unit.recordedBytes + at)
  }
  unit.recordedBytes += WORD
}

/** Copies an aligned word at or after the one that contains `unit.address` to the trace. */
function copyWord(unit: UnitCode, from: number, to: number): void {
  const { code } = unit
  code.localGet(unit.trace)
  code.localGet(unit.address)
  code.i32(-WORD)
  code.op(W.I32_AND)
  code.memory(W.I64_LOAD, from)
  code.memory(W.I64_STORE, unit.recordedBytes + to)
}

/** Records the one aligned word of an access. */
function recordWord(unit: UnitCode, access: Access): void {
  const { code } = unit
  code.localGet(unit.trace)
  if (access.wordOffset === undefined) {
    const offset = pushIndex(unit, access)
    if (offset !== 0) {
      code.i32(offset)
      code.op(W.I32_ADD)
    }
    code.i32(-WORD)
    code.op(W.I32_AND)
    code.memory(W.I64_LOAD, 0)
  } else {
    code.memory(W.I64_LOAD, pushIndex(unit, access, -access.wordOffset))
  }
  code.memory(W.I64_STORE, unit.recordedBytes)
  unit.recordedBytes += WORD
}
