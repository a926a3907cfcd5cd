import { expect, test } from 'vitest'
import { segmentHeights } from './segment-heights.ts'

const LIMITS = { minLogRows: 10, maxLogRows: 19 }

test('instances hold the rows, with less than half of padding in high ones', () => {
  const cases: readonly (readonly [number, readonly number[]])[] = [
    [0, []],
    [1, [10]],
    [1024, [10]],
    [1025, [11]],
    [2 ** 16 + 1, [16, 10]],
    [2 ** 17, [17]],
    [(3 * 2 ** 17) / 4, [16, 15]],
    [(3 * 2 ** 17) / 4 + 1, [17]],
    [286_681, [18, 15]],
    [2 ** 19, [19]],
    [2 ** 19 + 1, [19, 10]],
    [2 ** 21 - 1, [19, 19, 19, 19]],
  ]
  for (const [count, logRows] of cases) {
    expect(segmentHeights(count, LIMITS).map(Math.log2), `${count} rows`).toEqual(logRows)
  }
  for (let count = 1; count < 2 ** 21; count = Math.ceil(count * 1.01)) {
    const heights = segmentHeights(count, LIMITS)
    const rows = heights.reduce((sum, height) => sum + height, 0)
    expect(rows).toBeGreaterThanOrEqual(count)
    // All but the last are full.
    expect(rows - heights.at(-1)!).toBeLessThan(count)
    if (count > 2 ** 17) expect(rows / count).toBeLessThan(4 / 3)
  }
})
