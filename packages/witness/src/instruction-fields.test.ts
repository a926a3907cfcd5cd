import {
  aSourceOf,
  bSourceOf,
  FLAG,
  type IndirectWidth,
  type InstructionTable,
  InstructionTableBuilder,
  OP,
  OPCODES,
  opcodeByCode,
  type RomInstruction,
  SOURCE,
  STORE,
} from '@zisk/core'
import { P } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { INSTRUCTION_FIELDS, type InstructionField, instructionFields } from './instruction-fields.ts'

/** The definition: one instruction, in integers. */
function fieldsOf({ columns: c }: InstructionTable, row: number): Record<InstructionField, bigint> {
  const op = c.op[row]!
  const flags = c.flags[row]!
  const [isA, isB] = [aSourceOf(flags) === SOURCE.IMM, bSourceOf(flags) === SOURCE.IMM]
  const isIndirect = (flags & (FLAG.B_IND | FLAG.STORE_IND)) !== 0
  const highs = [isA ? c.aHigh[row]! : 0, isB ? c.bHigh[row]! : 0] as const
  const hasRow = isIndirect ? highs[0] + highs[1] === 0 && !(isA && isB) : !isB || highs[0] === 0
  if (op === OP.HALT || !hasRow) return Object.fromEntries(INSTRUCTION_FIELDS.map((name) => [name, 0n])) as never
  const modulo = (value: number): bigint => (value < 0 ? P + BigInt(value) : BigInt(value))
  return {
    a_offset_imm0: BigInt(c.aLow[row]!),
    b_offset_imm0: bSourceOf(flags) === SOURCE.IND ? modulo(c.bLow[row]! | 0) : BigInt(c.bLow[row]!),
    imm1_width: BigInt(isIndirect ? c.indWidth[row]! : highs[isB ? 1 : 0]),
    op: BigInt(opcodeByCode(op)?.type === 'fcall' ? OP.COPYB : op),
    store_offset: flags & FLAG.STORE_MEM ? BigInt(c.storeOffset[row]! >>> 0) : modulo(c.storeOffset[row]!),
    jmp_offset1: modulo(c.jmpOffset1[row]!),
    jmp_offset2: modulo(c.jmpOffset2[row]!),
    flags: BigInt(flags),
  }
}

test('the fields of every operation, source and store are what the definition says, at the corners of 32 bits', () => {
  const corners = [0, 1, -1, -2, 2, 0x7fff_ffff, -0x8000_0000, -0x7fff_ffff, 0x1234_5678, -0x1234_5678]
  const builder = new InstructionTableBuilder()
  let next = 0
  const corner = (): number => corners[next++ % corners.length]!
  for (const { code } of OPCODES)
    for (const aSrc of [SOURCE.C, SOURCE.MEM, SOURCE.IMM, SOURCE.REG] as const)
      for (const bSrc of Object.values(SOURCE))
        for (const store of Object.values(STORE)) {
          next += 3
          builder.push({
            pc: 4 * builder.length,
            op: code,
            aSrc,
            aLow: corner() >>> 0,
            aHigh: next % 4 === 0 ? 0 : corner() >>> 0,
            bSrc,
            bLow: corner() >>> 0,
            bHigh: next % 5 === 0 ? 0 : corner() >>> 0,
            indWidth: [0, 1, 2, 4, 8][next % 5] as IndirectWidth,
            store,
            storeOffset: corner(),
            storePc: next % 2 === 0,
            setPc: next % 3 === 0,
            jmpOffset1: corner(),
            jmpOffset2: corner(),
            riscv: 0,
          })
        }
  const table = builder.build()
  const fields = instructionFields(table)
  for (let row = 0; row < table.length; row++)
    for (const [name, value] of Object.entries(fieldsOf(table, row)))
      if (fields[name as InstructionField][row] !== value)
        expect(fields[name as InstructionField][row], `${name} of row ${row}`).toBe(value)
})

test('columns may be longer than the table: the rest is 0', () => {
  const [short, long] = [
    instructionFields(new InstructionTableBuilder().build()),
    instructionFields(new InstructionTableBuilder().build(), 8),
  ]
  expect(short.op.length).toBe(0)
  expect([...long.op]).toEqual([0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n])
})

const COPY: RomInstruction = {
  pc: 0x8000_0000,
  op: OP.COPYB,
  aSrc: SOURCE.IMM,
  aLow: 0,
  aHigh: 0,
  bSrc: SOURCE.IMM,
  bLow: 0,
  bHigh: 0,
  indWidth: 0,
  store: STORE.NONE,
  storeOffset: 0,
  storePc: false,
  setPc: false,
  jmpOffset1: 4,
  jmpOffset2: 4,
  riscv: 0,
}
const ALL_ONES = 0xffff_ffff

function rowOf(instruction: Partial<RomInstruction>): Readonly<Record<string, bigint>> {
  const builder = new InstructionTableBuilder(1)
  builder.push({ ...COPY, ...instruction })
  const fields = instructionFields(builder.build())
  return Object.fromEntries(INSTRUCTION_FIELDS.map((name) => [name, fields[name][0]!]))
}

describe('the column of high limbs and widths', () => {
  test.each<[string, Partial<RomInstruction>, bigint]>([
    ['b alone is immediate', { aSrc: SOURCE.REG, aLow: 1, bHigh: ALL_ONES }, 0xffff_ffffn],
    ['both are immediate, a without a high limb', { bHigh: 7 }, 7n],
    ['a alone is immediate', { aHigh: ALL_ONES, bSrc: SOURCE.REG, bLow: 2 }, 0xffff_ffffn],
    ['a is immediate and b in memory', { aHigh: ALL_ONES, bSrc: SOURCE.MEM, bLow: 0xa000_0000 }, 0xffff_ffffn],
    ['a load', { aSrc: SOURCE.REG, aLow: 1, bSrc: SOURCE.IND, indWidth: 4 }, 4n],
    ['a load relative to x0', { bSrc: SOURCE.IND, indWidth: 4 }, 4n],
    ['a store', { aSrc: SOURCE.REG, aLow: 1, bSrc: SOURCE.REG, bLow: 2, store: STORE.IND, indWidth: 8 }, 8n],
    ['a store of x0', { aSrc: SOURCE.REG, aLow: 1, store: STORE.IND, indWidth: 2 }, 2n],
  ])('%s', (_, instruction, value) => {
    const fields = rowOf(instruction)
    expect(fields['imm1_width']).toBe(value)
    expect(fields['flags']! & 1n).toBe(1n)
  })

  test.each<[string, Partial<RomInstruction>]>([
    ['both immediates, a with a high limb: jalr x0, 0(x0)', { op: OP.AND, aLow: 0xffff_fffe, aHigh: ALL_ONES }],
    ['a store of x0 relative to x0', { store: STORE.IND, indWidth: 4, storeOffset: 8 }],
    ['a load relative to more than 32 bits', { aHigh: 1, bSrc: SOURCE.IND, indWidth: 8 }],
    ['a store of more than 32 immediate bits', { aSrc: SOURCE.REG, aLow: 1, bHigh: 1, store: STORE.IND, indWidth: 8 }],
  ])('%s has no row, and so no proof', (_, instruction) => {
    expect(Object.values(rowOf(instruction))).toEqual(INSTRUCTION_FIELDS.map(() => 0n))
  })
})
