/** What the shards of one run share while it is proved. */
import type { WitnessSource } from '@zisk/air'
import { type Hasher, hasherNamed, type Profile, type ShardLayout } from '@zisk/verifier'
import type { Backend, Commitment } from '../backend/backend.ts'
import { ProverError } from '../errors.ts'
import type { PlannedInstance } from '../instances.ts'
import { createProgress, estimatedWork, jobWork, type Phase, type WorkMeter } from '../progress.ts'
import type { ProveRequest } from '../prove-request.ts'

/** A shard before it is proved. */
export interface PlannedShard {
  readonly k: number
  readonly plan: readonly PlannedInstance[]
  readonly layout: ShardLayout
}

/** Everything that the shards share. */
export interface Session {
  /** The tree of fixed columns, begun with the first shard that needs it; it serves all shards. */
  fixed?: Promise<Commitment>
  readonly request: ProveRequest
  readonly source: WitnessSource
  readonly backend: Backend
  readonly profile: Profile
  readonly hasher: Hasher
  /** Positions of the shards whose columns of stage 1 stay until they are proved. */
  readonly held: ReadonlySet<number>
  readonly enter: (phase: Phase, shard: number) => void
}

/** @throws ProverError PROVER_INPUT_INVALID for a hash that is not known. */
export function openSession(
  request: ProveRequest,
  {
    source,
    profile,
    shards,
    meter,
  }: Pick<Session, 'source' | 'profile'> & { readonly shards: readonly PlannedShard[]; readonly meter: WorkMeter },
): Session {
  const { hash = 'blake3', signal, onPhase, backend } = request
  const hasher = typeof hash === 'string' ? hasherNamed(hash) : hash
  if (hasher === undefined)
    throw new ProverError({ code: 'PROVER_INPUT_INVALID', message: `hash ${String(hash)} is not known` })
  const layouts = shards.map(({ layout }) => layout)
  const held = backend.held(layouts)
  const progress = createProgress(layouts, held)
  const work = estimatedWork(layouts, held)
  return {
    request,
    source,
    backend,
    profile,
    hasher,
    held,
    enter: (phase, shard) => {
      if (signal?.aborted === true)
        throw new ProverError({ code: 'PROVER_CANCELLED', message: `cancelled before ${phase} of shard ${shard}` })
      const within = progress(phase, shard)
      meter.enter(within, jobWork(phase, work * within.weight))
      onPhase?.(phase, shard, within)
    },
  }
}
