import { type AirInstance, airCost, createChecker, createInstance, findAir, formatReport } from '@zisk/air'
import {
  createRowJudge,
  dropRules,
  heightFor,
  isAccepted,
  judgeWith,
  mutateRows,
  seededRandom,
} from '@zisk/air-testkit'
import { inv, mul } from '@zisk/field'
import { columnsModule } from '@zisk/pilc'
import type { UnalignedAccess } from '@zisk/witness'
import { describe, expect, test } from 'vitest'
import { type AlignmentMachine, type AlignmentSlice, alignmentMachine } from './alignment-machine.ts'
import { fillMemAlign } from './fill-mem-align.ts'
import { fillMemAlignReadByte, fillMemAlignWriteByte } from './fill-mem-align-byte.ts'
import { fillMemAlignWord } from './fill-mem-align-word.ts'
import { access, compileMachine, inputsOf, isTrueRow, memoryWitness } from './testing/memory-bench.ts'

const program = compileMachine(
  ['mem_align.pil', 'mem_align_word.pil', 'mem_align_byte.pil'],
  `MemAlign(); MemAlignWord();
    MemAlignByte(writes: 0) alias MemAlignReadByte; MemAlignByte(writes: 1) alias MemAlignWriteByte;`,
)
const MACHINES: readonly {
  readonly name: AlignmentMachine
  readonly fill: (instance: AirInstance, slice: AlignmentSlice) => void
  readonly gen: string
  readonly cells: number
}[] = [
  { name: 'MemAlign', fill: fillMemAlign, gen: 'mem-align', cells: 97 },
  { name: 'MemAlignWord', fill: fillMemAlignWord, gen: 'mem-align-word', cells: 25 },
  { name: 'MemAlignReadByte', fill: fillMemAlignReadByte, gen: 'mem-align-read-byte', cells: 30 },
  { name: 'MemAlignWriteByte', fill: fillMemAlignWriteByte, gen: 'mem-align-write-byte', cells: 43 },
]

const random = seededRandom(6)
const word64 = (): bigint => (BigInt(random()) << 32n) + BigInt(random())
const WORDS = [0n, 2n ** 64n - 1n, 0x0807_0605_0403_0201n, 0xff00_ff00_8000_0080n]

/** Every width at every offset, loads and stores, stores of dirty registers included. */
const accesses: readonly UnalignedAccess[] = [1, 2, 4, 8].flatMap((width) =>
  [0, 1, 2, 3, 4, 5, 6, 7]
    .filter((offset) => width !== 8 || offset !== 0)
    .flatMap((offset) =>
      [false, true].flatMap((isWrite) =>
        [...WORDS, word64()].map((word0, i) =>
          access({
            address: 0xa000_0000 + 64 * (random() % 1024) + offset,
            width,
            isWrite,
            memStep: 2 ** 37 + 4 * (random() % 2 ** 20) + 1 + i,
            value: word64(),
            word0,
            word1: word64(),
          }),
        ),
      ),
    ),
)
const byMachine = MACHINES.map(({ name, fill }) => {
  const list = accesses.filter(({ address, width, isWrite }) => alignmentMachine(address, width, isWrite) === name)
  const instance = createInstance(program, { air: name, rows: heightFor(list.length) })
  fill(instance, { inputs: inputsOf(list), from: 0, count: list.length })
  return { name, list, instance }
})
const honest = memoryWitness(
  program,
  accesses,
  byMachine.map(({ instance }) => instance),
)
const judge = createRowJudge(program, honest)
const rowOf = (name: AlignmentMachine, wanted: Partial<UnalignedAccess> & { readonly offset: number }): number => {
  const { list } = byMachine.find((entry) => entry.name === name)!
  const row = list.findIndex(
    ({ address, width, isWrite, word0 }) =>
      address % 8 === wanted.offset &&
      isWrite === (wanted.isWrite ?? false) &&
      width === (wanted.width ?? width) &&
      word0 === (wanted.word0 ?? word0),
  )
  if (row < 0) throw new RangeError(`${name} has no such access`)
  return row
}
const isRejected = (name: AlignmentMachine, row: number, cells: Readonly<Record<string, bigint>>): boolean =>
  !isAccepted(judgeWith(judge, name, row, cells))

test('every width at every offset agrees with memory', () => {
  expect(accesses).toHaveLength(310)
  expect(formatReport(createChecker(program).check(honest))).toContain('all hold')
})

describe.each(MACHINES)('$name', ({ name, gen, cells }) => {
  test('the committed column names are those of the program', async () => {
    await expect(columnsModule(program, name)).toMatchFileSnapshot(`./${gen}-columns.gen.ts`)
  })

  test(`a row costs ${cells} cells`, () => {
    const { airGroup, air } = findAir(program, name)
    expect(airCost(program, program.airGroups[airGroup]!.airs[air]!).cellsPerRow).toBe(cells)
  })

  test('no row can be made to say anything false', () => {
    const { list } = byMachine.find((entry) => entry.name === name)!
    const report = mutateRows(judge, {
      air: name,
      rows: [...list.keys()].filter((row) => list.length < 100 || row % 4 === 0),
      seed: 7,
      isTrueRow,
    })
    console.log(`${name}: ${report.killed} of ${report.mutations} mutations reported`)
    expect(report.survivors).toEqual([])
    expect(report.lies).toEqual([])
    expect(report.mutations).toBeGreaterThan(1000)
  })

  test('padding says nothing', () => {
    const { list } = byMachine.find((entry) => entry.name === name)!
    const verdict = judgeWith(judge, name, list.length, {})
    expect(isAccepted(verdict)).toBe(true)
    expect(verdict.tuples.size).toBe(0)
  })
})

describe('published forgeries have no row', () => {
  test('S-6: a store that nobody asked for', () => {
    for (const [name, width] of [
      ['MemAlign', 2],
      ['MemAlignWord', 4],
      ['MemAlignWriteByte', 1],
    ] as const) {
      const row = rowOf(name, { offset: 4, width, isWrite: true })
      const verdict = judgeWith(judge, name, row, { sel: 0n })
      // A store without a selector of its own falls silent with the access.
      expect(isAccepted(verdict) ? verdict.tuples.size : 0).toBe(0)
      expect(isRejected(name, row, { sel: 2n })).toBe(true)
    }
  })

  test('S-8: a load with something above its width', () => {
    const narrow = rowOf('MemAlign', { offset: 1, width: 2 })
    for (const cells of [{ 'value[2]': 1n }, { 'value[4]': 1n }, { 'value[7]': 255n }, { 'value[3]': 128n }])
      expect(isRejected('MemAlign', narrow, cells)).toBe(true)
    const wide = rowOf('MemAlign', { offset: 1, width: 4 })
    expect(isRejected('MemAlign', wide, { 'value[5]': 1n })).toBe(true)
    expect(isRejected('MemAlignWord', rowOf('MemAlignWord', { offset: 4 }), { rest: 1n })).toBe(true)
  })

  test('S-5: one row has one step', () => {
    // Reads and writes of a row share the column: a changed step moves all of them, which Main contradicts.
    const row = rowOf('MemAlign', { offset: 7, width: 8, isWrite: true })
    const { tuples } = judgeWith(judge, 'MemAlign', row, { step: 77n })
    const steps = [...tuples.keys()].map((key) => key.split(',')[3])
    expect(new Set(steps)).toEqual(new Set(['77', '78']))
  })

  test('the second word cannot be left out, nor added', () => {
    expect(isRejected('MemAlign', rowOf('MemAlign', { offset: 7, width: 2 }), { is_double: 0n })).toBe(true)
    expect(isRejected('MemAlign', rowOf('MemAlign', { offset: 6, width: 2 }), { is_double: 1n })).toBe(true)
  })

  test('a stale load, and a store that touches its neighbours', () => {
    const load = rowOf('MemAlign', { offset: 3, width: 4 })
    expect(isRejected('MemAlign', load, { 'value[0]': 7n })).toBe(true)
    const store = rowOf('MemAlign', { offset: 1, width: 2, isWrite: true })
    expect(isRejected('MemAlign', store, { 'new[0]': 7n })).toBe(true)
    expect(isRejected('MemAlign', store, { 'new[1]': 7n })).toBe(true)
    const byte = rowOf('MemAlignWriteByte', { offset: 5, isWrite: true })
    expect(isRejected('MemAlignWriteByte', byte, { 'new[0]': 7n })).toBe(true)
    expect(isRejected('MemAlignWriteByte', byte, { weight: 1n })).toBe(true)
  })

  test('a whole aligned word is not served, which would let a store be put off', () => {
    const row = rowOf('MemAlign', { offset: 1, width: 8, isWrite: true })
    const verdict = judgeWith(judge, 'MemAlign', row, { 'offset[0]': 0n, is_double: 0n })
    expect(verdict.constraints).toContain('is_8 * first_offset === 0')
  })

  test.each([
    ['MemAlign', { offset: 1, width: 8 }],
    ['MemAlignWord', { offset: 4, isWrite: true }],
    ['MemAlignReadByte', { offset: 5 }],
    ['MemAlignWriteByte', { offset: 5, isWrite: true }],
  ] as const)('%s: an address that is no multiple of 8, but a fraction times 8', (name, wanted) => {
    const row = rowOf(name, wanted)
    const eighth = inv(8n)
    expect(mul(8n, eighth)).toBe(1n)
    expect(isRejected(name, row, { addr_low: eighth })).toBe(true)
    expect(isRejected(name, row, { addr_low: 0n, addr_high: mul(eighth, inv(2n ** 16n)) })).toBe(true)
  })

  test('a byte that is not the low byte of the stored register', () => {
    const row = rowOf('MemAlignWriteByte', { offset: 0, isWrite: true })
    for (const cells of [{ value: 256n }, { rest_low: 2n ** 16n }, { rest_high: 2n ** 16n }])
      expect(isRejected('MemAlignWriteByte', row, cells)).toBe(true)
  })
})

/** Rules without which no false row was found, with the reason. */
const NOT_NEEDED: Readonly<Record<string, string>> = {
  'MemAlign flags[i] * (1 - flags[i]) === 0 #2': 'is_double is the sum of one-hot flags by another rule',
  'MemAlign is_4 * is_8 === 0 #13': 'a width of 10 bytes is one that Main does not ask for',
  ...Object.fromEntries(
    [
      'MemAlign is_8 * first_offset === 0 #15',
      ...[3, 4].map((i) => `MemAlign flags[i] * (1 - flags[i]) === 0 #${i}`),
      ...[5, 6, 7, 8, 9, 10, 11].map((i) => `MemAlign offset[i] * (1 - offset[i]) === 0 #${i}`),
    ].map((rule) => [rule, 'needed: needed-rules.test.ts has a false row']),
  ),
}

describe('every rule is needed', () => {
  test.each(MACHINES)('$name', ({ name }) => {
    const { list } = byMachine.find((entry) => entry.name === name)!
    const rows = [...list.keys()].map((i) => (i * 7919) % list.length)
    const dropped = dropRules(program, judge, { air: name, rows, seed: 1, attempts: 1500, isTrueRow })
    const missing = dropped.filter(({ cells }) => cells === undefined).map(({ rule }) => `${name} ${rule}`)
    console.log(`${name}: ${dropped.length - missing.length} of ${dropped.length} rules needed`)
    expect(missing.filter((rule) => NOT_NEEDED[rule] === undefined)).toEqual([])
  })
})
