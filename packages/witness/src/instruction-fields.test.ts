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
  SOURCE,
  STORE,
} from '@zisk/core'
import { P } from '@zisk/field'
import { expect, test } from 'vitest'
import { INSTRUCTION_FIELDS, type InstructionField, instructionFields } from './instruction-fields.ts'

/** The definition: one instruction, in integers. */
function fieldsOf({ columns: c }: InstructionTable, row: number): Record<InstructionField, bigint> {
  const op = c.op[row]!
  if (op === OP.HALT) return Object.fromEntries(INSTRUCTION_FIELDS.map((name) => [name, 0n])) as never
  const flags = c.flags[row]!
  const modulo = (value: number): bigint => (value < 0 ? P + BigInt(value) : BigInt(value))
  return {
    a_offset_imm0: BigInt(c.aLow[row]!),
    a_imm1: aSourceOf(flags) === SOURCE.IMM ? BigInt(c.aHigh[row]!) : 0n,
    b_offset_imm0: bSourceOf(flags) === SOURCE.IND ? modulo(c.bLow[row]! | 0) : BigInt(c.bLow[row]!),
    b_imm1: bSourceOf(flags) === SOURCE.IMM ? BigInt(c.bHigh[row]!) : 0n,
    ind_width: BigInt(c.indWidth[row]!),
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
            aHigh: corner() >>> 0,
            bSrc,
            bLow: corner() >>> 0,
            bHigh: corner() >>> 0,
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
