import type { AirShape } from '@zisk/verifier'

/** Cells that instances commit: those of stage 1, and three for each column of stage 2. */
export function committedCells(instances: readonly { readonly shape: AirShape; readonly logRows: number }[]): number {
  return instances.reduce(
    (sum, { shape, logRows }) => sum + (shape.stage1.length + 3 * shape.stage2.length) * 2 ** logRows,
    0,
  )
}
