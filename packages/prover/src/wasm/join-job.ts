/**
 * Adds the pieces of a quotient of 2^n rows to those of a greater one of 2^N rows, as a job. As one polynomial the lower
 * pieces have 2^(n+1) coefficients at the most, so that they all go to the first piece. Coefficients are in bit-reversed
 * order: that of row r of the first piece goes to row r 2^(N-n), that of the second half as many rows further.
 */
import type { Kernels } from '@zisk/field'
import { PANEL_WORDS, QUOTIENT_PIECES } from '@zisk/verifier'
import type { Address } from './arena.ts'
import { LOG_PIECE_ROWS } from './pieces-job.ts'

const ROW_BYTES = 8 * PANEL_WORDS
const BLOCK_ROWS = 2 ** LOG_PIECE_ROWS
const BLOCK_BYTES = 8 * BLOCK_ROWS

/** Rows begin..end of the lower panel, added to the other, both with three columns for each piece. */
export interface JoinJob {
  readonly kind: 'join'
  readonly lower: Address
  readonly panel: Address
  /** N - n, one at least. */
  readonly logRatio: number
  /** {@link JOIN_WORK_BYTES} bytes; all three are in one memory. */
  readonly work: Address
  readonly begin: number
  readonly end: number
}

/** Size of a job's work space. */
export const JOIN_WORK_BYTES: number = 2 * BLOCK_BYTES

/** Runs the job. */
export function runJoin(kernels: Kernels, { lower, panel, logRatio, work, begin, end }: JoinJob): void {
  const [added, sum] = [work, work + BLOCK_BYTES]
  const stride = ROW_BYTES * 2 ** logRatio
  for (let row = begin; row < end; row += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, end - row)
    for (let piece = 0; piece < QUOTIENT_PIECES; piece++)
      for (let k = 0; k < 3; k++) {
        const to = panel + stride * row + (stride / QUOTIENT_PIECES) * piece + 8 * k
        kernels.copyStrided(lower + ROW_BYTES * row + 8 * (3 * piece + k), ROW_BYTES, added, 8, count)
        kernels.copyStrided(to, stride, sum, 8, count)
        kernels.addColumns(added, sum, sum, count)
        kernels.copyStrided(sum, 8, to, stride, count)
      }
  }
}
