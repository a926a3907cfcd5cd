/** What BLAKE3 is made from: chaining values of chunks and of pairs of them. */

export const BLOCK_BYTES = 64
export const CHUNK_BYTES = 1024
export const DIGEST_BYTES = 32
export const ROUNDS = 7
export const IV = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const
export const FLAG = { chunkStart: 1, chunkEnd: 2, parent: 4, root: 8 } as const

/** One way to compute chaining values, 32 bytes each, in new memory. */
export interface Compressor {
  /** Of the `length` <= 1024 bytes at `from`, chunk number `counter` of the message; `rootFlag` marks an only chunk. */
  readonly chunk: (source: Uint8Array, from: number, length: number, counter: number, rootFlag: number) => Uint8Array
  /** Of the block that two values of 32 bytes make. */
  readonly pair: (left: Uint8Array, right: Uint8Array, flags: number) => Uint8Array
}
