import { MIN_LOG_ROWS, segmentHeights } from '@zisk/witness'

/** A segment of an AIR: the rows `[from, from + count)` of its region behind the carried one. */
export interface CarriedSegment {
  readonly rows: number
  readonly from: number
  readonly count: number
}

/**
 * Cuts the rows of a region into segments. The first row of a segment carries the state of the one before, so each holds
 * one row less than it has.
 */
export function carriedSegments(total: number, maxLogRows: number): readonly CarriedSegment[] {
  let from = 0
  return segmentHeights(total, { minLogRows: MIN_LOG_ROWS, maxLogRows, carriedRows: 1 }).map((rows) => {
    const segment = { rows, from, count: Math.min(rows - 1, total - from) }
    from += segment.count
    return segment
  })
}
