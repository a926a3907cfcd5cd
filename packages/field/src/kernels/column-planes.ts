/** What column programs work on: planes of a block of rows, and accumulators of two planes for each coordinate. */
import { type Expression, type FunctionBuilder, i32, type Local } from '../wasm/index.ts'

/** Rows of a block. */
export const BLOCK_ROWS: number = 128
/** Bytes of a plane. */
export const PLANE: number = 8 * BLOCK_ROWS
/** Bytes of an accumulator of one coordinate. */
export const ACCUMULATOR: number = 2 * PLANE

/** Runs the body for the offsets of the pairs of rows of a block. */
export function forPairs(f: FunctionBuilder, size: Expression, body: (offset: Local) => void): void {
  const offset = f.local('i32')
  f.for(offset, i32.const(0), size, 16, () => body(offset))
}
