import { MEMORY_MAPS } from '@zisk/core'
import { expect, test } from 'vitest'
import { addi, iType, ld, loadAddress, rType, sType } from '../differential/encode.ts'
import { TINY_DATA, tinyGuest } from '../forgery/tiny-guest.ts'
import { compileZisk } from '../forgery/zisk-machine.ts'
import { RunChecker } from './check-run.ts'

const checker = new RunChecker(compileZisk())

/** Smallest chunks and instances. */
const SMALL = { chunkSize: 1024, maxLogRows: { main: 10, mem: 10, operations: 10 } }
const [A0, A1, A2, A3] = [10, 11, 12, 13]
const CODE = 0x8000_0000
const INPUT = MEMORY_MAPS['v0.18'].input
const BASE = [...loadAddress(A1, TINY_DATA), ...loadAddress(A2, CODE), ...loadAddress(A3, INPUT.start)]

interface Kind {
  readonly air: string
  /** Rows that an instance holds. */
  readonly capacity: number
  /** An instruction that takes one row more. */
  readonly instruction: (i: number) => number
}

const KINDS: readonly Kind[] = [
  { air: 'BinaryAdd', capacity: 1024, instruction: () => addi(A0, A0, 1) },
  { air: 'BinaryLogic', capacity: 1024, instruction: () => rType(0x33, 4, 0, A0, A0, A1) },
  // sd a1, 8 * (i % 64)(a1): every store has a row of its own.
  { air: 'Mem', capacity: 1023, instruction: (i) => sType(0x23, 3, A1, A1, 8 * (i % 64)) },
  // ld a0, 8 * (i % 8)(a2)
  { air: 'RomData', capacity: 1024, instruction: (i) => ld(A0, A2, 8 * (i % 8)) },
  // ld a0, 8 * (i % 2)(a3): the free word and the one behind it
  { air: 'InputData', capacity: 1023, instruction: (i) => ld(A0, A3, 8 * (i % 2)) },
  // lhu a0, i % 64(a1)
  { air: 'MemAlign', capacity: 1024, instruction: (i) => iType(0x03, 5, A0, A1, i % 64) },
  // lw a0, 4 * (i % 64)(a1)
  { air: 'MemAlignWord', capacity: 1024, instruction: (i) => iType(0x03, 2, A0, A1, 4 * (i % 64)) },
  // sb a0, i % 64(a1)
  { air: 'MemAlignWriteByte', capacity: 1024, instruction: (i) => sType(0x23, 0, A1, A0, i % 64) },
  // lbu a0, i % 64(a1)
  { air: 'MemAlignReadByte', capacity: 1024, instruction: (i) => iType(0x03, 4, A0, A1, i % 64) },
  // mul a0, a1, a1
  { air: 'ArithMul', capacity: 1024, instruction: () => rType(0x33, 0, 1, A0, A1, A1) },
]

const guest = (kind: Kind, count: number) =>
  tinyGuest([...BASE, ...Array.from({ length: count }, (_, i) => kind.instruction(i)), addi(A0, 0, 0)])

test.each(KINDS)('instances of $air end one row before, at and after the last row', async (kind) => {
  // A word in two rows may begin with one: count from a run that has some.
  const before = 100
  const { used } = (await checker.check(guest(kind, before), SMALL)).rowsOf(kind.air)
  for (const rows of [kind.capacity - 1, kind.capacity, kind.capacity + 1]) {
    const run = await checker.check(guest(kind, before + rows - used), SMALL)
    expect(run.report).toContain('all hold')
    expect(run.rowsOf(kind.air)).toEqual({ used: rows, instances: rows > kind.capacity ? 2 : 1 })
  }
})

test('words are read on more pages of the input than the counts have room for at first', async () => {
  // ld a0, 0(a3); ld a0, 8(a3); a3 += 4096
  const page = [ld(A0, A3, 0), ld(A0, A3, 8), addi(A3, A3, 2047), addi(A3, A3, 2047), addi(A3, A3, 2)]
  const program = tinyGuest([...BASE, ...Array.from({ length: 9 }, () => page).flat(), addi(A0, 0, 0)])
  const run = await checker.check(program, { ...SMALL, input: new Uint8Array(9 * 4096) })
  expect(run.report).toContain('all hold')
  expect(run.rowsOf('InputData').used).toBe(18)
})

test('runs end one step before, at and after the last row of a segment and the end of a chunk', async () => {
  const nops = (count: number) => tinyGuest([...Array.from({ length: count }, () => addi(A0, 0, 0))])
  const { steps } = await checker.check(nops(0), SMALL)
  for (const segments of [1, 2, 5]) {
    for (const wanted of [1024 * segments - 1, 1024 * segments, 1024 * segments + 1]) {
      const run = await checker.check(nops(wanted - steps), SMALL)
      expect(run.steps).toBe(wanted)
      expect(run.report).toContain('all hold')
      expect(run.rowsOf('Main').instances).toBe(Math.ceil(wanted / 1024))
    }
  }
})

test('runs end one step before, at and after reads of registers between steps', async () => {
  const gaps = { chunkSize: 1024, maxGapRows: 256, maxLogRows: { main: 11 } }
  const nops = (count: number) => tinyGuest([...Array.from({ length: count }, () => addi(A0, 0, 0))])
  const { steps } = await checker.check(nops(0), gaps)
  for (const wanted of [1024, 1280, 1792, 2048, 2304].flatMap((at) => [at - 1, at, at + 1])) {
    const run = await checker.check(nops(wanted - steps), gaps)
    expect([run.steps, run.report]).toEqual([wanted, expect.stringContaining('all hold')])
  }
})
