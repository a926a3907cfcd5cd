import { expect, test } from 'vitest'
import { segmentHeights } from './segment-heights.ts'

const LIMITS = { minLogRows: 10, maxLogRows: 19 }
/** Rows that one instance more has to save. */
const INSTANCE_ROWS = 2 ** 14

test('a last instance is cut where that saves more than it costs', () => {
  const cases: readonly (readonly [number, readonly number[]])[] = [
    [0, []],
    [1, [10]],
    [1024, [10]],
    [1025, [11]],
    [2 ** 14 + 1, [15]],
    [2 ** 15 + 1, [15, 10]],
    [2 ** 15 + 2 ** 14, [16]],
    [2 ** 16 + 1, [16, 10]],
    [2 ** 17, [17]],
    [(3 * 2 ** 17) / 4, [16, 15]],
    [0.8 * 2 ** 18, [17, 16, 14]],
    [286_681, [18, 15]],
    [2 ** 19 - 1, [19]],
    [2 ** 19, [19]],
    [2 ** 19 + 1, [19, 10]],
    [2 ** 21 - 1, [19, 19, 19, 19]],
  ]
  for (const [count, logRows] of cases)
    expect(segmentHeights(count, LIMITS).map(Math.log2), `${count} rows`).toEqual(logRows)
})

test.each([0, 1])('instances with %i carried rows hold the rows, and all but the last are filled', (carriedRows) => {
  const limits = { ...LIMITS, carriedRows }
  for (let count = 1; count < 2 ** 21; count = Math.ceil(count * 1.01)) {
    const heights = segmentHeights(count, limits)
    const held = heights.reduce((sum, height) => sum + height - carriedRows, 0)
    expect(held).toBeGreaterThanOrEqual(count)
    expect(held - heights.at(-1)! + carriedRows).toBeLessThan(count)
    expect(held - count).toBeLessThan(Math.max(2 ** 10, count, 2 * INSTANCE_ROWS))
    if (count > 2 ** 17) expect(held / count).toBeLessThan(1.25)
    if (count > 2 ** 18) expect(held / count).toBeLessThan(1.125)
  }
})

test('no other cut costs less', () => {
  const cost = (heights: readonly number[]): number => heights.reduce((sum, height) => sum + height + INSTANCE_ROWS, 0)
  const cheapest = (count: number, logRows: number): number => {
    if (count <= 0) return 0
    if (logRows === LIMITS.minLogRows) return count <= 2 ** logRows ? 2 ** logRows + INSTANCE_ROWS : Infinity
    const lower = cheapest(count, logRows - 1)
    return Math.min(lower, 2 ** logRows + INSTANCE_ROWS + cheapest(count - 2 ** logRows, logRows - 1))
  }
  for (let count = 1; count <= 2 ** 19; count = Math.ceil(count * 1.03))
    expect(cost(segmentHeights(count, LIMITS)), `${count} rows`).toBe(cheapest(count, LIMITS.maxLogRows))
})
