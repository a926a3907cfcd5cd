/** Rows that break one rule of MemAlign and say something false, for the rules against which a random search finds none. */
import { createInstance } from '@zisk/air'
import { createRowJudge, judgeWith } from '@zisk/air-testkit'
import { inv, toFelt } from '@zisk/field'
import { expect, test } from 'vitest'
import { fillMemAlign } from './fill-mem-align.ts'
import { access, compileMachine, inputsOf, isTrueRow, memoryWitness } from './testing/memory-bench.ts'

const program = compileMachine(['mem_align.pil'], 'MemAlign();')
const accesses = [access({ address: 0xa000_1001, width: 2, isWrite: false, memStep: 101, word0: 0n })]
const instance = createInstance(program, { air: 'MemAlign' })
fillMemAlign(instance, { inputs: inputsOf(accesses), from: 0, count: 1 })
const judge = createRowJudge(program, memoryWitness(program, accesses, [instance]))

const THIRD = inv(3n)
const FLAG = 'flags[i] * (1 - flags[i]) === 0'
const OFFSET = 'offset[i] * (1 - offset[i]) === 0'

/** What a forger chooses: a part of the flags, of the bytes in memory and of those on the bus; all else is 0. */
interface Choice {
  readonly wr?: bigint
  readonly is_4?: bigint
  readonly is_8?: bigint
  readonly is_double?: bigint
  /** By index. */
  readonly offset?: Readonly<Record<number, bigint>>
  readonly old?: readonly bigint[]
  readonly value?: readonly bigint[]
}

/** All cells of the row but its address and step, with the words after the access as the rules make them. */
function cellsOf(choice: Choice): Record<string, bigint> {
  const { wr = 0n, is_4 = 0n, is_8 = 0n, is_double = 0n, offset = {} } = choice
  const at = (list: readonly bigint[] | undefined, i: number): bigint => list?.[i] ?? 0n
  const cells: Record<string, bigint> = { sel: 1n, wr, is_4, is_8, is_double }
  const shifts = [0, 1, 2, 3, 4, 5, 6].map((i) => offset[i] ?? 0n)
  for (const [i, shift] of shifts.entries()) cells[`offset[${i}]`] = toFelt(shift)
  const starts = [1n - shifts.reduce((sum, shift) => sum + shift), ...shifts]
  const isUsed = [1n, 1n, is_4 + is_8, is_4 + is_8, is_8, is_8, is_8, is_8]
  for (let i = 0; i < 8; i++) cells[`value[${i}]`] = at(choice.value, i)
  for (let limb = 0; limb < 4; limb++) {
    let after = 0n
    for (let i = 0; i < 4; i++) {
      const k = 4 * limb + i
      const old = at(choice.old, k)
      cells[`old[${k}]`] = old
      let placed = old
      for (const [o, start] of starts.entries())
        if (k >= o && k - o < 8) placed += start * isUsed[k - o]! * (at(choice.value, k - o) - old)
      after += 256n ** BigInt(i) * placed
    }
    cells[`new[${limb}]`] = toFelt(after)
  }
  return cells
}

const FORGERIES: readonly (readonly [what: string, rule: string, choice: Choice])[] = [
  // 2 + 2 * 3 bytes: a whole aligned word, of which two bytes are compared and the rest reads as 0.
  ['is_4', FLAG, { is_4: 3n, old: [5n, 0n, 0n, 0n, 0x44n, 0x33n, 0x22n, 0x11n], value: [5n] }],
  // 2 + 6 / 3 bytes: a third of the third byte is stored.
  ['is_8', FLAG, { wr: 1n, is_8: THIRD, is_double: 1n, offset: { 6: 1n }, value: [0n, 0n, 3n] }],
  // The address is that of the difference or sum of offsets, the bytes are those of the word itself.
  ['offset[0]', OFFSET, { offset: { 0: -1n, 4: 1n, 5: 1n } }],
  ...[1, 2, 3, 4, 5].map((i) => [`offset[${i}]`, OFFSET, { offset: { [i]: -1n, [i - 1]: 1n } }] as const),
  ['offset[6]', OFFSET, { is_4: 1n, offset: { 6: -1n, 4: 1n } }],
]

test.each(FORGERIES)('without the rule about %s', (_, rule, choice) => {
  const { constraints, lookups, tuples } = judgeWith(judge, 'MemAlign', 0, cellsOf(choice))
  expect([...constraints, ...lookups]).toEqual([rule])
  expect(isTrueRow(tuples)).toBe(false)
})

test('the words after an access are those of the honest row', () => {
  const value = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]
  const { constraints, lookups, tuples } = judgeWith(judge, 'MemAlign', 0, cellsOf({ offset: { 0: 1n }, value }))
  expect([constraints, lookups, isTrueRow(tuples)]).toEqual([[], [], true])
})

test('only one rule keeps a whole aligned word from being stored a slot late', () => {
  const cells = cellsOf({ wr: 1n, is_8: 1n, value: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n] })
  const { constraints, lookups, tuples } = judgeWith(judge, 'MemAlign', 0, cells)
  expect([...constraints, ...lookups]).toEqual(['is_8 * first_offset === 0'])
  // The store that it proves is the one that it asks for, but for the time: rows may follow each other as one likes.
  const stores = [...tuples].map(([key, times]) => [key.split(',').map(BigInt), times] as const)
  const [proved] = stores.filter(([[, op], times]) => op === 2n && times === 1n)
  const [asked] = stores.filter(([[, op], times]) => op === 2n && times !== 1n)
  expect(asked![0]).toEqual(proved![0].map((field, i) => (i === 3 ? field + 1n : field)))
})
