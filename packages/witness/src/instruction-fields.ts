import { aSourceOf, bSourceOf, FLAG, type InstructionTable, OP, opcodeByCode, SOURCE } from '@zisk/core'
import { columnWords } from './column-words.ts'

/** Fields of the ROM tuple after the pc, in its order; `flags` is the last. */
export const INSTRUCTION_FIELDS = [
  'a_offset_imm0',
  'b_offset_imm0',
  'imm1_width',
  'op',
  'store_offset',
  'jmp_offset1',
  'jmp_offset2',
  'flags',
] as const
export type InstructionField = (typeof INSTRUCTION_FIELDS)[number]

/**
 * The instructions of a ROM as field elements, a column per field with a value per row of the instruction table; rows behind
 * those are 0. Negative offsets are p - |x|. Fcall operations are `copyb` here: their effect is none of the proof's business.
 *
 * Rows of `halt` are all zero: such an instruction cannot be proved, and a row whose flags are 0 cannot be executed. So are
 * those of instructions that need two of the values for which Main has one column. RISC-V has them relative to x0 only,
 * as in `sw x0, 8(x0)` and `jalr -4(x0)`: they access or jump to the ends of the address space, where nothing is, and a run
 * that executes one faults.
 *
 * @param rows length of the columns, that of the instruction table at least
 */
export function instructionFields(
  instructions: InstructionTable,
  rows: number = instructions.length,
): Readonly<Record<InstructionField, BigUint64Array>> {
  const { columns: c, length } = instructions
  const fields = Object.fromEntries(INSTRUCTION_FIELDS.map((name) => [name, new BigUint64Array(rows)])) as Record<
    InstructionField,
    BigUint64Array
  >
  // As words of 32 bits: programs have many instructions, of which most values fit into one.
  const words = Object.fromEntries(INSTRUCTION_FIELDS.map((name) => [name, columnWords(fields[name])])) as Record<
    InstructionField,
    Uint32Array
  >
  const provedOp = Uint8Array.from({ length: 256 }, (_, op) => (opcodeByCode(op)?.type === 'fcall' ? OP.COPYB : op))
  for (let row = 0; row < length; row++) {
    const op = c.op[row]!
    const shared = highOrWidth(c, row)
    if (op === OP.HALT || shared < 0) continue
    const flags = c.flags[row]!
    const at = 2 * row
    words.a_offset_imm0[at] = c.aLow[row]!
    if (bSourceOf(flags) === SOURCE.IND) setSigned(words.b_offset_imm0, at, c.bLow[row]! | 0)
    else words.b_offset_imm0[at] = c.bLow[row]!
    words.imm1_width[at] = shared
    words.op[at] = provedOp[op]!
    if (flags & FLAG.STORE_MEM) words.store_offset[at] = c.storeOffset[row]!
    else setSigned(words.store_offset, at, c.storeOffset[row]!)
    setSigned(words.jmp_offset1, at, c.jmpOffset1[row]!)
    setSigned(words.jmp_offset2, at, c.jmpOffset2[row]!)
    words.flags[at] = flags
  }
  return fields
}

/** What is in the column that the high limbs of both immediates share with the width; -1 when two of them want it. */
function highOrWidth(c: InstructionTable['columns'], row: number): number {
  const flags = c.flags[row]!
  const [isA, isB] = [aSourceOf(flags) === SOURCE.IMM, bSourceOf(flags) === SOURCE.IMM]
  const aHigh = isA ? c.aHigh[row]! : 0
  const bHigh = isB ? c.bHigh[row]! : 0
  if (flags & (FLAG.B_IND | FLAG.STORE_IND)) {
    // A store beside two immediates is no instruction that Main has: its rule for operand a takes both off.
    const isFree = aHigh === 0 && bHigh === 0 && !(isA && isB)
    return isFree ? c.indWidth[row]! : -1
  }
  if (!isB) return aHigh
  return aHigh === 0 ? bHigh : -1
}

/** Writes an integer, -2^31 to 2^31 - 1, modulo p = 2^64 - 2^32 + 1. */
function setSigned(words: Uint32Array, at: number, value: number): void {
  if (value >= 0) words[at] = value
  else {
    // p + value = (2^32 - 1) * 2^32 + (value + 1), where value + 1 is 0 or borrows.
    words[at] = value + 1
    words[at + 1] = value === -1 ? 0xffff_ffff : 0xffff_fffe
  }
}
