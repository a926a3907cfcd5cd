import { describe, expect, test } from 'vitest'
import { opcodeByName } from '../isa/opcodes.ts'
import { createRandom, randomInstruction } from '../testing/random-rom.ts'
import { disassembleRom } from './disassemble-rom.ts'
import { FLAG, instructionFlags, type RomInstruction, SOURCE, STORE } from './instruction.ts'
import { InstructionTableBuilder } from './instruction-table.ts'

const NOP: RomInstruction = {
  pc: 0x1000,
  op: 0,
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

describe('instructionFlags', () => {
  test('are the bits of ZisK', () => {
    expect(instructionFlags(NOP)).toBe(FLAG.ONE | FLAG.A_IMM | FLAG.B_IMM)
    const add = { ...NOP, op: opcodeByName('add_w')!.code, aSrc: SOURCE.REG, aLow: 1, bSrc: SOURCE.C }
    expect(instructionFlags(add)).toBe(FLAG.ONE | FLAG.A_REG | FLAG.EXTERNAL | FLAG.M32)
    const keccak = { ...NOP, op: opcodeByName('keccak')!.code, setPc: true, store: STORE.IND, storePc: true }
    expect(instructionFlags(keccak)).toBe(
      FLAG.ONE |
        FLAG.A_IMM |
        FLAG.B_IMM |
        FLAG.PRECOMPILED |
        FLAG.EXTERNAL |
        FLAG.SET_PC |
        FLAG.STORE_IND |
        FLAG.STORE_PC,
    )
  })

  test.each([
    ['ascending', (i: number) => i],
    ['descending', (i: number) => 499 - i],
    ['a run before the one that it follows', (i: number) => (i + 200) % 500],
    ['runs that overlap', (i: number) => (2 * i + (i < 250 ? 0 : 1)) % 500],
  ])('round trip through the columns of a table, whatever the order of insertion: %s', (_, position) => {
    const random = createRandom(1)
    const instructions = Array.from({ length: 500 }, (_, i) => randomInstruction(random, 8 * i + random(8)))
    const builder = new InstructionTableBuilder(1)
    for (const i of instructions.keys()) builder.push(instructions[position(i)]!)
    const table = builder.build()
    expect(table.length).toBe(500)
    instructions.forEach((inst, row) => {
      expect(table.at(row)).toEqual(inst)
      expect(table.rowOf(inst.pc)).toBe(row)
    })
  })
})

describe('InstructionTableBuilder', () => {
  test('repeat: copies an expansion to another pc', () => {
    const random = createRandom(2)
    const builder = new InstructionTableBuilder(1)
    const first = randomInstruction(random, 0)
    const second = randomInstruction(random, 1)
    builder.push(first, 0x100)
    builder.push(second, 0x100)
    builder.repeat(0, 2, 0x200)
    const table = builder.build()
    expect([0, 1, 2, 3].map((row) => table.at(row))).toEqual([
      { ...first, pc: 0x100 },
      { ...second, pc: 0x101 },
      { ...first, pc: 0x200 },
      { ...second, pc: 0x201 },
    ])
  })

  test.each([
    ['one after the other', [[0, 40, 1]]],
    [
      'apart, the last first',
      [
        [5000, 10, 4],
        [0, 40, 4],
      ],
    ],
    [
      'one within another',
      [
        [0, 40, 100],
        [1501, 9, 4],
        [0xffff_ff00, 3, 8],
        [3, 2, 4],
      ],
    ],
    ['backwards', Array.from({ length: 40 }, (_, i) => [4 * (40 - i), 1, 4])],
    ['more than are copied whole', Array.from({ length: 700 }, (_, i) => [4 * ((i * 401) % 700), 1, 4])],
  ])('runs of rows are sorted: %s', (_, runs) => {
    const builder = new InstructionTableBuilder(16)
    const pushed = runs.flatMap(([first, count, step]) => Array.from({ length: count! }, (__, i) => first! + i * step!))
    for (const [i, pc] of pushed.entries()) builder.push({ ...NOP, pc, riscv: i })
    const table = builder.build()
    const sorted = pushed.map((pc, i) => ({ pc, riscv: i })).sort((x, y) => x.pc - y.pc)
    expect(Array.from({ length: table.length }, (__, row) => table.at(row))).toEqual(
      sorted.map((row) => ({ ...NOP, ...row })),
    )
    for (const [row, { pc }] of sorted.entries()) expect(table.rowOf(pc)).toBe(row)
  })

  test('two instructions at one pc are refused', () => {
    const builder = new InstructionTableBuilder()
    builder.push(NOP)
    builder.push(NOP)
    expect(() => builder.build()).toThrow(RangeError)
  })

  test('rowOf: any number is allowed', () => {
    const builder = new InstructionTableBuilder()
    builder.push(NOP)
    const table = builder.build()
    for (const pc of [0x1001, 0, -1, 2 ** 32 + 0x1000, 2 ** 53, 0.5, Number.NaN, Infinity]) {
      expect(table.rowOf(pc)).toBe(-1)
    }
  })
})

test('disassembleRom: one line says everything', () => {
  expect(disassembleRom(NOP)).toBe('flag(0x0, 0x0) j(4)')
  const load = { ...NOP, op: 1, aSrc: SOURCE.REG, aLow: 2, bSrc: SOURCE.IND, bLow: -8, indWidth: 8 } as const
  expect(disassembleRom({ ...load, store: STORE.REG, storeOffset: 5 })).toBe('copyb(x2, [a-8]:8) -> x5 j(4)')
  const jump = { ...NOP, op: 0x0e, aLow: 0xffff_fffe, aHigh: 0xffff_ffff, bSrc: SOURCE.REG, bLow: 1, setPc: true }
  expect(disassembleRom({ ...jump, store: STORE.REG, storeOffset: 1, storePc: true })).toBe(
    'and(-0x2, x1) -> x1 = pc+4 pc = c+4',
  )
  expect(disassembleRom({ ...NOP, op: 0xff, bLow: 2 })).toBe('halt(0x0, unsupportedFloat)')
})
