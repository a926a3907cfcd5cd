/**
 * The compression of BLAKE3 in JavaScript, without the objects that a streaming hash makes for each block: the twin of the
 * WebAssembly one, and what hosts use that do not allow WebAssembly.
 *
 * Source: BLAKE3 paper, section 2.
 */
import { BLOCK_BYTES, type Compressor, DIGEST_BYTES, FLAG, IV, ROUNDS } from './blake3-compressor.ts'

const [IV0, IV1, IV2, IV3] = IV

export const scriptCompressor: Compressor = {
  chunk: (source, from, length, counter, rootFlag) => {
    const value = initial()
    for (let at = 0; at === 0 || at < length; at += BLOCK_BYTES) {
      const bytes = Math.min(BLOCK_BYTES, length - at)
      const start = at === 0 ? FLAG.chunkStart : 0
      const last = at + BLOCK_BYTES >= length ? FLAG.chunkEnd | rootFlag : 0
      const block = bytes === BLOCK_BYTES ? source : padded(source, from + at, bytes)
      const leftAt = block === source ? from + at : 0
      const halves = { left: block, leftAt, right: block, rightAt: leftAt + DIGEST_BYTES }
      compress(value, { ...halves, counter, bytes, flags: start | last })
    }
    return toBytes(value)
  },
  pair: (left, right, flags) => {
    const value = initial()
    compress(value, { left, leftAt: 0, right, rightAt: 0, counter: 0, bytes: BLOCK_BYTES, flags })
    return toBytes(value)
  },
}

/** The last bytes of a chunk with zeros up to the end of the block. */
function padded(source: Uint8Array, from: number, bytes: number): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES)
  block.set(source.subarray(from, from + bytes))
  return block
}

const initial = (): Uint32Array => Uint32Array.from(IV)

/** A block as two halves of 32 bytes, and its place. */
interface Block {
  readonly left: Uint8Array
  readonly leftAt: number
  readonly right: Uint8Array
  readonly rightAt: number
  /** Number of the chunk; 0 for parents. */
  readonly counter: number
  /** Bytes that are not padding. */
  readonly bytes: number
  readonly flags: number
}

/** Replaces a chaining value by that after one more block. */
function compress(value: Uint32Array, { left, leftAt, right, rightAt, counter, bytes, flags }: Block): void {
  let m0 = word(left, leftAt)
  let m1 = word(left, leftAt + 4)
  let m2 = word(left, leftAt + 8)
  let m3 = word(left, leftAt + 12)
  let m4 = word(left, leftAt + 16)
  let m5 = word(left, leftAt + 20)
  let m6 = word(left, leftAt + 24)
  let m7 = word(left, leftAt + 28)
  let m8 = word(right, rightAt)
  let m9 = word(right, rightAt + 4)
  let m10 = word(right, rightAt + 8)
  let m11 = word(right, rightAt + 12)
  let m12 = word(right, rightAt + 16)
  let m13 = word(right, rightAt + 20)
  let m14 = word(right, rightAt + 24)
  let m15 = word(right, rightAt + 28)
  let v0 = value[0]! | 0
  let v1 = value[1]! | 0
  let v2 = value[2]! | 0
  let v3 = value[3]! | 0
  let v4 = value[4]! | 0
  let v5 = value[5]! | 0
  let v6 = value[6]! | 0
  let v7 = value[7]! | 0
  let v8 = IV0 | 0
  let v9 = IV1 | 0
  let v10 = IV2 | 0
  let v11 = IV3 | 0
  let v12 = counter | 0
  let v13 = (counter / 2 ** 32) | 0
  let v14 = bytes
  let v15 = flags
  for (let round = 0; ; round++) {
    // Columns.
    v0 = (v0 + v4 + m0) | 0
    v12 ^= v0
    v12 = (v12 >>> 16) | (v12 << 16)
    v8 = (v8 + v12) | 0
    v4 ^= v8
    v4 = (v4 >>> 12) | (v4 << 20)
    v0 = (v0 + v4 + m1) | 0
    v12 ^= v0
    v12 = (v12 >>> 8) | (v12 << 24)
    v8 = (v8 + v12) | 0
    v4 ^= v8
    v4 = (v4 >>> 7) | (v4 << 25)
    v1 = (v1 + v5 + m2) | 0
    v13 ^= v1
    v13 = (v13 >>> 16) | (v13 << 16)
    v9 = (v9 + v13) | 0
    v5 ^= v9
    v5 = (v5 >>> 12) | (v5 << 20)
    v1 = (v1 + v5 + m3) | 0
    v13 ^= v1
    v13 = (v13 >>> 8) | (v13 << 24)
    v9 = (v9 + v13) | 0
    v5 ^= v9
    v5 = (v5 >>> 7) | (v5 << 25)
    v2 = (v2 + v6 + m4) | 0
    v14 ^= v2
    v14 = (v14 >>> 16) | (v14 << 16)
    v10 = (v10 + v14) | 0
    v6 ^= v10
    v6 = (v6 >>> 12) | (v6 << 20)
    v2 = (v2 + v6 + m5) | 0
    v14 ^= v2
    v14 = (v14 >>> 8) | (v14 << 24)
    v10 = (v10 + v14) | 0
    v6 ^= v10
    v6 = (v6 >>> 7) | (v6 << 25)
    v3 = (v3 + v7 + m6) | 0
    v15 ^= v3
    v15 = (v15 >>> 16) | (v15 << 16)
    v11 = (v11 + v15) | 0
    v7 ^= v11
    v7 = (v7 >>> 12) | (v7 << 20)
    v3 = (v3 + v7 + m7) | 0
    v15 ^= v3
    v15 = (v15 >>> 8) | (v15 << 24)
    v11 = (v11 + v15) | 0
    v7 ^= v11
    v7 = (v7 >>> 7) | (v7 << 25)
    // Diagonals.
    v0 = (v0 + v5 + m8) | 0
    v15 ^= v0
    v15 = (v15 >>> 16) | (v15 << 16)
    v10 = (v10 + v15) | 0
    v5 ^= v10
    v5 = (v5 >>> 12) | (v5 << 20)
    v0 = (v0 + v5 + m9) | 0
    v15 ^= v0
    v15 = (v15 >>> 8) | (v15 << 24)
    v10 = (v10 + v15) | 0
    v5 ^= v10
    v5 = (v5 >>> 7) | (v5 << 25)
    v1 = (v1 + v6 + m10) | 0
    v12 ^= v1
    v12 = (v12 >>> 16) | (v12 << 16)
    v11 = (v11 + v12) | 0
    v6 ^= v11
    v6 = (v6 >>> 12) | (v6 << 20)
    v1 = (v1 + v6 + m11) | 0
    v12 ^= v1
    v12 = (v12 >>> 8) | (v12 << 24)
    v11 = (v11 + v12) | 0
    v6 ^= v11
    v6 = (v6 >>> 7) | (v6 << 25)
    v2 = (v2 + v7 + m12) | 0
    v13 ^= v2
    v13 = (v13 >>> 16) | (v13 << 16)
    v8 = (v8 + v13) | 0
    v7 ^= v8
    v7 = (v7 >>> 12) | (v7 << 20)
    v2 = (v2 + v7 + m13) | 0
    v13 ^= v2
    v13 = (v13 >>> 8) | (v13 << 24)
    v8 = (v8 + v13) | 0
    v7 ^= v8
    v7 = (v7 >>> 7) | (v7 << 25)
    v3 = (v3 + v4 + m14) | 0
    v14 ^= v3
    v14 = (v14 >>> 16) | (v14 << 16)
    v9 = (v9 + v14) | 0
    v4 ^= v9
    v4 = (v4 >>> 12) | (v4 << 20)
    v3 = (v3 + v4 + m15) | 0
    v14 ^= v3
    v14 = (v14 >>> 8) | (v14 << 24)
    v9 = (v9 + v14) | 0
    v4 ^= v9
    v4 = (v4 >>> 7) | (v4 << 25)
    if (round === ROUNDS - 1) break
    // The words of the next round, permuted.
    const first = m0
    m0 = m2
    m2 = m3
    m3 = m10
    m10 = m12
    m12 = m9
    m9 = m11
    m11 = m5
    m5 = first
    const first1 = m1
    m1 = m6
    m6 = m4
    m4 = m7
    m7 = m13
    m13 = m14
    m14 = m15
    m15 = m8
    m8 = first1
  }
  value[0] = v0 ^ v8
  value[1] = v1 ^ v9
  value[2] = v2 ^ v10
  value[3] = v3 ^ v11
  value[4] = v4 ^ v12
  value[5] = v5 ^ v13
  value[6] = v6 ^ v14
  value[7] = v7 ^ v15
}

const word = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)

/** Little-endian on every host. */
function toBytes(value: Uint32Array): Uint8Array {
  const out = new Uint8Array(DIGEST_BYTES)
  for (let i = 0; i < 8; i++) {
    const part = value[i]!
    out[4 * i] = part
    out[4 * i + 1] = part >>> 8
    out[4 * i + 2] = part >>> 16
    out[4 * i + 3] = part >>> 24
  }
  return out
}
