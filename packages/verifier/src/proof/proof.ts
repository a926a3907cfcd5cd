/** The proof as data. Every list length follows from the instances and the parameters; see `protocol/layout.ts`. */
import type { Ext, Felt } from '@zisk/field'
import type { Digest } from '../hash/hasher.ts'
import type { ProgramKey } from '../key/program-key.ts'
import type { TreeOpening } from '../merkle/multi-proof.ts'
import type { InstanceId } from '../protocol/layout.ts'

/** A proof of one run. */
export interface Proof {
  /** Profile number. */
  readonly profile: number
  /** Hasher number. */
  readonly hash: number
  readonly setupDigest: Uint8Array
  readonly programKey: ProgramKey
  readonly publics: readonly Felt[]
  readonly proofValues: readonly Felt[]
  readonly shards: readonly ShardProof[]
}

/** An instance with the values that it shows to the verifier. */
export interface InstanceClaim extends InstanceId {
  /** Air values of stage 1, in their order. */
  readonly airValues1: readonly Felt[]
  /** Air values of stage 2, in their order. */
  readonly airValues2: readonly Ext[]
  /** Air-group values that the AIR uses, such as its bus sum, in their order. */
  readonly airGroupValues: readonly Ext[]
}

/** Proof of one shard. */
export interface ShardProof {
  /** By AIR, then segment. */
  readonly instances: readonly InstanceClaim[]
  readonly stage1Root: Digest
  /** Absent when no instance has columns of stage 2. */
  readonly stage2Root?: Digest
  readonly quotientRoot: Digest
  /** Opened values at z, in layout order. */
  readonly evaluations: readonly Ext[]
  readonly foldingRoots: readonly Digest[]
  /** Coefficients, lowest first. */
  readonly finalPolynomial: readonly Ext[]
  readonly nonce: bigint
  /** One per tree of the layout. */
  readonly openings: readonly TreeOpening[]
  /** One per folding round; their rows leave out the values that the verifier knows. */
  readonly foldingOpenings: readonly TreeOpening[]
}
