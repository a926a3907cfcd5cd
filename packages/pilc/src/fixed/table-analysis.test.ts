import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyzeTable, comparativeSignature, compatibleOffset, signature } from './table-analysis.ts'

const SEED = 577215
const of = (values: readonly (number | bigint)[]) => ({ values: BigUint64Array.from(values.map(BigInt)), offset: 0 })
const small = fc.array(fc.nat(3), { minLength: 1, maxLength: 10 })

describe('table analysis', () => {
  test('finds the rotation and shift between two tables, and only those', () => {
    fc.assert(
      fc.property(small, fc.nat(20), fc.nat(5), (values, turn, delta) => {
        const n = values.length
        const turned = values.map((_, i) => values[(i + turn) % n]! + delta)
        const r = compatibleOffset(of(values).values, of(turned).values)
        expect(r).toBeGreaterThanOrEqual(0)
        const shift = turned[0]! - values[r]!
        turned.forEach((value, i) => {
          expect(value).toBe(values[(i + r) % n]! + shift)
        })
        expect(comparativeSignature(of(values))).toBe(comparativeSignature(of(turned)))
      }),
      { numRuns: 500, seed: SEED },
    )
    expect(compatibleOffset(of([1, 2, 4]).values, of([1, 2, 3]).values)).toBe(-1)
  })

  test('agrees with a search over all rotations', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const n = Math.min(a.length, b.length)
        const [x, y] = [a.slice(0, n), b.slice(0, n)]
        const exists = x.some((_, r) => y.every((value, i) => value - y[0]! === x[(i + r) % n]! - x[r]!))
        expect(compatibleOffset(of(x).values, of(y).values) >= 0).toBe(exists)
      }),
      { numRuns: 1000, seed: SEED },
    )
  })

  test('signatures depend on order and length', () => {
    expect(signature(of([1, 2]))).not.toBe(signature(of([2, 1])))
    expect(signature(of([0]))).not.toBe(signature(of([0, 0])))
    expect(signature(of([5, 6, 7]))).toBe(signature(of([5, 6, 7])))
  })

  test('names the pattern of a table', () => {
    const partitions = Array.from({ length: 4 << 16 }, (_, i) => (i < 2 << 16 ? 5 : 9))
    expect(analyzeTable(of([4, 4, 4])).type).toBe(1)
    expect(analyzeTable(of([4, 6, 8]))).toMatchObject({ type: 2, params: [4n, 2n], min: 4n, max: 8n, bits: 4 })
    expect(analyzeTable(of(partitions))).toMatchObject({ type: 3, partitions: [5n, 9n] })
    expect(analyzeTable(of([3, 5, 3, 5, 3, 5]))).toMatchObject({ type: 4, cycle: [2n, 3n, 2n], params: [3n] })
    expect(analyzeTable(of([3, 5, 3, 5, 3])).type).toBe(0)
  })
})
