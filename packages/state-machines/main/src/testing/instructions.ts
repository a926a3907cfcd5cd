/** Small programs for Main, written down by operand. */
import { ADDRESS, FLAG, OP } from '@zisk/core'
import { toFelt } from '@zisk/field'
import type { InstructionField } from '@zisk/witness'

/** Columns of Main that are bits of the flags word of an instruction. */
export type Bit =
  | 'a_src_imm'
  | 'a_src_mem'
  | 'is_precompiled'
  | 'b_src_imm'
  | 'b_src_mem'
  | 'is_external_op'
  | 'store_pc'
  | 'store_mem'
  | 'store_ind'
  | 'set_pc'
  | 'm32'
  | 'b_src_ind'
  | 'a_src_reg'
  | 'b_src_reg'
  | 'store_reg'

/** The weights of the bits. */
export const BITS: Readonly<Record<Bit, number>> = {
  a_src_imm: FLAG.A_IMM,
  a_src_mem: FLAG.A_MEM,
  is_precompiled: FLAG.PRECOMPILED,
  b_src_imm: FLAG.B_IMM,
  b_src_mem: FLAG.B_MEM,
  is_external_op: FLAG.EXTERNAL,
  store_pc: FLAG.STORE_PC,
  store_mem: FLAG.STORE_MEM,
  store_ind: FLAG.STORE_IND,
  set_pc: FLAG.SET_PC,
  m32: FLAG.M32,
  b_src_ind: FLAG.B_IND,
  a_src_reg: FLAG.A_REG,
  b_src_reg: FLAG.B_REG,
  store_reg: FLAG.STORE_REG,
}

/** A part of an instruction: bits, and fields other than 0. */
interface Part {
  readonly bits: readonly Bit[]
  readonly fields?: Partial<Record<InstructionField, bigint | number>>
}
/** An instruction without its place; jumps go to the next one unless `jump` says the index of another. */
export interface Instruction extends Part {
  readonly jump?: number
}
/** Everything of a row of Rom, canonical. */
export type RomRow = Readonly<Record<'line' | InstructionField, bigint>>

const LOW = 0xffff_ffffn
/** The high limb of an immediate, which may not be there where the width or that of another is. */
const high = (value: bigint | number): Part['fields'] =>
  BigInt(value) >> 32n === 0n ? {} : { imm1_width: BigInt(value) >> 32n }

type Immediate = (value: bigint | number) => Part
type Place = (place: number) => Part
type Indirect = (offset: number, width: number) => Part

/** Operands. */
export const a: { imm: Immediate; mem: Place; reg: Place; last: Part } = {
  imm: (value: bigint | number): Part => ({
    bits: ['a_src_imm'],
    fields: { a_offset_imm0: BigInt(value) & LOW, ...high(value) },
  }),
  mem: (address: number): Part => ({ bits: ['a_src_mem'], fields: { a_offset_imm0: address } }),
  reg: (register: number): Part => ({ bits: ['a_src_reg'], fields: { a_offset_imm0: register } }),
  last: { bits: [] },
}
export const b: { imm: Immediate; mem: Place; ind: Indirect; reg: Place; last: Part } = {
  imm: (value: bigint | number): Part => ({
    bits: ['b_src_imm'],
    fields: { b_offset_imm0: BigInt(value) & LOW, ...high(value) },
  }),
  mem: (address: number): Part => ({ bits: ['b_src_mem'], fields: { b_offset_imm0: address } }),
  ind: (offset: number, width: number): Part => ({
    bits: ['b_src_ind'],
    fields: { b_offset_imm0: offset, imm1_width: width },
  }),
  reg: (register: number): Part => ({ bits: ['b_src_reg'], fields: { b_offset_imm0: register } }),
  last: { bits: [] },
}
/** Where the result goes. */
export const into: { mem: Place; ind: Indirect; reg: Place; none: Part } = {
  mem: (address: number): Part => ({ bits: ['store_mem'], fields: { store_offset: address } }),
  ind: (offset: number, width: number): Part => ({
    bits: ['store_ind'],
    fields: { store_offset: offset, imm1_width: width },
  }),
  reg: (register: number): Part => ({ bits: ['store_reg'], fields: { store_offset: register } }),
  none: { bits: [] },
}

/** Joins parts to an instruction. */
export function instruction(op: number, parts: readonly Part[], jump?: number): Instruction {
  const bits = [
    ...(op === OP.FLAG || op === OP.COPYB ? [] : (['is_external_op'] as const)),
    ...parts.flatMap((p) => p.bits),
  ]
  const fields = Object.assign({ op }, ...parts.map((part) => part.fields ?? {})) as Instruction['fields']
  return { bits, fields: fields!, ...(jump === undefined ? {} : { jump }) }
}
export const copy = (from: Part, to: Part = into.none): Instruction => instruction(OP.COPYB, [from, to])
/** Publishes an operand as word 0. */
export const publish = (from: Part): Instruction => instruction(OP.PUBOUT, [a.imm(0), from])
/** Instructions that do nothing but give the result 0. */
export const idle = (count: number): readonly Instruction[] => Array.from({ length: count }, () => copy(b.imm(0)))

/** Address of the instruction with this index: the first is where runs start. */
export const pcOf = (index: number): number => (index === 0 ? ADDRESS.romEntry : 0x8000_0000 + 4 * index)

/** The rows of a program; behind its last instruction comes the exit. */
export function assemble(program: readonly Instruction[]): readonly RomRow[] {
  const exit: Instruction = { bits: ['a_src_imm', 'b_src_imm'], fields: { op: OP.FLAG } }
  const rows = program.map((entry, i) => {
    const pc = pcOf(i)
    const next = i + 1 === program.length ? ADDRESS.romExit : pcOf(i + 1)
    const target = entry.jump === undefined ? next : pcOf(entry.jump)
    return romRow(entry, pc, target - pc, next - pc)
  })
  return [...rows, romRow(exit, ADDRESS.romExit, 0, 0)]
}

function romRow({ bits, fields }: Part, line: number, jmp_offset1: number, jmp_offset2: number): RomRow {
  const flags = bits.reduce((sum, bit) => sum + BITS[bit], FLAG.ONE as number)
  const all: Record<'line' | InstructionField, bigint | number> = {
    line,
    a_offset_imm0: 0,
    b_offset_imm0: 0,
    imm1_width: 0,
    op: 0,
    store_offset: 0,
    jmp_offset1,
    jmp_offset2,
    flags,
    ...fields,
  }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, toFelt(BigInt(value))])) as RomRow
}
