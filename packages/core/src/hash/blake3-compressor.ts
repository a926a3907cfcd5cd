/** What BLAKE3 is made from: chaining values of chunks and of pairs of them. */

export const BLOCK_BYTES = 64
export const CHUNK_BYTES = 1024
export const DIGEST_BYTES = 32
export const FLAG = { chunkStart: 1, chunkEnd: 2, parent: 4, root: 8 } as const

/** One way to compute chaining values, 32 bytes each, in new memory. */
export interface Compressor {
  /** Of the `length` <= 1024 bytes at `from`, chunk number `counter` of the message; `rootFlag` marks an only chunk. */
  readonly chunk: (source: Uint8Array, from: number, length: number, counter: number, rootFlag: number) => Uint8Array
  /** Of the block that two values of 32 bytes make. */
  readonly pair: (left: Uint8Array, right: Uint8Array, flags: number) => Uint8Array
}
