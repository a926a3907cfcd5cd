/** log2 of the smallest height of a machine. */
export const MIN_LOG_ROWS = 10

/**
 * What one instance more costs, in rows: queries open a row of each instance, so that at rate 1/2 an instance adds to the
 * proof what 2^14 rows of it add to the prover's time: about 4 % of a proof of 2^18 steps.
 */
export const INSTANCE_ROWS: number = 2 ** 14

/** What bounds the instances of an AIR. */
interface SegmentLimits {
  /** log2 of the smallest and the largest height. */
  readonly minLogRows: number
  readonly maxLogRows: number
  /** Rows of every instance that repeat the state of the one before; 0 when absent. */
  readonly carriedRows?: number
}

/**
 * Heights of the instances that hold `count` rows: full ones, then the smallest power of two that holds the rest, or
 * several descending ones where they save more padding than they cost. All but the last are filled.
 */
export function segmentHeights(count: number, limits: SegmentLimits): number[] {
  const { maxLogRows, carriedRows = 0 } = limits
  const full = 2 ** maxLogRows
  const heights: number[] = []
  let left = count
  for (; left > full - carriedRows; left -= full - carriedRows) heights.push(full)
  return left > 0 ? [...heights, ...lastHeights(left, limits)] : heights
}

/** Heights of the cheapest instances for what no full one is needed for. */
function lastHeights(count: number, limits: SegmentLimits): number[] {
  const { minLogRows, carriedRows = 0 } = limits
  const one = instanceHeight(count + carriedRows, minLogRows)
  const rest = count - (one / 2 - carriedRows)
  if (one / 2 <= INSTANCE_ROWS || one === 2 ** minLogRows) return [one]
  const several = [one / 2, ...lastHeights(rest, limits)]
  return costOf(several) < costOf([one]) ? several : [one]
}

function costOf(heights: readonly number[]): number {
  return heights.reduce((sum, height) => sum + height + INSTANCE_ROWS, 0)
}

/** The smallest height of at least 2^minLogRows that holds `count` rows. */
function instanceHeight(count: number, minLogRows: number): number {
  return 2 ** Math.max(minLogRows, Math.ceil(Math.log2(count)))
}
