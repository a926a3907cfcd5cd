import { MIN_LOG_ROWS, segmentHeights } from '../segment-heights.ts'
import type { Plan } from './plan.ts'

/**
 * Plans of an AIR whose rows are its inputs in the order of the run.
 *
 * @param counts inputs by chunk
 */
export function planSlices(air: string, counts: readonly number[], maxLogRows: number): readonly Plan[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const heights = segmentHeights(total, { minLogRows: MIN_LOG_ROWS, maxLogRows })
  let from = 0
  let chunk = 0
  // Inputs before the chunk.
  let before = 0
  return heights.map((rows, segment) => {
    const count = Math.min(rows, total - from)
    while (before + counts[chunk]! <= from) before += counts[chunk++]!
    const checkPoint = { chunk, skip: from - before }
    let end = chunk
    for (let behind = before; behind < from + count; ) behind += counts[end++]!
    const plan = { air, segment, rows, from, count, isLast: segment === heights.length - 1, checkPoint, endChunk: end }
    from += count
    return plan
  })
}
