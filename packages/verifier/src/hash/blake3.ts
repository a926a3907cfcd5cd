import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { blake3, blake3Node } from '@zisk/core'
import { type Ext, type Felt, isCanonical } from '@zisk/field'
import { bytesToWords, extWords, wordsToBytes } from './bytes.ts'
import { DIGEST_BYTES, type Digest, type Hasher, type Transcript, type WorkTemplate } from './hasher.ts'

/** What an absorb or squeeze is, as its first byte. */
const TAG = { domain: 0, bytes: 1, digest: 2, felts: 3, exts: 4, squeeze: 5, work: 6 } as const

/**
 * BLAKE3 in its plain hash mode throughout: a row is the hash of its little-endian words, a node the hash of its 64
 * bytes. Shapes are fixed before hashing, so rows and nodes need no tags.
 */
export const blake3Hasher: Hasher = {
  id: 1,
  name: 'blake3',
  isDigest: (digest) => digest.length === DIGEST_BYTES,
  hashRow: (words) => blake3(wordsToBytes(words)),
  hashNode: blake3Node,
  createTranscript: (domain) => new Blake3Transcript(domain),
}

/**
 * A hash chain: each absorb replaces the state by `H(state || tag || length || data)`. A squeeze reads
 * `H(state || tag || counter)`; the counter starts again at the next absorb.
 */
class Blake3Transcript implements Transcript {
  #state: Digest = new Uint8Array(DIGEST_BYTES)
  #squeezed = 0

  constructor(domain: string) {
    this.#absorb(TAG.domain, utf8ToBytes(domain))
  }

  absorbBytes(bytes: Uint8Array): void {
    this.#absorb(TAG.bytes, bytes)
  }

  absorbDigest(digest: Digest): void {
    this.#absorb(TAG.digest, digest)
  }

  absorbFelts(felts: readonly Felt[]): void {
    this.#absorb(TAG.felts, wordsToBytes(felts))
  }

  absorbExts(exts: readonly Ext[]): void {
    this.#absorb(TAG.exts, wordsToBytes(extWords(exts)))
  }

  /** Coordinates by rejection: the first words below p. */
  squeezeExt(): Ext {
    const coordinates: Felt[] = []
    while (coordinates.length < 3)
      for (const word of this.#squeezeWords()) if (coordinates.length < 3 && isCanonical(word)) coordinates.push(word)
    return coordinates as [Felt, Felt, Felt]
  }

  squeezePositions(count: number, bits: number): number[] {
    const positions: number[] = []
    const mask = (1n << BigInt(bits)) - 1n
    while (positions.length < count)
      for (const word of this.#squeezeWords()) if (positions.length < count) positions.push(Number(word & mask))
    return positions
  }

  squeezeDigest(): Digest {
    return this.#squeeze()
  }

  checkWork(nonce: bigint, bits: number): boolean {
    const [word] = bytesToWords(this.#hash(TAG.work, wordsToBytes([nonce])))
    return (word! & ((1n << BigInt(bits)) - 1n)) === 0n
  }

  workTemplate(): WorkTemplate {
    return { kind: 'blake3', prefix: concatBytes(this.#state, Uint8Array.of(TAG.work)) }
  }

  #absorb(tag: number, data: Uint8Array): void {
    this.#state = this.#hash(tag, concatBytes(wordsToBytes([BigInt(data.length)]), data))
    this.#squeezed = 0
  }

  #squeeze(): Digest {
    return this.#hash(TAG.squeeze, wordsToBytes([BigInt(this.#squeezed++)]))
  }

  #squeezeWords(): bigint[] {
    return bytesToWords(this.#squeeze())
  }

  #hash(tag: number, data: Uint8Array): Digest {
    return blake3(this.#state, Uint8Array.of(tag), data)
  }
}
