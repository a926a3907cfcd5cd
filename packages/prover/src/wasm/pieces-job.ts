/**
 * From the coefficients of the quotient on both cosets to those of its two pieces, as a job. On coset c the quotient is
 * Q0 + s Q1 with s = x^n, one constant; the transform took values as if on the subgroup, so coefficient i carries shift^i.
 */
import { type Felt, type Kernels, pow } from '@zisk/field'
import { PANEL_WORDS, reverseBits } from '@zisk/verifier'
import type { Address } from './arena.ts'

const ROW_BYTES = 8 * PANEL_WORDS
/** log2 of the rows at a time: their columns stay in cache. */
export const LOG_PIECE_ROWS = 10
const BLOCK_BYTES = 8 * 2 ** LOG_PIECE_ROWS

/** One of the two cosets. */
export interface PieceCoset {
  /** Inverse of the shift, and the powers of it that a block shares: x^(2^(log - logBlock) reverse(i)) at place i. */
  readonly unshift: Felt
  readonly powers: Address
  /** x^n on the coset. */
  readonly constant: Felt
}

/** Rows begin..end of the panel, which has three columns for each coset and gets three for each piece. */
export interface PiecesJob {
  readonly kind: 'pieces'
  readonly panel: Address
  readonly logRows: number
  readonly cosets: readonly [PieceCoset, PieceCoset]
  /** 1 / (s0 - s1). */
  readonly scale: Felt
  /** {@link PIECES_WORK_BYTES} bytes. */
  readonly work: Address
  /** Multiples of the rows at a time. */
  readonly begin: number
  readonly end: number
}

/** Size of a job's work space. */
export const PIECES_WORK_BYTES: number = 3 * BLOCK_BYTES

/** log2 of the rows at a time in panels of 2^logRows rows. */
export function logPieceBlock(logRows: number): number {
  return Math.min(logRows, LOG_PIECE_ROWS)
}

/** Runs the job. */
export function runPieces(kernels: Kernels, job: PiecesJob): void {
  const { panel, logRows, cosets, scale, work, begin, end } = job
  const [{ constant: s0 }] = cosets
  const logBlock = logPieceBlock(logRows)
  const rows = 2 ** logBlock
  const [r0, r1, powers] = [work, work + BLOCK_BYTES, work + 2 * BLOCK_BYTES]
  for (let row = begin; row < end; row += rows) {
    const exponent = BigInt(reverseBits(row / rows, logRows - logBlock))
    for (let k = 0; k < 3; k++) {
      const places = [panel + ROW_BYTES * row + 8 * k, panel + ROW_BYTES * row + 8 * (3 + k)] as const
      for (const [c, column] of [r0, r1].entries()) {
        const { unshift, powers: shared } = cosets[c]!
        kernels.scaleColumn(shared, powers, pow(unshift, exponent), rows)
        kernels.copyStrided(places[c]!, ROW_BYTES, column, 8, rows)
        kernels.mulColumns(column, powers, column, rows)
      }
      // Q1 = (R0 - R1) / (s0 - s1), Q0 = R0 - s0 Q1
      kernels.subColumns(r0, r1, r1, rows)
      kernels.scaleColumn(r1, r1, scale, rows)
      kernels.copyStrided(r1, 8, places[1], ROW_BYTES, rows)
      kernels.scaleColumn(r1, r1, s0, rows)
      kernels.subColumns(r0, r1, r0, rows)
      kernels.copyStrided(r0, 8, places[0], ROW_BYTES, rows)
    }
  }
}
