/** Weights of columns in the form that `combineColumns` multiplies by: halves of two columns side by side. */
import type { Ext } from '../goldilocks.ts'
import type { Offset } from './kernels.ts'
import { WEIGHT_PAIR_BYTES } from './weighted-sums.ts'

const COLUMNS_PER_PANEL = 8

/** Size of the prepared weights of so many panels. */
export function columnWeightsBytes(panelCount: number): number {
  return (panelCount * COLUMNS_PER_PANEL * WEIGHT_PAIR_BYTES) / 2
}

/** Writes weight j for column j, columns counted through all panels; columns without a weight get zero. */
export function writeColumnWeights(
  memory: ArrayBufferLike,
  dst: Offset,
  panelCount: number,
  weights: readonly Ext[],
): void {
  const halves = new Uint32Array(memory, dst, columnWeightsBytes(panelCount) / 4).fill(0)
  for (const [column, weight] of weights.entries()) {
    const lane = column & 1
    for (const [k, coordinate] of weight.entries()) {
      const at = ((column >> 1) * WEIGHT_PAIR_BYTES) / 4 + 8 * k
      const low = Number(coordinate & 0xffff_ffffn)
      const high = Number(coordinate >> 32n)
      halves[at + lane] = low
      halves[at + 2 + lane] = high
      halves[at + 4 + lane] = high
      halves[at + 6 + lane] = low
    }
  }
}
