/** BLAKE3 digests of rows of any length: chunks of 1024 bytes, then the tree of parents, over many rows at a time. */
import { BLAKE3_FLAG } from './blake3.ts'
import type { Kernels, Offset } from './kernels.ts'

const CHUNK_BLOCKS = 16
const DIGEST = 32
/** Rows hashed at a time when a row has several chunks, so that their chaining values stay in cache. */
const BATCH = 256

export interface RowDigests {
  /** u32 offsets in memory: block b of row i is the 64 bytes at blocks[b] + i rowStride. */
  readonly blocks: Offset
  /** Number of bytes of a row, at least 1; the rest of its last block must be zero. */
  readonly rowBytes: number
  /** Bytes from one row to the next: 64 for rows of panels. */
  readonly rowStride: number
  /** Row i's digest goes to out + 32 i. */
  readonly out: Offset
  /** {@link blake3WorkspaceBytes} bytes that nothing else uses during the call. */
  readonly workspace: Offset
  readonly begin: number
  readonly end: number
}

/** Size of the workspace for rows of so many bytes. */
export function blake3WorkspaceBytes(rowBytes: number): number {
  const chunks = Math.ceil(rowBytes / (64 * CHUNK_BLOCKS))
  return chunks === 1 ? 0 : chunks * BATCH * DIGEST
}

/** Hashes rows begin..end: each digest is the BLAKE3 hash of the row's bytes. */
export function blake3Rows(kernels: Kernels, rows: RowDigests): void {
  const blockCount = Math.ceil(rows.rowBytes / 64)
  const chunkCount = Math.ceil(blockCount / CHUNK_BLOCKS)
  const lastLength = rows.rowBytes - 64 * (blockCount - 1)
  const { chunkStart, chunkEnd, root, parent } = BLAKE3_FLAG
  const hashChunk = (chunk: number, out: Offset, flags: number, begin: number, end: number): void => {
    const first = chunk * CHUNK_BLOCKS
    kernels.blake3Chunks(
      rows.blocks + 4 * first,
      Math.min(CHUNK_BLOCKS, blockCount - first),
      rows.rowStride,
      out,
      0,
      chunkStart,
      chunkEnd | flags,
      chunk === chunkCount - 1 ? lastLength : 64,
      chunk,
      begin,
      end,
    )
  }
  if (chunkCount === 1) {
    hashChunk(0, rows.out, root, rows.begin, rows.end)
    return
  }
  for (let begin = rows.begin; begin < rows.end; begin += BATCH) {
    const end = Math.min(begin + BATCH, rows.end)
    /** Where row 0 of a chunk's chaining values would be: kernels add 32 times the row number. */
    const valuesOf = (chunk: number): Offset => rows.workspace + (chunk * BATCH - begin) * DIGEST
    for (let chunk = 0; chunk < chunkCount; chunk++) hashChunk(chunk, valuesOf(chunk), 0, begin, end)
    /** Merges chunks lo..hi into the place of lo: the left subtree is the largest power of two below their number. */
    const merge = (lo: number, hi: number): void => {
      if (hi - lo === 1) return
      const middle = lo + 2 ** (Math.ceil(Math.log2(hi - lo)) - 1)
      merge(lo, middle)
      merge(middle, hi)
      const isRoot = hi - lo === chunkCount
      const out = isRoot ? rows.out : valuesOf(lo)
      kernels.blake3Pairs(valuesOf(lo), valuesOf(middle), DIGEST, out, isRoot ? parent | root : parent, begin, end)
    }
    merge(0, chunkCount)
  }
}
