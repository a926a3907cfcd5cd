/**
 * The kernels as functions over whole columns of one shared memory.
 *
 * Every pointer and stride is in bytes; every pointer is a multiple of 16 and every panel, table and scratch region a
 * multiple of 64. Field words are little-endian u64: any representative goes in, canonical words come out, unless a
 * function says otherwise. Nothing is checked: callers own the layout. All functions are synchronous; instances in
 * several workers may run at the same time on disjoint destinations.
 */
import { type WasmMemory, type WasmModule, wasm } from '../wasm/index.ts'
import { decodeBase64 } from './base64.ts'
import { KERNEL_MODULE_BASE64, POSEIDON2_TABLES_BASE64 } from './kernels.gen.ts'
import { SCRATCH, SCRATCH_BYTES } from './scratch.ts'

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
  /** 1 when all words of a column are canonical, else 0; count is even. */
  readonly isCanonical: (column: Offset, count: number) => number

  /** dst[i] = 1 / src[i]; count is even, dst may be src. Returns 1 when a word is zero mod p (dst undefined), else 0. */
  readonly inverseColumn: (src: Offset, dst: Offset, count: number) => number
  /** dst[i] = initial + src[0] + .. + src[i] for i < count; returns the last sum, as a signed 64-bit word. */
  readonly prefixSums: (src: Offset, dst: Offset, initial: bigint, count: number) => bigint
  /** column[i] = column[0] .. column[i] for i < count: running products of a planar extension column, in place. */
  readonly extPrefixProducts: (column: Offset, plane: number, count: number) => void
  /** Copies `count` words, from srcStride bytes apart to dstStride bytes apart. */
  readonly copyStrided: (src: Offset, srcStride: number, dst: Offset, dstStride: number, count: number) => void

  /**
   * Rows begin..end (even numbers) of a panel from `width` <= 8 columns, u32 offsets in memory at `columns`; the panel's
   * other columns become zero.
   */
  readonly columnsToPanel: (columns: Offset, width: number, panel: Offset, begin: number, end: number) => void
  /** The same in the other direction. */
  readonly panelToColumns: (columns: Offset, width: number, panel: Offset, begin: number, end: number) => void
  /** Zeros behind the first `width` bytes of rows begin..end of a panel; width is a multiple of 16 below 64. */
  readonly clearPanel: (panel: Offset, width: number, begin: number, end: number) => void
  /**
   * Rows here and there: for each of `count` pairs (row, place) of u32 numbers at `pairs`, `words` words from src + row
   * srcStride to dst + place dstStride.
   */
  readonly copyRows: (
    pairs: Offset,
    count: number,
    src: Offset,
    srcStride: number,
    words: number,
    dst: Offset,
    dstStride: number,
  ) => void

  /**
   * Extension columns are planar: coordinate k of element i is the word at column + k plane + 8 i. Count is even, and
   * the destination may be an operand. dst[i] = a[i] * b[i].
   */
  readonly extMulColumns: (a: Offset, b: Offset, dst: Offset, plane: number, count: number) => void
  /** dst[i] = a[i] * factor, the extension element in three words at `factor`. */
  readonly extScaleColumn: (a: Offset, dst: Offset, plane: number, factor: Offset, count: number) => void
  /** dst[i] += column[i] * factor: base words times one extension element, added to a planar column. */
  readonly extAccumulate: (column: Offset, dst: Offset, plane: number, factor: Offset, count: number) => void
  /** dst[i] = 1 / a[i], with a work column of `count` words. Returns 1 when an element is zero (dst undefined), else 0. */
  readonly extInverseColumn: (a: Offset, dst: Offset, plane: number, work: Offset, count: number) => number

  /**
   * DEEP: for rows in begin..end (an even number), dst[row] = sum over the cells of the row in all vectors of cell times
   * the weight of its column. `vectors`, an even number, are u32 offsets of pairs of columns in row 0 of a panel;
   * `weights` were written by `writeColumnWeights`; dst is planar.
   */
  readonly combineColumns: (
    vectors: Offset,
    vectorCount: number,
    weights: Offset,
    dst: Offset,
    plane: number,
    begin: number,
    end: number,
  ) => void
  /**
   * Openings: adds to each of the eight extension elements at dst (coordinate k of column c at dst + 64 k + 8 c) the
   * sum over `count` rows of cell times the row's weight, a planar column; columns 2 i and 2 i + 1 when bit i of `pairs`
   * is set.
   */
  readonly evaluatePanel: (
    panel: Offset,
    weights: Offset,
    plane: number,
    dst: Offset,
    pairs: number,
    count: number,
  ) => void

  /**
   * Runs the operations tape..end of a column program on rows row..row + count (at most `BLOCK_ROWS`, an even number); see
   * `column-ops.ts`. `scalars` is its table of scalars, `work` its work area, `columns` and `outputs` are u32 offsets of
   * rows 0, `accumulate` (0 or 1) adds to what the outputs hold, `mask` is the number of rows of every column minus one.
   */
  readonly runColumns: (
    tape: Offset,
    end: Offset,
    scalars: Offset,
    work: Offset,
    columns: Offset,
    outputs: Offset,
    accumulate: number,
    mask: number,
    row: number,
    count: number,
  ) => void

  /**
   * FRI fold by 2: dst[i] = (low[i] + high[i]) / 2 + beta halfInverses[i] (low[i] - high[i]), where low and high hold a
   * polynomial's values at x and -x, halfInverses[i] = 1/(2x), and beta is three words. All planar with one plane size;
   * count is even, dst may be low.
   */
  readonly friFold: (
    low: Offset,
    high: Offset,
    dst: Offset,
    halfInverses: Offset,
    plane: number,
    beta: Offset,
    count: number,
  ) => void
  /** Row j of begin..end: the elements at src + 8 j + k spacing for k < arity, three words each, to dst + j rowStride. */
  readonly friRows: (
    src: Offset,
    plane: number,
    spacing: number,
    arity: number,
    dst: Offset,
    rowStride: number,
    begin: number,
    end: number,
  ) => void

  /**
   * Transforms take the first `width` bytes of each row of 64, a multiple of 16 between 16 and 64, and leave the others
   * alone. First sweep of an inverse transform of 2^13 rows or more, for rows begin..end of each of the 256
   * blocks.
   */
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
    width: number,
  ) => void
  /** Last sweep of a forward transform of 2^13 rows or more, in place, for rows begin..end of each block. */
  readonly nttForwardStrided: (
    panel: Offset,
    logN: number,
    tables: Offset,
    begin: number,
    end: number,
    width: number,
  ) => void

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

  /**
   * The smallest i < count for which the BLAKE3 digest of `length` <= 64 bytes has zeros in the bits of `mask` of its first
   * word, or count. The bytes are those of the 64 at `message`, zero behind their length, with i times `step` added to
   * word 8, modulo 2^32; count is a multiple of 4.
   */
  readonly blake3Work: (message: Offset, length: number, step: number, mask: number, count: number) => number

  /** Permutes `count` states of 8, 12 or 16 words each, in place. */
  readonly poseidon2Permute8: (states: Offset, count: number) => void
  readonly poseidon2Permute12: (states: Offset, count: number) => void
  readonly poseidon2Permute16: (states: Offset, count: number) => void
  /**
   * out[i] (4 words) = node over 2, 3 or 4 children for i in begin..end; child k is the 4 words at
   * children + i stride + k spacing.
   */
  readonly poseidon2Nodes2: Poseidon2Nodes
  readonly poseidon2Nodes3: Poseidon2Nodes
  readonly poseidon2Nodes4: Poseidon2Nodes
  /**
   * out[i] (4 words) = sponge of width 16 over the first `cells` >= 1 words of row i: word c is at
   * panels[c >> 3] + i rowStride + 8 (c & 7), `panels` being u32 offsets in memory.
   */
  readonly poseidon2Leaves: (
    panels: Offset,
    cells: number,
    rowStride: number,
    out: Offset,
    begin: number,
    end: number,
  ) => void
}

type Poseidon2Nodes = (
  children: Offset,
  spacing: number,
  stride: number,
  out: Offset,
  begin: number,
  end: number,
) => void

type NttSweep = (
  src: Offset,
  dst: Offset,
  logN: number,
  tables: Offset,
  begin: number,
  end: number,
  width: number,
) => void

/** Compiles the kernel module; do it once per process and send the module to the workers. */
export function compileKernels(): WasmModule {
  return new wasm.Module(decodeBase64(KERNEL_MODULE_BASE64))
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
  new Uint8Array(memory.buffer, scratch + SCRATCH.poseidon2).set(decodeBase64(POSEIDON2_TABLES_BASE64))
  const env = { memory, scratch: new wasm.Global({ value: 'i32', mutable: false }, scratch | 0) }
  return new wasm.Instance(module, { env }).exports as unknown as Kernels
}
