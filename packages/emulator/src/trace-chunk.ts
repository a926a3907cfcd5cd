/**
 * Minimal trace: for every chunk of steps the state at its start and the memory words that its instructions read, so
 * that the chunk replays alone, without memory.
 *
 * Words that an instruction touches, in this order:
 * 1. operand a from MEM: the word;
 * 2. operand b from MEM: the word; from IND: the aligned words that contain `[address, address + width)`, 1 or 2;
 * 3. store to IND, unless it is 8 bytes wide and aligned: the *old* values of the aligned words that it changes, 1 or 2.
 *
 * They are recorded, except where a replay knows them. An access to one word that is narrower than it is not recorded
 * when the last such read of the chunk (for a read) or the last such write (for a write) was of the same word and no
 * public output or fcall came between. So a loop
 * over the bytes of a string records each word once.
 *
 * `fcall_get` reads its result as operand b from the free-input word by rule 2.
 */

/** Registers and last result at the first step of a chunk. */
export interface ChunkStart {
  /** May be the pc of a later ROM instruction of an expansion. */
  readonly pc: number
  /** Result `c` of the step before the chunk; 0 at step 0. */
  readonly lastC: bigint
  /** x0..x31. */
  readonly registers: BigUint64Array
}

/** One chunk of a minimal trace. Its arrays may lie in shared memory; nobody changes them once the chunk is made, unless they are lent. */
export interface TraceChunk {
  /** Step number of its first instruction, a multiple of the chunk size. */
  readonly firstStep: number
  /** Instructions in it: the chunk size, or 1..chunk size in the last chunk. */
  readonly steps: number
  readonly start: ChunkStart
  /** The recorded words, in order. */
  readonly reads: BigUint64Array
  /** Whether the run ends with this chunk: by exit, fault or step limit. */
  readonly last: boolean
}

/** Default steps per chunk. */
export const DEFAULT_CHUNK_SIZE: number = 2 ** 18
/** Smallest chunk size. Every chunk size is a power of two. */
export const MIN_CHUNK_SIZE: number = 2 ** 10
/** Largest chunk size: the recorded words of one chunk stay below 2^31 bytes. */
export const MAX_CHUNK_SIZE: number = 2 ** 24
/** Most words that one instruction can record. */
export const MAX_WORDS_PER_STEP = 5

/** Whether a number may be a chunk size. */
export function isChunkSize(size: number): boolean {
  return size >= MIN_CHUNK_SIZE && size <= MAX_CHUNK_SIZE && Number.isInteger(Math.log2(size))
}
