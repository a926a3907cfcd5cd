import { expect, test } from 'vitest'
import { type Ext, P } from '../goldilocks.ts'
import { EXT_ZERO } from '../scalar-ext.ts'
import { createTestWords } from '../testing.ts'
import { createScriptSums, createWasmSums, createWeightedSums } from './weighted-sums.ts'

const SEED = 0x5eed_00c0n

function extsOf(words: readonly bigint[]): Ext[] {
  return Array.from({ length: Math.floor(words.length / 3) }, (_, i) => words.slice(3 * i, 3 * i + 3) as unknown as Ext)
}

/** Canonical words, those at the ends of the range first. */
function canonicalWords(count: number, seed: bigint): bigint[] {
  const ends = [P - 1n, 0n, 1n, P - 2n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 63n]
  return [...ends, ...createTestWords(count, seed)].slice(0, count).map((word) => word % P)
}

test(`the module and plain arithmetic give the same sums (seed ${SEED})`, () => {
  const tables = [70, 1, 200].map((count, i) => BigUint64Array.from(canonicalWords(count, SEED + BigInt(i))))
  const lists = [[0], [], [6, 0, 3], Array.from({ length: 64 }, (_, i) => i)].map((places, i) => {
    return { places, weights: extsOf(canonicalWords(3 * places.length, SEED + 10n + BigInt(i))) }
  })
  const terms = lists.reduce((sum, { places }) => sum + places.length, 0)
  const script = createScriptSums(tables)
  const module = createWasmSums(tables, terms)!
  const run = (sums: typeof script): Ext[] => {
    const [one, none, some, many] = lists.map(({ places, weights }) => sums.list(places, weights)) as [
      number,
      number,
      number,
      number,
    ]
    const taken = [sums.take()]
    sums.add(one, 1, 0)
    taken.push(sums.take())
    sums.add(none, 0, 3)
    taken.push(sums.take())
    for (let at = 0; at < 63; at++) sums.add(some, 0, at)
    for (let at = 0; at <= 200 - 64; at += 17) sums.add(many, 2, at)
    taken.push(sums.take(), sums.take())
    return taken
  }
  const expected = run(script)
  expect(run(module)).toEqual(expected)
  expect(run(createWeightedSums(tables, terms))).toEqual(expected)
  expect([expected[0], expected[2], expected[4]]).toEqual([EXT_ZERO, EXT_ZERO, EXT_ZERO])
  expect(expected[1]).toEqual(lists[0]!.weights[0]!.map((x) => (x * tables[1]![0]!) % P))
})

test('sums that carry twice stay canonical', () => {
  const table = new BigUint64Array(40).fill(P - 1n)
  const weight: Ext = [P - 1n, P - 2n, 2n ** 32n - 1n]
  const places = [...table.keys()]
  const weights = places.map(() => weight)
  const [script, module] = [createScriptSums([table]), createWasmSums([table], 40)!]
  for (const sums of [script, module]) sums.add(sums.list(places, weights), 0, 0)
  expect(module.take()).toEqual(script.take())
})
