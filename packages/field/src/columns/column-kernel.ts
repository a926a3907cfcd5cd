/** Running compiled column programs over a shared memory. */
import type { Offset } from '../kernels/kernels.ts'
import { type WasmMemory, type WasmModule, wasm } from '../wasm/index.ts'
import { SCALAR_BYTES } from './compile-columns.ts'

/** A compiled program over one memory. */
export interface ColumnKernel {
  /**
   * Computes rows begin..end (even numbers) of all outputs.
   * @param columns u32 offsets in memory of row 0 of each base column.
   * @param scalars prepared scalars, see {@link writeScalars}.
   * @param outputs u32 offsets of each output coordinate, 8 bytes per row; canonical words are written.
   * @param work `workBytes` bytes that only this call touches, a multiple of 16.
   * @param mask number of rows of every column minus one; the number is a power of two, at least 2.
   */
  readonly run: (
    columns: Offset,
    scalars: Offset,
    outputs: Offset,
    work: Offset,
    mask: number,
    begin: number,
    end: number,
  ) => void
}

/** An instance of a compiled program over one memory. */
export function createColumnKernel(module: WasmModule, memory: WasmMemory): ColumnKernel {
  return new wasm.Instance(module, { env: { memory } }).exports as unknown as ColumnKernel
}

/** Size of a table of so many scalars, counted in base coordinates. */
export function scalarsBytes(count: number): number {
  return count * SCALAR_BYTES
}

/** Writes base scalars (canonical words; an extension scalar is three in a row) in the form that programs read. */
export function writeScalars(memory: ArrayBufferLike, dst: Offset, scalars: readonly bigint[]): void {
  const words = new BigUint64Array(memory, dst, scalarsBytes(scalars.length) / 8)
  for (const [i, scalar] of scalars.entries()) {
    const low = scalar & 0xffff_ffffn
    const high = scalar >> 32n
    const [lows, highs] = [low | (low << 32n), high | (high << 32n)]
    words.set([lows, highs, highs, lows, low, low, high, high], (i * SCALAR_BYTES) / 8)
  }
}
