/**
 * Heights of the instances that hold `count` rows: full ones, then the smallest power of two that holds the rest.
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
  if (left > 0) heights.push(2 ** Math.max(limits.minLogRows, Math.ceil(Math.log2(left))))
  return heights
}

/** log2 of the smallest height of a machine. */
export const MIN_LOG_ROWS = 10
