/**
 * Loads and stores of compiled code. An address that is known while compiling is checked then; any other is checked by
 * the code, which leaves the unit before the instruction when the check fails, so that the interpreter raises the fault
 * or does what compiled code does not: print, or reach a region that this place had not been compiled for.
 */

import { ADDRESS, OP, type RomInstruction, SOURCE } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'
import { type AddressCheck, accessOffset, safeZone } from './address-facts.ts'
import { type Operand, pushOperand } from './emit-operation.ts'
import { type LeavePoint, RECORD_TWO_FUNCTION, type UnitCode } from './unit-code.ts'
import { W } from './wasm-code.ts'

/** Where an access goes. `indexed`: i32 of the operand's low half plus an offset. */
export type Access =
  | { readonly kind: 'constant'; readonly address: number; readonly width: number }
  | { readonly kind: 'indexed'; readonly base: Operand; readonly offset: number; readonly width: number }

/** An indirect access that is to be compiled. */
export interface AccessSite {
  readonly inst: RomInstruction
  readonly base: Operand
  readonly check: AddressCheck
  /** Where to go on when the check fails. */
  readonly leave: LeavePoint
}

/** Largest offset that goes into the instruction: no valid address is so close to 2^32 that adding it would wrap. */
const MAX_STATIC_OFFSET = 4096

/** Checks the address of an indirect access, leaving the unit where it fails. */
export function emitAddressCheck(unit: UnitCode, site: AccessSite, memory: GuestMemory): Access {
  const { inst, base, check, leave } = site
  const offset = accessOffset(inst)
  const width = inst.indWidth
  if (check.kind === 'constant') return { kind: 'constant', address: check.address, width }
  const { code, wideAddress } = unit
  if (check.kind === 'zone') {
    const { start, size } = safeZone(memory)
    pushOperand(code, base)
    code.i64(BigInt(-start))
    code.op(W.I64_ADD)
    code.i64(BigInt(size))
    code.op(W.I64_GE_U)
    unit.leaveIf(leave)
  } else if (check.kind === 'everywhere') {
    pushOperand(code, base)
    code.i64(BigInt(offset))
    code.op(W.I64_ADD)
    code.localSet(wideAddress)
    if (inst.bSrc === SOURCE.IND) emitReadableCheck(unit, leave, width, memory)
    else emitWritableCheck(unit, leave, width, memory)
  }
  return { kind: 'indexed', base, offset, width }
}

/** Pushes whether the address lies outside `[start, end - width]`. */
function pushOutside(unit: UnitCode, start: number, end: number, width: number): void {
  unit.code.localGet(unit.wideAddress)
  unit.code.i64(BigInt(-start))
  unit.code.op(W.I64_ADD)
  unit.code.i64(BigInt(end - width - start))
  unit.code.op(W.I64_GT_U)
}

/** Extents of the ROM region that compiled code knows; the interpreter reads the rest. */
const MAX_ROM_EXTENTS = 4

function emitReadableCheck(unit: UnitCode, leave: LeavePoint, width: number, memory: GuestMemory): void {
  const largest = [...memory.romExtents].sort((x, y) => y.size - x.size).slice(0, MAX_ROM_EXTENTS)
  const ranges = [memory.map.ram, ...largest, memory.input].filter((range) => range.size >= width)
  const found = unit.open(W.BLOCK)
  for (const [i, { start, size }] of ranges.entries()) {
    pushOutside(unit, start, start + size, width)
    if (i === ranges.length - 1) {
      unit.leaveIf(leave)
    } else {
      unit.code.op(W.I32_EQZ)
      unit.branch(W.BR_IF, found)
    }
  }
  unit.end()
}

function emitWritableCheck(unit: UnitCode, leave: LeavePoint, width: number, memory: GuestMemory): void {
  const { start, size } = memory.map.ram
  pushOutside(unit, start, start + size, width)
  unit.leaveIf(leave)
  const forbidden = [{ start: ADDRESS.uart, size: 1 }, ...memory.codeInRam]
  for (const range of forbidden) {
    pushOutside(unit, range.start - width + 1, range.start + range.size + width - 1, width)
    unit.code.op(W.I32_EQZ)
    unit.leaveIf(leave)
  }
}

/** Pushes the i32 index of an access, or of the aligned word it starts in, and returns the static offset to use. */
function pushIndex(unit: UnitCode, access: Access): number {
  const { code } = unit
  if (access.kind === 'constant') {
    code.i32(0)
    return access.address
  }
  pushOperand(code, access.base)
  code.op(W.I32_WRAP_I64)
  if (access.offset >= 0 && access.offset <= MAX_STATIC_OFFSET) return access.offset
  code.i32(access.offset)
  code.op(W.I32_ADD)
  return 0
}

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

/** The load that already sign-extends as the operation does, if there is one. */
export function signedLoad(op: number, width: number): number | undefined {
  return SIGN_EXTENDING[`${op} ${width}`]
}

/** Pushes the value of a read, zero-extended unless another load is named, and records its words. */
export function emitRead(unit: UnitCode, access: Access, load: number = ZERO_EXTENDING[access.width]!): void {
  const { code } = unit
  if (unit.isTracing) emitRecord(unit, access, true)
  code.memory(load, pushIndex(unit, access))
}

/** Stores the i64 that `pushValue` pushes and records the old words. */
export function emitWrite(unit: UnitCode, access: Access, pushValue: () => void): void {
  if (unit.isTracing) emitRecord(unit, access, false)
  const offset = pushIndex(unit, access)
  pushValue()
  unit.code.memory(STORES[access.width]!, offset)
}

/** Records the aligned words of a read, or of a write unless it replaces one whole word. */
function emitRecord(unit: UnitCode, access: Access, isRead: boolean): void {
  const { code } = unit
  const { width } = access
  const staticOffset = pushIndex(unit, access)
  if (staticOffset !== 0) {
    code.i32(staticOffset)
    code.op(W.I32_ADD)
  }
  code.localSet(unit.address)
  const wholeWord = width === 8 && !isRead
  if (width === 1) {
    recordWord(unit)
    return
  }
  // An access crosses into a second word when it starts beyond 8 - width.
  code.localGet(unit.address)
  code.i32(7)
  code.op(W.I32_AND)
  if (width !== 8) {
    code.i32(8 - width)
    code.op(W.I32_GT_U)
  }
  unit.open(W.IF)
  code.localGet(unit.address)
  pushRecordPosition(unit)
  code.opIndex(W.CALL, RECORD_TWO_FUNCTION)
  code.localGet(unit.trace)
  code.i32(wholeWord ? 16 : 8)
  code.op(W.I32_ADD)
  code.localSet(unit.trace)
  if (wholeWord) {
    unit.end()
    return
  }
  code.op(W.ELSE)
  recordWord(unit)
  unit.end()
}

/** Records the aligned word that contains the address, as the next one. */
function recordWord(unit: UnitCode): void {
  const { code } = unit
  code.localGet(unit.trace)
  code.localGet(unit.address)
  code.i32(-8)
  code.op(W.I32_AND)
  code.memory(W.I64_LOAD, 0)
  code.memory(W.I64_STORE, unit.recordedBytes)
  unit.recordedBytes += 8
}

function pushRecordPosition(unit: UnitCode): void {
  unit.code.localGet(unit.trace)
  if (unit.recordedBytes === 0) return
  unit.code.i32(unit.recordedBytes)
  unit.code.op(W.I32_ADD)
}
