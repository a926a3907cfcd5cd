/**
 * A ROM prepared for interpretation: one record of 16 words per instruction, next rows resolved ahead of time.
 */

import { ADDRESS, aSourceOf, bSourceOf, FLAG, type InstructionTable, storeOf } from '@zisk/core'
import { type DecodedRom, RECORD } from './step-loop.ts'

/** Prepares the instructions of a ROM. Linear in its instructions. */
export function decodeRom(instructions: InstructionTable): DecodedRom {
  const c = instructions.columns
  const records = new Int32Array(instructions.length * RECORD.words)
  for (let row = 0; row < instructions.length; row++) {
    const r = row * RECORD.words
    const flags = c.flags[row]!
    const aSource = aSourceOf(flags)
    const bSource = bSourceOf(flags)
    const store = storeOf(flags)
    const pc = c.pc[row]!
    const link = pc + c.jmpOffset2[row]!
    records[r + RECORD.op] = c.op[row]!
    records[r + RECORD.aSource] = aSource
    records[r + RECORD.aLow] = flags & FLAG.A_REG ? 2 * c.aLow[row]! : c.aLow[row]!
    records[r + RECORD.aHigh] = c.aHigh[row]!
    records[r + RECORD.bSource] = bSource
    records[r + RECORD.bLow] = flags & FLAG.B_REG ? 2 * c.bLow[row]! : c.bLow[row]!
    records[r + RECORD.bHigh] = c.bHigh[row]!
    records[r + RECORD.width] = c.indWidth[row]!
    records[r + RECORD.store] = store
    records[r + RECORD.storeTo] = flags & FLAG.STORE_REG ? 2 * c.storeOffset[row]! : c.storeOffset[row]!
    records[r + RECORD.storePc] = flags & FLAG.STORE_PC ? 1 : 0
    records[r + RECORD.linkLow] = link
    records[r + RECORD.linkHigh] = Math.floor(link / 2 ** 32)
    records[r + RECORD.setPc] = flags & FLAG.SET_PC ? 1 : 0
    records[r + RECORD.nextIfFlag] =
      flags & FLAG.SET_PC ? c.jmpOffset1[row]! : instructions.rowOf(pc + c.jmpOffset1[row]!)
    records[r + RECORD.next] = instructions.rowOf(link)
  }
  return { instructions, records, endRow: instructions.rowOf(ADDRESS.romExit) }
}

/**
 * pc of the RISC-V instruction that a ROM row belongs to: expansions occupy pc, pc+1, .. without gaps.
 */
export function riscvPcOf(instructions: InstructionTable, row: number): number {
  const { pc, riscv } = instructions.columns
  let start = row
  while (start > 0 && pc[start - 1]! === pc[start]! - 1) start--
  // A run of adjacent pcs can span several RISC-V instructions, the first of which starts the run.
  let base = start
  for (;;) {
    const next = base + ((riscv[base]! & 3) === 3 ? 4 : 2)
    if (next > row) return pc[base]!
    base = next
  }
}
