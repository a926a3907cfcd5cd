/**
 * What is absorbed when. Every message of the prover goes in before the first challenge that must not depend on it; the
 * openings come last and decide nothing.
 */
import type { Ext, Felt } from '@zisk/field'
import { wordsToBytes } from '../hash/bytes.ts'
import { DIGEST_BYTES, type Digest, type Hasher, type Transcript, type WorkTemplate } from '../hash/hasher.ts'
import { encodeProgramKey, type ProgramKey } from '../key/program-key.ts'

import type { InstanceClaim, Proof, ShardProof } from '../proof/proof.ts'

const PROTOCOL = 'zisk-stark-v2'

/** What a proof is about, apart from its shards. */
export type Statement = Pick<Proof, 'profile' | 'setupDigest' | 'programKey' | 'publics' | 'proofValues'>

/** What of a shard is known before the lookup challenges. */
export type ShardStart = Pick<ShardProof, 'instances' | 'stage1Root'>

/** The common start of all shards. */
export interface RunStart {
  /** T0: binds statement and stage 1 of every shard. */
  readonly digest: Digest
  /** The challenges of stage 2, in the order in which the program declares them. */
  readonly challenges: readonly Ext[]
}

/** Derives T0 and the lookup challenges from the statement and the records of all shards. */
export function startRun(
  hasher: Hasher,
  statement: Statement,
  shards: readonly ShardStart[],
  challengeCount: number,
): RunStart {
  const transcript = hasher.createTranscript(`${PROTOCOL} run`)
  transcript.absorbBytes(encodeProgramKeyAndParameters(hasher, statement.profile, statement.programKey))
  transcript.absorbBytes(statement.setupDigest)
  transcript.absorbFelts(statement.publics)
  transcript.absorbFelts(statement.proofValues)
  transcript.absorbFelts([BigInt(shards.length)])
  transcript.absorbDigest(
    recordsRoot(
      hasher,
      shards.map((shard) => shardRecord(hasher, shard)),
    ),
  )
  const digest = transcript.squeezeDigest()
  const challenges = Array.from({ length: challengeCount }, () => transcript.squeezeExt())
  return { digest, challenges }
}

/** The transcript of shard k, in the order of its rounds. */
export class ShardTranscript {
  readonly #transcript: Transcript

  constructor(hasher: Hasher, run: RunStart, k: number) {
    this.#transcript = hasher.createTranscript(`${PROTOCOL} shard`)
    this.#transcript.absorbDigest(run.digest)
    this.#transcript.absorbFelts([BigInt(k)])
  }

  /** Stage 2 with all sums, then the constraint challenge. */
  constraintChallenge(stage2Root: Digest | undefined, instances: readonly InstanceClaim[]): Ext {
    if (stage2Root !== undefined) this.#transcript.absorbDigest(stage2Root)
    for (const { airValues2, airGroupValues } of instances) {
      this.#transcript.absorbExts(airValues2)
      this.#transcript.absorbExts(airGroupValues)
    }
    return this.#transcript.squeezeExt()
  }

  /** The quotient, then the out-of-domain point. */
  outOfDomainPoint(quotientRoot: Digest): Ext {
    this.#transcript.absorbDigest(quotientRoot)
    return this.#transcript.squeezeExt()
  }

  /** The opened values, then the batching challenge. */
  batchingChallenge(evaluations: readonly Ext[]): Ext {
    this.#transcript.absorbExts(evaluations)
    return this.#transcript.squeezeExt()
  }

  /** One folded codeword, then its folding challenge. */
  foldingChallenge(root: Digest): Ext {
    this.#transcript.absorbDigest(root)
    return this.#transcript.squeezeExt()
  }

  finalPolynomial(coefficients: readonly Ext[]): void {
    this.#transcript.absorbExts(coefficients)
  }

  checkWork(nonce: bigint, bits: number): boolean {
    return this.#transcript.checkWork(nonce, bits)
  }

  workTemplate(): WorkTemplate {
    return this.#transcript.workTemplate()
  }

  /** The nonce, then the query positions, as drawn. */
  queryPositions(nonce: bigint, count: number, logPositions: number): number[] {
    this.#transcript.absorbBytes(wordsToBytes([nonce]))
    return this.#transcript.squeezePositions(count, logPositions)
  }
}

function shardRecord(hasher: Hasher, { instances, stage1Root }: ShardStart): Digest {
  const transcript = hasher.createTranscript(`${PROTOCOL} shard record`)
  transcript.absorbFelts([BigInt(instances.length)])
  for (const { air, segment, logRows, airValues1 } of instances) {
    transcript.absorbFelts([air, segment, logRows].map(BigInt))
    transcript.absorbFelts(airValues1)
  }
  transcript.absorbDigest(stage1Root)
  return transcript.squeezeDigest()
}

/** Merkle root of the records, filled up to a power of two with zero digests. */
function recordsRoot(hasher: Hasher, records: readonly Digest[]): Digest {
  let level: Digest[] = [...records]
  while (level.length > 1) {
    const parents: Digest[] = []
    for (let i = 0; i < level.length; i += 2)
      parents.push(hasher.hashNode(level[i]!, level[i + 1] ?? new Uint8Array(DIGEST_BYTES)))
    level = parents
  }
  return level[0]!
}

function encodeProgramKeyAndParameters(hasher: Hasher, profile: number, programKey: ProgramKey): Uint8Array {
  const key = encodeProgramKey(programKey)
  const bytes = new Uint8Array(2 + key.length)
  bytes.set([profile, hasher.id])
  bytes.set(key, 2)
  return bytes
}

/** Values of stage 1 as extension elements, as constraints see them. */
export function embed(felts: readonly Felt[]): Ext[] {
  return felts.map((felt) => [felt, 0n, 0n])
}
