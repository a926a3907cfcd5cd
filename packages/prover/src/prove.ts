/** The prover: one run in numbered steps. All arithmetic over columns is the back end's. */
import { sourceOf, type WitnessSource } from '@zisk/air'
import {
  EMPTY_PROGRAM_KEY,
  type Proof,
  profileNamed,
  type ShardProof,
  type ShardStart,
  type Statement,
  shardLayout,
  startRun,
} from '@zisk/verifier'
import { planShards } from './instances.ts'
import { HeldColumns } from './phases/held-columns.ts'
import { proveShard } from './phases/prove-shard.ts'
import { openSession, type PlannedShard, type Session } from './phases/session.ts'
import { claimOf } from './phases/stage1.ts'
import { WorkMeter } from './progress.ts'
import type { ProveRequest } from './prove-request.ts'
import { WorkPieces } from './resume/work-pieces.ts'

/**
 * Proves a run. The same request gives the same proof. With several shards the columns of those that the back end
 * has no room for are dropped when they are committed, and asked for again when their shard is proved.
 *
 * @throws ProverError, AirError, and what the source throws.
 */
export function prove(request: ProveRequest): Promise<Proof> {
  const { backend, signal, witness } = request
  const source = 'instance' in witness ? witness : sourceOf(witness)
  const meter = new WorkMeter(request.onProgress)
  return backend.session(() => proveRun(request, source, meter).finally(() => source.stop?.()), {
    signal,
    onWork: (nanoseconds) => meter.add(nanoseconds),
  })
}

async function proveRun(request: ProveRequest, source: WitnessSource, meter: WorkMeter): Promise<Proof> {
  const { key, backend } = request
  const profile = profileNamed(request.profile)

  // 1. Bind the plan to its AIRs; order the instances of each shard.
  const everything = [[...source.instances.keys()]]
  const shards = planShards(key, source, request.shards ?? everything).map(
    (plan, k): PlannedShard => ({ k, plan, layout: shardLayout(key.prepared.shapes, profile, plan) }),
  )
  const session = openSession(request, { source, profile, shards, meter })
  try {
    return await proveShards(session, shards)
  } finally {
    // When something failed, what was begun ends before the back end takes back what it gave.
    const fixed = await session.fixed?.catch(() => undefined)
    if (fixed !== undefined) backend.release(fixed)
  }
}

async function proveShards(session: Session, shards: readonly PlannedShard[]): Promise<Proof> {
  const { request, source, backend, profile, hasher } = session
  const { key, programKey = EMPTY_PROGRAM_KEY } = request
  const statement: Statement = {
    profile: profile.id,
    setupDigest: key.prepared.digest,
    programKey,
    publics: source.publics,
    proofValues: source.proofValues,
  }
  const plans = shards.map(({ plan }) => plan)
  const work = request.work && new WorkPieces(request.work, { ...statement, hash: hasher.id }, plans)
  const held = new HeldColumns(session)

  // A shard that cannot be proved is known before any is.
  for (const { layout } of shards) backend.fit(layout)

  // 2. Commit stage 1 of every shard; what there is room for stays.
  const starts: ShardStart[] = []
  for (const shard of shards) starts.push((await work?.start(shard.k)) ?? (await startShard(held, shard, work)))

  // 3. T0 and the lookup challenges, from the statement and all stage-1 commitments.
  const run = startRun(hasher, statement, starts, key.program.challenges.length)

  // 4. Each shard on its own, the last first: its columns are still there. Those that were proved before are not needed.
  const proofs: ShardProof[] = []
  for (const shard of [...shards].reverse()) {
    const { k } = shard
    const start = starts[k]!
    const kept = await work?.shard(k, run.digest, start)
    if (kept !== undefined) held.drop(k)
    proofs[k] = kept ?? (await proveShard(session, run, shard, await held.take(shard, start)))
    if (kept === undefined) await work?.keepShard(k, run.digest, proofs[k])
  }
  return { ...statement, hash: hasher.id, shards: proofs }
}

async function startShard(held: HeldColumns, shard: PlannedShard, work: WorkPieces | undefined): Promise<ShardStart> {
  const { instances, stage1 } = await held.commit(shard)
  const start: ShardStart = { instances: instances.map(claimOf), stage1Root: stage1.root }
  await work?.keepStart(shard.k, start)
  return start
}
