/**
 * The hash function of a proof as a value: leaves, nodes and transcript. Merkle trees, transcript users and the verifier
 * are written over this interface; `blake3` serves proofs that stand alone, `poseidon2` proofs that will be aggregated.
 */
import type { Ext, Felt } from '@zisk/field'

/** 32 bytes. */
export type Digest = Uint8Array

export const DIGEST_BYTES = 32

/** Names of the hash functions. */
export type HashName = 'blake3' | 'poseidon2'

/** A family of hash functions. */
export interface Hasher {
  /** Number in proof headers. */
  readonly id: number
  readonly name: HashName
  /** Whether 32 bytes are a canonical digest of this family. */
  readonly isDigest: (digest: Digest) => boolean
  /** Digest of a row of canonical words; its length is fixed by the shape of the tree. */
  readonly hashRow: (words: BigUint64Array) => Digest
  /** Digest of a node from its two children. */
  readonly hashNode: (left: Digest, right: Digest) => Digest
  /** A new transcript; `domain` separates its uses. */
  readonly createTranscript: (domain: string) => Transcript
}

/**
 * The Fiat-Shamir transcript. Absorbs are typed and carry their length; a challenge depends on everything absorbed and
 * squeezed before it.
 */
export interface Transcript {
  readonly absorbBytes: (bytes: Uint8Array) => void
  readonly absorbDigest: (digest: Digest) => void
  readonly absorbFelts: (felts: readonly Felt[]) => void
  readonly absorbExts: (exts: readonly Ext[]) => void
  /** A challenge, uniform over the cubic extension. */
  readonly squeezeExt: () => Ext
  /** `count` independent positions below 2^bits, bits <= 32. */
  readonly squeezePositions: (count: number, bits: number) => number[]
  /** A digest of everything so far. */
  readonly squeezeDigest: () => Digest
  /**
   * Whether `nonce` completes `bits` bits of work on the transcript so far. Absorbs nothing: the caller absorbs the nonce
   * that it accepts.
   */
  readonly checkWork: (nonce: bigint, bits: number) => boolean
  /** How a nonce enters the hash that {@link Transcript.checkWork} looks at, for a fast search. */
  readonly workTemplate: () => WorkTemplate
}

/**
 * The input of the work hash around the nonce. `blake3`: the 8 little-endian bytes of the nonce follow `prefix`, and the
 * low bits of the first word of the digest count. `poseidon2`: a state of the permutation of width 16 in which the two
 * 32-bit halves of the nonce go, low first, to `nonceCell` and the next; the low bits of the first cell count.
 */
export type WorkTemplate =
  | { readonly kind: 'blake3'; readonly prefix: Uint8Array }
  | { readonly kind: 'poseidon2'; readonly state: readonly Felt[]; readonly nonceCell: number }
