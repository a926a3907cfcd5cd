import { P } from '@zisk/field'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashWords, TupleTable } from './tuple-table.ts'

function wordsOf(tuple: readonly bigint[]): Uint32Array {
  return Uint32Array.from(tuple.flatMap((v) => [Number(v & 0xffff_ffffn), Number(v >> 32n)]))
}

const multiplicity = fc.oneof(
  fc.constantFrom(1n, P - 1n, 2n ** 24n, 2n ** 24n - 1n, P - 2n ** 24n, P - 2n ** 24n + 1n, 2n ** 32n, P >> 1n),
  fc.bigInt({ min: 0n, max: P - 1n }),
)
const tuple = fc.array(fc.constantFrom(0n, 1n, 2n, 2n ** 32n, P - 1n), { maxLength: 4 })

describe('TupleTable', () => {
  test('sums equal those of a map, whatever the hashes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(tuple, multiplicity), { maxLength: 60 }), fc.boolean(), (adds, collide) => {
        const table = new TupleTable()
        const expected = new Map<string, bigint>()
        for (const [fields, count] of adds) {
          const words = wordsOf(fields)
          const entry = table.entry(words, words.length, collide ? 7 : hashWords(words, words.length))
          table.add(entry, Number(count & 0xffff_ffffn), Number(count >> 32n))
          expect(table.tuple(entry)).toEqual(fields)
          expected.set(fields.join(), ((expected.get(fields.join()) ?? 0n) + count) % P)
        }
        expect(table.size).toBe(expected.size)
        const open = table.unbalanced().map((entry) => [table.tuple(entry).join(), table.multiplicity(entry)])
        expect(Object.fromEntries(open)).toEqual(Object.fromEntries([...expected].filter(([, net]) => net !== 0n)))
      }),
      { seed: 20263, numRuns: 300 },
    )
  })

  test('many tuples keep their identity while the table grows', () => {
    const table = new TupleTable()
    const count = 20_000
    for (let i = 0; i < count; i++) {
      const words = wordsOf([7n, BigInt(i), BigInt(i % 3)])
      expect(table.entry(words, 6, hashWords(words, 6))).toBe(i)
    }
    for (let i = 0; i < count; i += 997) {
      const words = wordsOf([7n, BigInt(i), BigInt(i % 3)])
      expect(table.find(words, 6, hashWords(words, 6))).toBe(i)
    }
    const absent = wordsOf([7n, BigInt(count), 0n])
    expect(table.find(absent, 6, hashWords(absent, 6))).toBeUndefined()
  })
})
