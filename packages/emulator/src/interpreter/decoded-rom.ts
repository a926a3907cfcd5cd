/**
 * A ROM prepared for interpretation: one record per instruction, next rows resolved ahead of time.
 */

import { ADDRESS, aSourceOf, bSourceOf, FLAG, type InstructionTable, storeOf } from '@zisk/core'

/** Words of an instruction record, the ones that most instructions need first. */
export const RECORD = {
  words: 16,
  /** Operation and kinds of operands, see {@link SHAPE}. */
  shape: 0,
  /** IMM: low half; MEM: address; REG: index of the low half in the register file. */
  aLow: 1,
  /** As `aLow`; IND: signed offset. */
  bLow: 2,
  /** MEM: address; REG: index of the low half in the register file; IND: signed offset. */
  storeTo: 3,
  /** Row after an instruction that clears the flag, -1 when there is none. */
  next: 4,
  /** Row after an instruction that sets the flag, -1 when there is none; `jmpOffset1` when `setPc` is 1. */
  nextIfFlag: 5,
  /** IMM: high half. */
  aHigh: 6,
  bHigh: 7,
  /** `pc + jmpOffset2`, which `storePc` stores instead of c. */
  linkLow: 8,
  linkHigh: 9,
} as const

/** First bits of the fields of a record's shape: operation (8 bits), sources and store (3 each), width (4), flags. */
export const SHAPE = { op: 0, aSource: 8, bSource: 11, store: 14, width: 17, storePc: 21, setPc: 22 } as const

/** Length of a RISC-V instruction that becomes several, and the end of the area of those without room. */
const EXPANDED_BYTES = 4
const OVERFLOW_END = 0x9000_0000

/** A ROM prepared for interpretation. */
export interface DecodedRom {
  readonly instructions: InstructionTable
  /** A {@link RECORD} per row. */
  readonly records: Int32Array
  /** Row of the exit instruction, -1 when the ROM has none. */
  readonly endRow: number
}

const decodedRoms = new WeakMap<InstructionTable, DecodedRom>()

/** Prepares the instructions of a ROM, once as long as they live. Linear in their number. */
export function decodeRom(instructions: InstructionTable): DecodedRom {
  const known = decodedRoms.get(instructions)
  if (known !== undefined) return known
  const decoded = decode(instructions)
  decodedRoms.set(instructions, decoded)
  return decoded
}

function decode(instructions: InstructionTable): DecodedRom {
  const c = instructions.columns
  const records = new Int32Array(instructions.length * RECORD.words)
  for (let row = 0; row < instructions.length; row++) {
    const r = row * RECORD.words
    const flags = c.flags[row]!
    const pc = c.pc[row]!
    const link = pc + c.jmpOffset2[row]!
    const isSetPc = (flags & FLAG.SET_PC) !== 0
    records[r + RECORD.shape] =
      (c.op[row]! << SHAPE.op) |
      (aSourceOf(flags) << SHAPE.aSource) |
      (bSourceOf(flags) << SHAPE.bSource) |
      (storeOf(flags) << SHAPE.store) |
      (c.indWidth[row]! << SHAPE.width) |
      ((flags & FLAG.STORE_PC ? 1 : 0) << SHAPE.storePc) |
      ((isSetPc ? 1 : 0) << SHAPE.setPc)
    records[r + RECORD.aLow] = flags & FLAG.A_REG ? 2 * c.aLow[row]! : c.aLow[row]!
    records[r + RECORD.aHigh] = c.aHigh[row]!
    records[r + RECORD.bLow] = flags & FLAG.B_REG ? 2 * c.bLow[row]! : c.bLow[row]!
    records[r + RECORD.bHigh] = c.bHigh[row]!
    records[r + RECORD.storeTo] = flags & FLAG.STORE_REG ? 2 * c.storeOffset[row]! : c.storeOffset[row]!
    records[r + RECORD.linkLow] = link
    records[r + RECORD.linkHigh] = Math.floor(link / 2 ** 32)
    // Most instructions go on to the row behind them, whatever the flag is.
    const next = c.pc[row + 1] === link ? row + 1 : instructions.rowOf(link)
    const isSame = c.jmpOffset1[row] === c.jmpOffset2[row]
    records[r + RECORD.next] = next
    if (isSetPc) records[r + RECORD.nextIfFlag] = c.jmpOffset1[row]!
    else records[r + RECORD.nextIfFlag] = isSame ? next : instructions.rowOf(pc + c.jmpOffset1[row]!)
  }
  return { instructions, records, endRow: instructions.rowOf(ADDRESS.romExit) }
}

/**
 * pc of the RISC-V instruction that a ROM row belongs to: the even one before it, or, far from it, the one before that to
 * which it goes on.
 */
export function riscvPcOf(instructions: InstructionTable, row: number): number {
  const { pc, jmpOffset2 } = instructions.columns
  const isOverflow = pc[row]! % 2 === 1 && pc[row]! >= ADDRESS.expansionOverflow && pc[row]! < OVERFLOW_END
  if (isOverflow) return pc[row]! + jmpOffset2[row]! - EXPANDED_BYTES
  let first = row
  while (first > 0 && pc[first]! % 2 === 1) first--
  return pc[first]!
}
