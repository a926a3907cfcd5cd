/** Stage 1 of a shard: its columns are asked for, taken in and committed. */
import { digestsEqual, type InstanceClaim, type ShardStart } from '@zisk/verifier'
import type { Commitment, ProverInstance } from '../backend/backend.ts'
import { ProverError } from '../errors.ts'
import { loadInstance } from '../instances.ts'
import { fixedTree } from './fixed-tree.ts'
import type { PlannedShard, Session } from './session.ts'

/** A shard with its columns of stage 1. */
export interface CommittedShard {
  readonly instances: readonly ProverInstance[]
  readonly stage1: Commitment
}

/** Takes in and commits the columns of a shard; asks for them in the order in which the source lists them. */
export async function commitStage1(session: Session, { k, plan, layout }: PlannedShard): Promise<CommittedShard> {
  const { request, source, backend, profile, hasher, enter } = session
  enter('stage1', k)
  backend.fit(layout)
  // Goes on in the workers while the first instances are filled. Whoever waits for it meets its failure.
  if (layout.trees.some(({ name }) => name === 'fixed')) fixedTree(session).catch(() => {})
  const instances: ProverInstance[] = []
  for (const planned of [...plan].sort((x, y) => x.position - y.position))
    instances[plan.indexOf(planned)] = await loadInstance(backend, source, planned, request.signal)
  const matrices = instances.map(({ stage1 }) => stage1)
  const stage1 = await backend.commit(matrices, { logBlowup: profile.logBlowup, hasher, keepValues: true })
  return { instances, stage1 }
}

/** Commits a shard once more. @throws ProverError PROVER_INPUT_INVALID when it is not what it was. */
export async function commitAgain(session: Session, shard: PlannedShard, start: ShardStart): Promise<CommittedShard> {
  const committed = await commitStage1(session, shard)
  const isSame =
    digestsEqual(committed.stage1.root, start.stage1Root) &&
    committed.instances.every((instance, i) =>
      claimOf(instance).airValues1.every((value, j) => value === start.instances[i]!.airValues1[j]),
    )
  if (!isSame)
    throw new ProverError({
      code: 'PROVER_INPUT_INVALID',
      message: `expected the instances of shard ${shard.k} to be the same at every call, got other columns or values`,
    })
  return committed
}

/** What an instance shows before stage 2. */
export function claimOf({ shape, segment, logRows, airValues }: ProverInstance): InstanceClaim {
  const stages = shape.air.airValues
  const airValues1 = airValues.filter((_, i) => stages[i]!.stage === 1)
  return { air: shape.index, segment, logRows, airValues1, airValues2: [], airGroupValues: [] }
}
