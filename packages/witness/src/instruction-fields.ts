import { aSourceOf, bSourceOf, FLAG, type InstructionTable, OP, opcodeByCode, SOURCE } from '@zisk/core'
import { P } from '@zisk/field'

/** Fields of the ROM tuple after the pc, in its order; `flags` is the last. */
export const INSTRUCTION_FIELDS = [
  'a_offset_imm0',
  'a_imm1',
  'b_offset_imm0',
  'b_imm1',
  'ind_width',
  'op',
  'store_offset',
  'jmp_offset1',
  'jmp_offset2',
  'flags',
] as const
export type InstructionField = (typeof INSTRUCTION_FIELDS)[number]

/**
 * The instructions of a ROM as field elements, a value per row of the instruction table and field. Negative offsets are
 * p - |x|. Fcall operations are `copyb` here: their effect is none of the proof's business.
 *
 * Rows of `halt` are all zero: such an instruction cannot be proved, and a row whose flags are 0 cannot be executed.
 */
export function instructionFields(instructions: InstructionTable): Readonly<Record<InstructionField, BigUint64Array>> {
  const { columns: c, length } = instructions
  const fields = Object.fromEntries(INSTRUCTION_FIELDS.map((name) => [name, new BigUint64Array(length)])) as Record<
    InstructionField,
    BigUint64Array
  >
  for (let row = 0; row < length; row++) {
    const op = c.op[row]!
    if (op === OP.HALT) continue
    const flags = c.flags[row]!
    const isIndirect = bSourceOf(flags) === SOURCE.IND
    fields.a_offset_imm0[row] = BigInt(c.aLow[row]!)
    fields.a_imm1[row] = aSourceOf(flags) === SOURCE.IMM ? BigInt(c.aHigh[row]!) : 0n
    fields.b_offset_imm0[row] = isIndirect ? signed(c.bLow[row]! | 0) : BigInt(c.bLow[row]!)
    fields.b_imm1[row] = bSourceOf(flags) === SOURCE.IMM ? BigInt(c.bHigh[row]!) : 0n
    fields.ind_width[row] = BigInt(c.indWidth[row]!)
    fields.op[row] = BigInt(opcodeByCode(op)?.type === 'fcall' ? OP.COPYB : op)
    const offset = c.storeOffset[row]!
    fields.store_offset[row] = flags & FLAG.STORE_MEM ? BigInt(offset >>> 0) : signed(offset)
    fields.jmp_offset1[row] = signed(c.jmpOffset1[row]!)
    fields.jmp_offset2[row] = signed(c.jmpOffset2[row]!)
    fields.flags[row] = BigInt(flags)
  }
  return fields
}

function signed(value: number): bigint {
  return value < 0 ? P + BigInt(value) : BigInt(value)
}
