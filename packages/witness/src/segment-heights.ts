/** log2 of the smallest height of a machine. */
export const MIN_LOG_ROWS = 10

/** From this height on an instance that would be filled to three quarters or less is split in two. */
const MIN_SPLIT_LOG_ROWS = 17

/**
 * Heights of the instances that hold `count` rows: full ones, then the smallest power of two that holds the rest. A high
 * last instance with much padding is replaced by two: half of it, and the smallest power of two for what then remains.
 *
 * @param limits log2 of the smallest and the largest height
 */
export function segmentHeights(
  count: number,
  limits: { readonly minLogRows: number; readonly maxLogRows: number },
): number[] {
  const full = 2 ** limits.maxLogRows
  const heights: number[] = []
  let left = count
  for (; left > full; left -= full) heights.push(full)
  if (left <= 0) return heights
  const height = instanceHeight(left, limits.minLogRows)
  const isSplit = height >= 2 ** MIN_SPLIT_LOG_ROWS && 4 * left <= 3 * height
  return isSplit ? [...heights, height / 2, instanceHeight(left - height / 2, limits.minLogRows)] : [...heights, height]
}

/** The smallest height of at least 2^minLogRows that holds `count` rows. */
export function instanceHeight(count: number, minLogRows: number = MIN_LOG_ROWS): number {
  return 2 ** Math.max(minLogRows, Math.ceil(Math.log2(count)))
}
