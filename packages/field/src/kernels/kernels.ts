/**
 * The kernels as functions over whole columns of one shared memory.
 *
 * Every pointer and stride is in bytes; every pointer is a multiple of 16 and every panel, table and scratch region a
 * multiple of 64. Field words are little-endian u64: any representative goes in, canonical words come out, unless a
 * function says otherwise. Nothing is checked: callers own the layout. All functions are synchronous; instances in
 * several workers may run at the same time on disjoint destinations.
 */
import { type WasmMemory, type WasmModule, wasm } from '../wasm/index.ts'
import { kernelModuleBytes } from './module.ts'
import { SCRATCH_BYTES } from './scratch.ts'

/** Byte offset or length in a memory: an integer in 0..2^32. */
export type Offset = number

export interface Kernels {
  /** dst[i] = base * ratio^i for i < count. */
  readonly fillPowers: (dst: Offset, count: number, base: bigint, ratio: bigint) => void
  /** dst[i] = a[i] + b[i]; count is even, dst may be a or b. So for the next two. */
  readonly addColumns: (a: Offset, b: Offset, dst: Offset, count: number) => void
  readonly subColumns: (a: Offset, b: Offset, dst: Offset, count: number) => void
  readonly mulColumns: (a: Offset, b: Offset, dst: Offset, count: number) => void
  /** dst[i] = a[i] * factor; count is even, dst may be a. */
  readonly scaleColumn: (a: Offset, dst: Offset, factor: bigint, count: number) => void
  /** Makes the words of a column canonical; count is even. */
  readonly canonicalise: (column: Offset, count: number) => void

  /** First sweep of an inverse transform of 2^13 rows or more, for rows begin..end of each of the 512 blocks. */
  readonly nttInverseStrided: NttSweep
  /** Transforms of blocks begin..end of 2^logBlock rows; the last sweep of an inverse transform. */
  readonly nttInverseBlocks: NttSweep
  /** Transforms of blocks; the first sweep of a forward transform. `final` (0 or 1) makes the output canonical. */
  readonly nttForwardBlocks: (
    src: Offset,
    dst: Offset,
    logBlock: number,
    tables: Offset,
    begin: number,
    end: number,
    final: number,
  ) => void
  /** Last sweep of a forward transform of 2^13 rows or more, in place, for rows begin..end of each block. */
  readonly nttForwardStrided: (panel: Offset, logN: number, tables: Offset, begin: number, end: number) => void

  /**
   * One BLAKE3 chunk (at most 16 blocks) of each row in begin..end: block b of row i is the 64 bytes at
   * blocks[b] + i rowStride, `blocks` being u32 offsets in memory. The 32 bytes at out + 32 i become the chaining value,
   * which is the digest when lastFlags has `root`. `lastLength` is the number of bytes of the last block, whose rest
   * must be zero. With `resume` (0 or 1) the chunk goes on from the chaining values in out.
   */
  readonly blake3Chunks: (
    blocks: Offset,
    blockCount: number,
    rowStride: number,
    out: Offset,
    resume: number,
    firstFlags: number,
    lastFlags: number,
    lastLength: number,
    counter: number,
    begin: number,
    end: number,
  ) => void
  /**
   * For i in begin..end, out[i] = compression of the 32 bytes at left + i stride and those at right + i stride. Flags
   * are those of `BLAKE3_FLAG`; `BLAKE3_NODE` gives the BLAKE3 digest of the 64 bytes. out may be left.
   */
  readonly blake3Pairs: (
    left: Offset,
    right: Offset,
    stride: number,
    out: Offset,
    flags: number,
    begin: number,
    end: number,
  ) => void
}

type NttSweep = (src: Offset, dst: Offset, logN: number, tables: Offset, begin: number, end: number) => void

/** Generates and compiles the kernel module; do it once per process and send the module to the workers. */
export function compileKernels(): WasmModule {
  return new wasm.Module(kernelModuleBytes())
}

/**
 * Kernels over one memory for one worker.
 * @param scratch byte offset of {@link SCRATCH_BYTES} bytes that only this instance touches, a multiple of 64.
 * @throws {RangeError} when the scratch region is misaligned or outside the memory.
 */
export function createKernels(module: WasmModule, memory: WasmMemory, scratch: Offset): Kernels {
  if (scratch % 64 !== 0 || scratch < 0 || scratch + SCRATCH_BYTES > memory.buffer.byteLength) {
    throw new RangeError(`expected a scratch region of ${SCRATCH_BYTES} bytes inside the memory, got offset ${scratch}`)
  }
  const env = { memory, scratch: new wasm.Global({ value: 'i32', mutable: false }, scratch | 0) }
  return new wasm.Instance(module, { env }).exports as unknown as Kernels
}
