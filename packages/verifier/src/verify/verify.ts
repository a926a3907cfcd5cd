/**
 * The verifier, to be read as the specification of the protocol. It is total and pure: any bytes give a result, in time
 * and memory bounded by their number, and nothing but the arguments is consulted.
 */
import { createWeightedSums, type Ext, type Felt } from '@zisk/field'
import { reject, VerificationError } from '../errors.ts'
import { digestsEqual } from '../hash/bytes.ts'
import type { Digest, Hasher } from '../hash/hasher.ts'
import { hasherWithId } from '../hash/hashers.ts'
import { type AirShape, airShapes } from '../key/air-shape.ts'
import { findRoot } from '../key/commitment-root.ts'
import { type ProgramKey, programDigest } from '../key/program-key.ts'
import { decodeVerifyingKey, setupDigest, type VerifyingKey } from '../key/verifying-key.ts'
import { verifyOpening } from '../merkle/multi-proof.ts'
import { projectPositions } from '../merkle/tree-shape.ts'
import { PROFILES, type Profile } from '../parameters/profile.ts'
import type { SoundnessReport } from '../parameters/soundness.ts'
import type { Proof, ShardProof } from '../proof/proof.ts'
import { decodeProof } from '../proof/proof-codec.ts'
import { type RunStart, ShardTranscript, startRun } from '../protocol/fiat-shamir.ts'
import { type ShardLayout, shardLayout } from '../protocol/layout.ts'
import { type ConstraintContext, checkConstraints } from './constraint-check.ts'
import { countDeepTerms, deepCodeword } from './deep.ts'
import { checkFolding } from './folding-check.ts'
import { checkGlobalConstraints } from './global-check.ts'
import { checkInstances } from './instances.ts'
import { checkShape, runSoundness } from './shape-check.ts'

/** A verifying key made ready for many proofs. */
export interface PreparedKey {
  readonly key: VerifyingKey
  readonly digest: Digest
  readonly shapes: readonly AirShape[]
}

/** What the caller demands of a proof. */
export interface VerifyOptions {
  /** Digest of the program that the proof must be about. */
  readonly programDigest: Uint8Array
  /** Public values that the proof must state; any when absent. */
  readonly publics?: readonly Felt[]
  /** Accepts the insecure test profile. */
  readonly acceptInsecure?: boolean
}

/** What an accepted proof proves. */
export interface VerifiedRun {
  readonly programKey: ProgramKey
  readonly publics: readonly Felt[]
  readonly proofValues: readonly Felt[]
  readonly profile: Profile
  readonly security: SoundnessReport
}

/** Outcome of {@link verify}. */
export type VerificationResult =
  | { readonly ok: true; readonly run: VerifiedRun }
  | { readonly ok: false; readonly error: VerificationError }

/** Reads a verifying key. @throws VerificationError VERIFYING_KEY_INVALID. */
export function prepareVerifyingKey(encoded: Uint8Array): PreparedKey {
  const key = decodeVerifyingKey(encoded)
  return { key, digest: setupDigest(encoded), shapes: airShapes(key) }
}

/** Verifies a proof. Never throws. */
export function verify(bytes: Uint8Array, key: PreparedKey, options: VerifyOptions): VerificationResult {
  try {
    const proof = decodeProof(bytes)
    const hasher = hasherWithId(proof.hash)
    if (hasher === undefined) return reject('PROOF_PARAMETERS_UNKNOWN', `hash ${proof.hash} is not known`)
    return { ok: true, run: verifyProof(proof, key, options, hasher) }
  } catch (cause) {
    if (cause instanceof VerificationError) return { ok: false, error: cause }
    const message = `a check could not be carried out: ${cause instanceof Error ? cause.message : String(cause)}`
    return { ok: false, error: new VerificationError({ code: 'PROOF_SHAPE_INVALID', message, cause }) }
  }
}

/** Verifies a decoded proof. @throws VerificationError. */
export function verifyProof(proof: Proof, prepared: PreparedKey, options: VerifyOptions, hasher: Hasher): VerifiedRun {
  const { key, shapes } = prepared
  const { program } = key

  // 1. The proof is about what the caller asked for, under parameters from our table.
  const profile = checkStatement(proof, prepared, options)

  // 2. The instances make up one complete run, and every list has its length.
  checkInstances(shapes, proof.programKey, proof.shards)
  const layouts = proof.shards.map(({ instances }) => shardLayout(shapes, profile, instances))
  for (const [k, layout] of layouts.entries()) checkShape(layout, proof.shards[k]!)
  const suite = { hash: hasher.id, logBlowup: profile.logBlowup }
  const roots = layouts.map((layout, k) => treeRoots(layout, proof.shards[k]!, key, proof.programKey, suite))
  const security = runSoundness(profile, layouts)
  if (security.bits < profile.targetBits)
    reject(
      'PROOF_SECURITY_TOO_LOW',
      `${security.bits.toFixed(1)} bits at this size, promised are ${profile.targetBits}`,
    )

  // 3. T0 binds the statement and stage 1 of all shards; the lookup challenges come from it.
  const run = startRun(hasher, proof, proof.shards, program.challenges.length)
  const context = { publics: proof.publics, proofValues: proof.proofValues, challenges: run.challenges }

  // 4. The sums of all instances, with the public terms, balance.
  checkGlobalConstraints(program, shapes, proof.shards, context)

  // 5. Each shard holds.
  for (const [k, shard] of proof.shards.entries()) {
    verifyShard({ hasher, profile, layout: layouts[k]!, roots: roots[k]!, context, run, k }, shard)
  }
  const { programKey, publics, proofValues } = proof
  return { programKey, publics, proofValues, profile, security }
}

function checkStatement(proof: Proof, prepared: PreparedKey, options: VerifyOptions): Profile {
  const profile = PROFILES[proof.profile]
  if (profile === undefined) return reject('PROOF_PARAMETERS_UNKNOWN', `profile ${proof.profile} is not known`)
  if (profile.targetBits === 0 && options.acceptInsecure !== true)
    reject('PROOF_PARAMETERS_REFUSED', `profile ${profile.name} is insecure and was not asked for`)
  if (!digestsEqual(proof.setupDigest, prepared.digest))
    reject('PROOF_SETUP_MISMATCH', 'the proof was made with another setup than this verifier has')
  if (!digestsEqual(programDigest(proof.programKey), options.programDigest))
    reject('PROOF_PROGRAM_MISMATCH', 'the proof is about another program than the one named')
  const { program } = prepared.key
  if (proof.publics.length !== program.publics.length || proof.proofValues.length !== program.proofValues.length)
    reject('PROOF_SHAPE_INVALID', `expected ${program.publics.length} public values, got ${proof.publics.length}`)
  for (const { public: index, parameter } of prepared.key.programValues)
    if (proof.publics[index] !== BigInt(proof.programKey[parameter]))
      reject('PROOF_PROGRAM_MISMATCH', `public value ${index} is not the ${parameter} of the program`)
  if (options.publics !== undefined) {
    const { publics } = options
    if (publics.length !== proof.publics.length || publics.some((value, i) => value !== proof.publics[i]))
      reject('PROOF_PUBLICS_MISMATCH', 'the proof states other public values than those named')
  }
  return profile
}

/** The root of every tree of the layout: from the setup, from the program key, or from the proof. */
function treeRoots(
  layout: ShardLayout,
  shard: ShardProof,
  key: VerifyingKey,
  programKey: ProgramKey,
  suite: { readonly hash: number; readonly logBlowup: number },
): Digest[] {
  return layout.trees.map(({ name, custom }) => {
    const root = {
      fixed: () => findRoot(key.fixedRoots, suite),
      custom: () => {
        const instance = layout.instances.find(({ air }) => air === custom!.air)!
        const { name: commit } = instance.shape.air.customCommits[custom!.commit]!
        return findRoot(programKey.commits.find((candidate) => candidate.name === commit)!.roots, suite)
      },
      stage1: () => shard.stage1Root,
      stage2: () => shard.stage2Root,
      quotient: () => shard.quotientRoot,
    }[name]()
    return root ?? reject('PROOF_PARAMETERS_REFUSED', `the ${name} columns are not committed for this hash and rate`)
  })
}

/** Everything that one shard is verified against. */
interface ShardContext {
  readonly hasher: Hasher
  readonly profile: Profile
  readonly layout: ShardLayout
  readonly roots: readonly Digest[]
  readonly context: ConstraintContext
  readonly run: RunStart
  readonly k: number
}

function verifyShard({ hasher, profile, layout, roots, context, run, k }: ShardContext, shard: ShardProof): void {
  const transcript = new ShardTranscript(hasher, run, k)

  // a. Constraints: stage 2 and all sums are bound before lambda, the quotient before z.
  const lambda = transcript.constraintChallenge(shard.stage2Root, shard.instances)
  const z = transcript.outOfDomainPoint(shard.quotientRoot)
  checkConstraints(layout, shard, context, { lambda, z })

  // b. The opened values are bound before mu, each folded codeword before its beta.
  const mu = transcript.batchingChallenge(shard.evaluations)
  const betas = shard.foldingRoots.map((root): Ext => transcript.foldingChallenge(root))
  transcript.finalPolynomial(shard.finalPolynomial)

  // c. Work, then the positions.
  if (!transcript.checkWork(shard.nonce, profile.grindingBits))
    reject('PROOF_WORK_MISSING', `the nonce does not show ${profile.grindingBits} bits of work`)
  const drawn = transcript.queryPositions(shard.nonce, profile.queries, layout.logPositions)
  const positions = [...new Set(drawn)].sort((x, y) => x - y)

  // d. The rows at the positions lead to the roots.
  const trees = layout.trees.map(({ name, shape }, t) => {
    const top = shape.levels[0]!.logLength
    const tree = { shape, root: roots[t]!, where: `${name} tree` }
    return verifyOpening(hasher, tree, projectPositions(positions, layout.logPositions, top), shard.openings[t]!)
  })

  // e. The DEEP codewords at the positions fold to the final polynomial.
  const tables = trees.map(({ words }) => words)
  const openings = { trees, positions, sums: createWeightedSums(tables, countDeepTerms(layout)) }
  const inputs = new Map(
    layout.heights.map((height) => [
      height.logRows,
      deepCodeword(layout, height, { z, mu }, shard.evaluations, openings),
    ]),
  )
  checkFolding(hasher, layout, inputs, {
    roots: shard.foldingRoots,
    betas,
    finalPolynomial: shard.finalPolynomial,
    openings: shard.foldingOpenings,
  })
}
