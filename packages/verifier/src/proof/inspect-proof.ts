/** Tells what a proof consists of, without verifying it. */

import { bytesToHex } from '@noble/hashes/utils.js'
import { DIGEST_BYTES } from '../hash/hasher.ts'
import { hasherWithId } from '../hash/hashers.ts'
import { programDigest } from '../key/program-key.ts'
import type { TreeOpening } from '../merkle/multi-proof.ts'
import { PROFILES } from '../parameters/profile.ts'
import type { SoundnessReport } from '../parameters/soundness.ts'
import { shardLayout } from '../protocol/layout.ts'
import { checkShape, runSoundness } from '../verify/shape-check.ts'
import type { PreparedKey } from '../verify/verify.ts'
import type { ShardProof } from './proof.ts'
import { decodeProof, PROOF_VERSION } from './proof-codec.ts'

/** One AIR instance of a shard. The name needs a verifying key. */
export interface InspectedInstance {
  readonly air: number
  readonly name?: string
  readonly segment: number
  readonly logRows: number
}

/** A part of the proof and its encoded length. */
export interface ProofSection {
  readonly name: string
  readonly bytes: number
}

/** What {@link inspectProof} finds. Nothing in it has been checked against anything. */
export interface ProofInspection {
  readonly version: number
  readonly bytes: number
  /** Name of the profile, `undefined` for an unknown number. */
  readonly profile: string | undefined
  readonly hash: string
  /** Hex. */
  readonly setupDigest: string
  /** Hex; names the program that the proof claims to be about. */
  readonly programDigest: string
  readonly publics: readonly bigint[]
  readonly shards: readonly { readonly instances: readonly InspectedInstance[] }[]
  /** Lengths that add up to `bytes`. */
  readonly sections: readonly ProofSection[]
  /** Round-by-round soundness of this shape; needs a verifying key of the same setup. */
  readonly security?: SoundnessReport
}

const FELT_BYTES = 8
const EXT_BYTES = 24
const LENGTH_BYTES = 4

/**
 * Decodes a proof and describes it.
 *
 * @param key names AIRs and makes the security terms computable
 * @throws {VerificationError} when the bytes are no proof, or do not fit the key
 */
export function inspectProof(bytes: Uint8Array, key?: PreparedKey): ProofInspection {
  const proof = decodeProof(bytes)
  const profile = PROFILES.find(({ id }) => id === proof.profile)
  const layouts =
    key === undefined || profile === undefined
      ? undefined
      : proof.shards.map((shard) => {
          const layout = shardLayout(key.shapes, profile, shard.instances)
          checkShape(layout, shard)
          return layout
        })
  const shardSections = sumSections(proof.shards.map(sectionsOfShard))
  const header = bytes.length - shardSections.reduce((sum, section) => sum + section.bytes, 0)
  return {
    version: PROOF_VERSION,
    bytes: bytes.length,
    profile: profile?.name,
    hash: hasherWithId(proof.hash)!.name,
    setupDigest: bytesToHex(proof.setupDigest),
    programDigest: bytesToHex(programDigest(proof.programKey)),
    publics: proof.publics,
    shards: proof.shards.map(({ instances }) => ({
      instances: instances.map(({ air, segment, logRows }) => {
        const name = key?.shapes[air]?.air.name
        return { air, ...(name === undefined ? {} : { name }), segment, logRows }
      }),
    })),
    sections: [{ name: 'header, program key and publics', bytes: header }, ...shardSections],
    ...(layouts === undefined ? {} : { security: runSoundness(profile!, layouts) }),
  }
}

function sectionsOfShard(shard: ShardProof): readonly ProofSection[] {
  const list = (length: number, each: number): number => LENGTH_BYTES + length * each
  const instances = shard.instances.reduce(
    (sum, instance) =>
      sum +
      9 +
      list(instance.airValues1.length, FELT_BYTES) +
      list(instance.airValues2.length, EXT_BYTES) +
      list(instance.airGroupValues.length, EXT_BYTES),
    LENGTH_BYTES,
  )
  const roots = 2 * DIGEST_BYTES + 1 + (shard.stage2Root === undefined ? 0 : DIGEST_BYTES)
  const rows = (openings: readonly TreeOpening[]): number =>
    openings.reduce((sum, opening) => sum + list(opening.rows.length, FELT_BYTES), LENGTH_BYTES)
  const siblings = (openings: readonly TreeOpening[]): number =>
    openings.reduce((sum, opening) => sum + list(opening.siblings.length, DIGEST_BYTES), 0)
  return [
    { name: 'instances and their values', bytes: instances },
    { name: 'commitment roots', bytes: roots + list(shard.foldingRoots.length, DIGEST_BYTES) },
    { name: 'opened values at z', bytes: list(shard.evaluations.length, EXT_BYTES) },
    { name: 'final polynomial and nonce', bytes: list(shard.finalPolynomial.length, EXT_BYTES) + FELT_BYTES },
    { name: 'query rows', bytes: rows(shard.openings) },
    { name: 'query Merkle paths', bytes: siblings(shard.openings) },
    { name: 'folding rows', bytes: rows(shard.foldingOpenings) },
    { name: 'folding Merkle paths', bytes: siblings(shard.foldingOpenings) },
  ]
}

function sumSections(shards: readonly (readonly ProofSection[])[]): readonly ProofSection[] {
  const names = shards[0]?.map(({ name }) => name) ?? []
  return names.map((name, index) => ({
    name,
    bytes: shards.reduce((sum, sections) => sum + sections[index]!.bytes, 0),
  }))
}
