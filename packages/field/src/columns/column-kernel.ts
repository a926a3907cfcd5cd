/** Running column programs over a shared memory. */
import { BLOCK_ROWS } from '../kernels/column-planes.ts'
import type { Kernels, Offset } from '../kernels/kernels.ts'
import type { WasmMemory } from '../wasm/index.ts'
import { ACCUMULATOR_BYTES, type ColumnTape } from './column-tape.ts'
import { writeScalars } from './scalar-table.ts'

/** Size of a tape in memory, with its scalars. */
export function tapeBytes({ words, scalars }: ColumnTape): number {
  return tapeEnd(words) + scalars.bytes
}

/** A vector for the number of words, the words. */
function tapeEnd(words: Int32Array): number {
  return 16 + Math.ceil(words.length / 4) * 16
}

/** Writes a tape with scalars: canonical words by place, an extension scalar being three in a row. */
export function writeTape(
  memory: ArrayBufferLike,
  dst: Offset,
  { words, scalars }: ColumnTape,
  values: readonly bigint[],
): void {
  const end = tapeEnd(words)
  const header = new Int32Array(memory, dst, end / 4)
  header[0] = words.length
  header.set(words, 4)
  writeScalars(memory, dst + end, scalars, values)
}

/** Where a tape lies, and what it works on. */
export interface ColumnRun {
  /** As {@link writeTape} wrote it. */
  readonly tape: Offset
  /** u32 offsets in memory of row 0 of each base column. */
  readonly columns: Offset
  /** u32 offsets of each output coordinate, 8 bytes per row; canonical words are written. */
  readonly outputs: Offset
  /** Whether they are added to what is there. */
  readonly accumulate: boolean
  /** `workBytes` bytes that only this call touches, a multiple of 16. */
  readonly work: Offset
  /** Number of rows of every column minus one; the number is a power of two, at least 2. */
  readonly mask: number
  /** Even numbers. */
  readonly begin: number
  readonly end: number
}

/** Computes rows begin..end of all outputs of a program. */
export function runColumns(kernels: Kernels, memory: WasmMemory, run: ColumnRun): void {
  const { tape, columns, outputs, work, mask, begin, end } = run
  const accumulate = run.accumulate ? 1 : 0
  const first = tape + 16
  const last = first + 4 * new Int32Array(memory.buffer, tape, 1)[0]!
  const scalars = Math.ceil(last / 16) * 16
  kernels.fillPowers(work, ACCUMULATOR_BYTES / 8, 0n, 1n)
  for (let row = begin; row < end; row += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, end - row)
    kernels.runColumns(first, last, scalars, work, columns, outputs, accumulate, mask, row, count)
  }
}
