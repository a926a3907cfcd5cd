import { utf8ToBytes } from '@noble/hashes/utils.js'
import { type Ext, type Felt, isCanonical, poseidon2Hash, poseidon2Node } from '@zisk/field'
import { bytesToWords, extWords, wordsToBytes } from './bytes.ts'
import { DIGEST_BYTES, type Digest, type Hasher, type Transcript, type WorkTemplate } from './hasher.ts'

/** What an absorb or squeeze is, as its first element. */
const TAG = { domain: 0n, bytes: 1n, digest: 2n, felts: 3n, exts: 4n, squeeze: 5n, work: 6n } as const
const STATE_CELLS = 16
const U32 = 0xffff_ffffn

/**
 * Poseidon2 over Goldilocks with pil2's parameters, for proofs that will be verified by circuits: rows by the sponge of
 * width 16, nodes by one permutation of width 8, a transcript of field elements. A digest is four elements.
 */
export const poseidon2Hasher: Hasher = {
  id: 2,
  name: 'poseidon2',
  isDigest: (digest) => digest.length === DIGEST_BYTES && bytesToWords(digest).every(isCanonical),
  hashRow: (words) => wordsToBytes(poseidon2Hash([...words])),
  hashNode: (left, right) => wordsToBytes(poseidon2Node([bytesToWords(left), bytesToWords(right)])),
  createTranscript: (domain) => new Poseidon2Transcript(domain),
}

/**
 * A hash chain of four elements: each absorb replaces the state by `H(state, tag, length, data)`. A squeeze reads
 * `H(state, tag, counter)`; the counter starts again at the next absorb. Bytes go in as 32-bit words.
 */
class Poseidon2Transcript implements Transcript {
  #state: Felt[] = [0n, 0n, 0n, 0n]
  #squeezed = 0n

  constructor(domain: string) {
    this.#absorbBytes(TAG.domain, utf8ToBytes(domain))
  }

  absorbBytes(bytes: Uint8Array): void {
    this.#absorbBytes(TAG.bytes, bytes)
  }

  absorbDigest(digest: Digest): void {
    this.#absorb(TAG.digest, 4, bytesToWords(digest))
  }

  absorbFelts(felts: readonly Felt[]): void {
    this.#absorb(TAG.felts, felts.length, felts)
  }

  absorbExts(exts: readonly Ext[]): void {
    this.#absorb(TAG.exts, exts.length, [...extWords(exts)])
  }

  squeezeExt(): Ext {
    const [x, y, z] = this.#squeeze() as [Felt, Felt, Felt, Felt]
    return [x, y, z]
  }

  /** The low bits of elements. Those of a uniform element are uniform up to one part in 2^32. */
  squeezePositions(count: number, bits: number): number[] {
    const positions: number[] = []
    const mask = (1n << BigInt(bits)) - 1n
    while (positions.length < count)
      for (const felt of this.#squeeze()) if (positions.length < count) positions.push(Number(felt & mask))
    return positions
  }

  squeezeDigest(): Digest {
    return wordsToBytes(this.#squeeze())
  }

  checkWork(nonce: bigint, bits: number): boolean {
    const [first] = poseidon2Hash([...this.#state, TAG.work, nonce & U32, nonce >> 32n])
    return (first! & ((1n << BigInt(bits)) - 1n)) === 0n
  }

  workTemplate(): WorkTemplate {
    const state = [...this.#state, TAG.work]
    return {
      kind: 'poseidon2',
      state: [...state, ...new Array<Felt>(STATE_CELLS - state.length).fill(0n)],
      nonceCell: 5,
    }
  }

  #absorbBytes(tag: Felt, bytes: Uint8Array): void {
    const words: Felt[] = []
    for (let i = 0; i < bytes.length; i += 4)
      words.push(bytes.subarray(i, i + 4).reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n))
    this.#absorb(tag, bytes.length, words)
  }

  #absorb(tag: Felt, length: number, data: readonly Felt[]): void {
    this.#state = poseidon2Hash([...this.#state, tag, BigInt(length), ...data])
    this.#squeezed = 0n
  }

  #squeeze(): Felt[] {
    return poseidon2Hash([...this.#state, TAG.squeeze, this.#squeezed++])
  }
}
