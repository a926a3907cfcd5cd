/** What a proof will take and be, from the shapes of its instances alone. */
import type { WitnessSource } from '@zisk/air'
import { type ProfileName, profileNamed, type ShardLayout, shardLayout } from '@zisk/verifier'
import { expectedSize } from './estimate-size.ts'
import { planShards } from './instances.ts'
import { estimatedWork } from './progress.ts'
import type { ProvingKey } from './setup.ts'
import { FILL, heldShards } from './wasm/held-shards.ts'
import { shardNeed } from './wasm/memory-need.ts'

/** What to estimate. */
export interface EstimateRequest {
  readonly key: ProvingKey
  readonly source: WitnessSource
  readonly shards: readonly (readonly number[])[]
  readonly profile: ProfileName
  readonly threads: number
  /** Bytes of the prover's shared memory. */
  readonly maxBytes: number
  /** Bytes of it up to which columns are held. */
  readonly holdingBytes: number
  /** Bytes of it up to which a shard keeps all cosets. */
  readonly keepingBytes: number
}

/** The estimate. */
export interface ProofEstimate {
  /** Within two percent. */
  readonly proofBytes: number
  /** What the prover touches of its shared memory. */
  readonly memoryBytes: number
  /** Whether every shard can be proved in the memory that there is. */
  readonly fits: boolean
  /** Wall time of all phases of the prover on processors like those of the benchmarks. */
  readonly seconds: number
}

/** What a proof touches by what it needs: what is reserved lies scattered, the more so when columns are made again. */
const TOUCHED_SHARE = { once: 1.04, again: 1.12 } as const

/** Work that more threads do not shorten. */
const SERIAL_SHARE = 0.15

const FELT_BYTES = 8
const EXT_BYTES = 24

/** Bytes of the values that instances show. */
function claimBytes({ instances }: ShardLayout): number {
  return instances.reduce((sum, { shape: { air, airGroupValues } }) => {
    const first = air.airValues.filter(({ stage }) => stage === 1).length
    return sum + FELT_BYTES * first + EXT_BYTES * (air.airValues.length - first + airGroupValues.length)
  }, 0)
}

/** Estimates a proof. @throws ProverError, AirError when the plan does not fit the key. */
export function estimateProof(request: EstimateRequest): ProofEstimate {
  const { key, source, shards, threads, maxBytes, holdingBytes, keepingBytes } = request
  const profile = profileNamed(request.profile)
  const layouts = planShards(key, source, shards).map((plan) => shardLayout(key.prepared.shapes, profile, plan))
  const keeping = heldShards(layouts, { maxBytes, holdingBytes, keepingBytes, width: threads })
  const seconds = (estimatedWork(layouts, keeping.held) / 1e9) * (SERIAL_SHARE + (1 - SERIAL_SHARE) / threads)
  const least = Math.max(
    ...layouts.map((layout) => {
      const { commit, prove } = shardNeed(layout, { keepCosets: false, width: threads })
      return Math.max(commit, prove) / FILL
    }),
  )
  return {
    proofBytes: Math.round(
      FELT_BYTES * source.publics.length +
        layouts.reduce((sum, layout) => sum + expectedSize(layout, profile).total + claimBytes(layout), 0),
    ),
    memoryBytes: TOUCHED_SHARE[keeping.isMadeOnce ? 'once' : 'again'] * keeping.bytes,
    fits: least <= maxBytes,
    seconds,
  }
}
