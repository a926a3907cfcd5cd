/**
 * Address checks of compiled code. When one fails, the unit is left before the instruction, so that the interpreter
 * raises the fault or does what compiled code does not: print, or reach a region or an unaligned word that this place
 * had not been compiled for.
 */

import { ADDRESS, type RomInstruction, SOURCE, STORE } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'
import { type AddressCheck, accessOffset } from './address-facts.ts'
import { type Operand, pushOperand } from './emit-operation.ts'
import { safeZone, zoneHasUart } from './safe-zone.ts'
import type { LeavePoint, UnitCode } from './unit-code.ts'
import { W } from './wasm-code.ts'

/** Where a checked access goes: to `base + offset`, the base being taken modulo 2^32. */
export interface Access {
  readonly base: Operand
  readonly offset: number
  readonly width: number
  /** Whether it lies in one word; if not known, it may reach into the next. */
  readonly isInOneWord: boolean
}

/** An indirect access that is to be compiled. */
export interface AccessSite {
  readonly inst: RomInstruction
  readonly base: Operand
  readonly check: AddressCheck
  /** Where to go on when the check fails. */
  readonly leave: LeavePoint
}

/** The access of a MEM operand or store: one whole word. */
export function wordAccess(address: number): Access {
  return { base: { constant: 0n }, offset: address, width: 8, isInOneWord: true }
}

/** Checks the address of an indirect access, leaving the unit where it fails. */
export function emitAddressCheck(unit: UnitCode, site: AccessSite, memory: GuestMemory): Access {
  const { inst, base, check, leave } = site
  const { region, checksAlignment, isInOneWord } = check
  const offset = accessOffset(inst)
  const width = inst.indWidth
  const known = { width, isInOneWord }
  if (region === 'constant') return { base: { constant: 0n }, offset: check.address, ...known }
  if (region === 'everywhere') {
    emitExactCheck(unit, site, memory)
    return { base, offset, ...known }
  }
  if (region === 'zone') emitZoneCheck(unit, site, memory)
  else if (checksAlignment) {
    pushLowBits(unit, base, offset, width)
    unit.leaveIf(leave)
  }
  if (inst.store === STORE.IND && width === 1 && zoneHasUart(memory)) emitUartCheck(unit, site)
  return { base, offset, ...known }
}

/** Of a byte store to RAM: whether it prints. */
function emitUartCheck(unit: UnitCode, { inst, base, leave }: AccessSite): void {
  pushOperand(unit.code, base)
  unit.code.i64(BigInt(ADDRESS.uart - accessOffset(inst)))
  unit.code.op(W.I64_EQ)
  unit.leaveIf(leave)
}

/** Rotating the low bits of the distance to the top makes the address of an unaligned access look far away. */
function emitZoneCheck(unit: UnitCode, { inst, base, check, leave }: AccessSite, memory: GuestMemory): void {
  const { code } = unit
  const { start, size } = safeZone(memory)
  const width = check.checksAlignment ? inst.indWidth : 1
  pushOperand(code, base)
  code.i64(BigInt((accessOffset(inst) & (width - 1)) - start))
  code.op(W.I64_ADD)
  if (width > 1) {
    code.i64(BigInt(Math.log2(width)))
    code.op(W.I64_ROTR)
  }
  code.i64(BigInt(Math.floor(size / width)))
  code.op(W.I64_GE_U)
  unit.leaveIf(leave)
}

/** Pushes the low bits of an address: not 0 when it is not a multiple of the width. */
function pushLowBits(unit: UnitCode, base: Operand, offset: number, width: number): void {
  const { code } = unit
  pushOperand(code, base)
  code.op(W.I32_WRAP_I64)
  if ((offset & (width - 1)) !== 0) {
    code.i32(offset & (width - 1))
    code.op(W.I32_ADD)
  }
  code.i32(width - 1)
  code.op(W.I32_AND)
}

function emitExactCheck(unit: UnitCode, { inst, base, leave }: AccessSite, memory: GuestMemory): void {
  const { code } = unit
  pushOperand(code, base)
  code.i64(BigInt(accessOffset(inst)))
  code.op(W.I64_ADD)
  code.localSet(unit.wideAddress)
  if (inst.bSrc === SOURCE.IND) emitReadableCheck(unit, leave, inst.indWidth, memory)
  else emitWritableCheck(unit, leave, inst.indWidth, memory)
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
  // Constants first: accesses to nothing but RAM rarely come here.
  const ranges = [...largest, memory.map.ram, memory.input].filter((range) => range.size >= width)
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
