/**
 * Vocabulary for writing ZisK instructions: operands, destinations and {@link microOp}.
 */

import { ADDRESS, type IndirectWidth, type RomInstruction, SOURCE, type Source, STORE, type Store } from '@zisk/core'

/** An operand of a ZisK instruction. */
export interface Operand {
  readonly src: Source
  readonly low: number
  readonly high: number
  /** Bytes of an indirect load, 0 for other sources. */
  readonly width: IndirectWidth
}

/** Where a result goes. */
export interface Destination {
  readonly store: Store
  readonly offset: number
  /** Bytes of an indirect store, 0 for other destinations. */
  readonly width: IndirectWidth
}

/** The result of the previous instruction. */
export const LAST: Operand = { src: SOURCE.C, low: 0, high: 0, width: 0 }
const NOWHERE: Destination = { store: STORE.NONE, offset: 0, width: 0 }

/** A signed number below 2^53 in magnitude as a 64-bit immediate. */
export function imm(value: number): Operand {
  return { src: SOURCE.IMM, low: value >>> 0, high: Math.floor(value / 2 ** 32) >>> 0, width: 0 }
}

const ZERO = imm(0)
const REGISTERS: readonly Operand[] = Array.from({ length: 32 }, (_, number) =>
  number === 0 ? ZERO : { src: SOURCE.REG, low: number, high: 0, width: 0 },
)
const TO_REGISTERS: readonly Destination[] = Array.from({ length: 32 }, (_, number) =>
  number === 0 ? NOWHERE : { store: STORE.REG, offset: number, width: 0 },
)

/** Register x0..x31 as an operand; x0 is the immediate 0. */
export const reg = (number: number): Operand => REGISTERS[number]!
/** The 8-byte word at an address. */
export const mem = (address: number): Operand => ({ src: SOURCE.MEM, low: address, high: 0, width: 0 })
/** `width` bytes at operand `a` plus a signed offset. */
export const loadAt = (offset: number, width: IndirectWidth): Operand => ({
  src: SOURCE.IND,
  low: offset,
  high: 0,
  width,
})

/** Register x0..x31 as a destination; a store to x0 does not happen. */
export const toReg = (number: number): Destination => TO_REGISTERS[number]!
/** The 8-byte word at an address as a destination. */
export const toMem = (address: number): Destination => ({ store: STORE.MEM, offset: address, width: 0 })
/** `width` bytes at operand `a` plus a signed offset as a destination. */
export const toAddress = (offset: number, width: IndirectWidth): Destination => ({ store: STORE.IND, offset, width })

/** Address of the memory word of a CSR. */
export const csrAddress = (csr: number): number => ADDRESS.csr + 8 * csr

/** What {@link microOp} builds from; sources default to 0 and the destination to none. */
export interface MicroOp {
  /** Added to the pc of the RISC-V instruction: 0, or what {@link sequence} gives the later ones of an expansion. */
  readonly at?: number
  readonly op: number
  readonly a?: Operand
  readonly b?: Operand
  readonly to?: Destination
  readonly setPc?: boolean
  /** The stored value is `pc + j[1]` instead of the result. Without effect when the destination is none. */
  readonly storePc?: boolean
  /** Jump offsets with the flag set and clear. */
  readonly j: readonly [withFlag: number, withoutFlag: number]
  readonly riscv: number
}

/** A ZisK instruction whose `pc` is relative to the RISC-V instruction that it implements. */
export function microOp({
  at = 0,
  op,
  a = ZERO,
  b = ZERO,
  to = NOWHERE,
  setPc,
  storePc,
  j,
  riscv,
}: MicroOp): RomInstruction {
  return {
    pc: at,
    op,
    aSrc: a.src as RomInstruction['aSrc'],
    aLow: a.low,
    aHigh: a.high,
    bSrc: b.src,
    bLow: b.low,
    bHigh: b.high,
    indWidth: b.width > to.width ? b.width : to.width,
    store: to.store,
    storeOffset: to.offset,
    storePc: storePc === true && to.store !== STORE.NONE,
    setPc: setPc === true,
    jmpOffset1: j[0],
    jmpOffset2: j[1],
    riscv,
  }
}

/**
 * Where the instructions of an expansion lie, relative to the RISC-V instruction. All but the first are at odd addresses,
 * to which no jump leads: targets are even. The last offset is beyond an instruction of 4 bytes; the transpiler moves
 * what lies there to an area of its own.
 */
const EXPANSION_OFFSETS = [0, 1, 3, 5] as const

/** Offset of an instruction for which an expansion has no room. */
export const OVERFLOW_OFFSET = 5

/**
 * Lays the instructions of an expansion out: each goes on to the next, the last to the next RISC-V instruction. Jumps of
 * the last one may be given; they are relative to the RISC-V instruction.
 */
export function sequence(
  { word, size }: { readonly word: number; readonly size: number },
  steps: readonly Omit<MicroOp, 'j' | 'at' | 'riscv'>[],
  end: MicroOp['j'] = [size, size],
): readonly RomInstruction[] {
  return steps.map((step, i) => {
    const at = EXPANSION_OFFSETS[i]!
    const isLast = i === steps.length - 1
    const [withFlag, withoutFlag] = isLast ? end : [EXPANSION_OFFSETS[i + 1]!, EXPANSION_OFFSETS[i + 1]!]
    // The target of a computed jump is not relative to the pc.
    const j: MicroOp['j'] = [step.setPc === true ? withFlag : withFlag - at, withoutFlag - at]
    return microOp({ ...step, at, j, riscv: word })
  })
}
