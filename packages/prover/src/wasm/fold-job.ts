/** Folding a codeword by two as a job. */
import { type Felt, type Kernels, mul, pow } from '@zisk/field'
import type { Address } from './arena.ts'

/** Rows at a time. */
const BLOCK_ROWS = 1024

/** Folds rows begin..end of one coset; see `friFold` of the kernels. All places are in one memory. */
export interface FoldJob {
  readonly kind: 'fold'
  /** Row 0 of the values at x and at -x, and of the result: planar columns. */
  readonly low: Address
  readonly high: Address
  readonly dst: Address
  readonly plane: number
  /** 1/(2x) at row 0, and its ratio from row to row. */
  readonly inverse: Felt
  readonly root: Felt
  /** The challenge, in three words of memory. */
  readonly beta: Address
  /** {@link FOLD_WORK_BYTES} bytes. */
  readonly work: Address
  readonly begin: number
  readonly end: number
}

/** Size of a job's work space. */
export const FOLD_WORK_BYTES: number = 8 * BLOCK_ROWS

/** Runs the job. */
export function runFold(kernels: Kernels, job: FoldJob): void {
  const { low, high, dst, plane, inverse, root, beta, work, begin, end } = job
  for (let row = begin; row < end; row += BLOCK_ROWS) {
    const [count, at] = [Math.min(BLOCK_ROWS, end - row), 8 * row]
    kernels.fillPowers(work, count, mul(inverse, pow(root, BigInt(row))), root)
    kernels.friFold(low + at, high + at, dst + at, work, plane, beta, count)
  }
}
