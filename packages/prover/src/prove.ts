/** The prover: one run in numbered steps. All arithmetic over columns is the back end's. */
import { type ProgramWitness, sourceOf, type WitnessSource } from '@zisk/air'
import type { Ext } from '@zisk/field'
import {
  digestsEqual,
  EMPTY_PROGRAM_KEY,
  type Hasher,
  type HashName,
  hasherNamed,
  type InstanceClaim,
  type Profile,
  type ProfileName,
  type ProgramKey,
  type Proof,
  profileNamed,
  projectPositions,
  type RunStart,
  reverseBits,
  type ShardLayout,
  type ShardProof,
  type ShardStart,
  ShardTranscript,
  type Statement,
  shardLayout,
  startRun,
  type TreeOpening,
} from '@zisk/verifier'
import type { Backend, Codeword, Commitment, HeldMatrix, ProverInstance, RunContext } from './backend/backend.ts'
import { ProverError } from './errors.ts'
import { loadInstance, type PlannedInstance, planShards } from './instances.ts'
import { createProgress, estimatedWork, jobWork, type Phase, type PhaseProgress, WorkMeter } from './progress.ts'
import { type WorkOptions, WorkPieces } from './resume/work-pieces.ts'
import { fixedMatrix, type ProvingKey } from './setup.ts'

/** What is proved, and how. */
export interface ProveRequest {
  readonly key: ProvingKey
  readonly witness: ProgramWitness | WitnessSource
  /** Key of the guest program; that of no program when absent. */
  readonly programKey?: ProgramKey
  /** Positions in `witness.instances` of the instances of each shard; one shard with all of them when absent. */
  readonly shards?: readonly (readonly number[])[]
  readonly profile: ProfileName
  readonly hash?: HashName | Hasher
  readonly backend: Backend
  /** Keeps what is done, and goes on from what was kept. The bytes of the proof are the same. */
  readonly work?: WorkOptions
  readonly signal?: AbortSignal
  /** Called when a phase of a shard begins. Shards whose columns do not stay in memory enter `stage1` twice. */
  readonly onPhase?: (phase: Phase, shard: number, progress: PhaseProgress) => void
  /** Called within a phase whenever another hundredth of the whole is done, with what is left of the phase. */
  readonly onProgress?: (progress: PhaseProgress) => void
}

/** A shard before it is proved. */
interface PlannedShard {
  readonly k: number
  readonly plan: readonly PlannedInstance[]
  readonly layout: ShardLayout
}

/** A shard with its columns of stage 1. */
interface CommittedShard {
  readonly instances: readonly ProverInstance[]
  readonly stage1: Commitment
}

/** Everything that the shards share. */
interface Session {
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

/** The shards whose columns of stage 1 are in memory: the last that was committed, and those that stay. */
class HeldColumns {
  readonly #session: Session
  readonly #columns = new Map<number, CommittedShard>()

  constructor(session: Session) {
    this.#session = session
  }

  /** Commits a shard and keeps its columns, until the next one at least. Where there is no room, the oldest make it. */
  async commit(shard: PlannedShard): Promise<CommittedShard> {
    const { held, backend } = this.#session
    for (const k of this.#columns.keys()) if (!held.has(k) || !backend.hasRoom(shard.layout)) this.drop(k)
    const committed = await commitStage1(this.#session, shard)
    this.#columns.set(shard.k, committed)
    return committed
  }

  /** Hands the columns of a shard over, made again when they are not there. */
  async take(shard: PlannedShard, start: ShardStart): Promise<CommittedShard> {
    const committed = this.#columns.get(shard.k)
    this.#columns.delete(shard.k)
    if (committed !== undefined) return committed
    for (const k of this.#columns.keys()) if (!this.#session.held.has(k)) this.drop(k)
    return commitAgain(this.#session, shard, start)
  }

  drop(k: number): void {
    const committed = this.#columns.get(k)
    if (committed !== undefined) this.#session.backend.release(committed.stage1)
    this.#columns.delete(k)
  }
}

async function startShard(held: HeldColumns, shard: PlannedShard, work: WorkPieces | undefined): Promise<ShardStart> {
  const { instances, stage1 } = await held.commit(shard)
  const start: ShardStart = { instances: instances.map(claimOf), stage1Root: stage1.root }
  await work?.keepStart(shard.k, start)
  return start
}

/** Takes in and commits the columns of a shard; asks for them in the order in which the source lists them. */
async function commitStage1(session: Session, { k, plan, layout }: PlannedShard): Promise<CommittedShard> {
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

async function commitAgain(session: Session, shard: PlannedShard, start: ShardStart): Promise<CommittedShard> {
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

async function proveShard(
  session: Session,
  run: RunStart,
  { k, layout }: PlannedShard,
  { instances, stage1 }: CommittedShard,
): Promise<ShardProof> {
  const { request, source, backend, profile, hasher, enter } = session
  const { key } = request
  const { logBlowup } = profile
  const transcript = new ShardTranscript(hasher, run, k)
  const context: RunContext = {
    program: key.program,
    publics: source.publics,
    proofValues: source.proofValues,
    challenges: run.challenges,
  }

  // a. Stage 2: partial sums, running sums, their totals.
  enter('stage2', k)
  const claims: InstanceClaim[] = []
  const stage2Matrices: HeldMatrix[] = []
  for (const instance of instances) {
    const { matrix, airValues, airGroupValues } = await backend.stage2(instance, context)
    backend.forget(instance.stage1)
    claims.push({ ...claimOf(instance), airValues2: airValues, airGroupValues })
    if (matrix !== undefined) stage2Matrices.push(matrix)
  }
  const stage2 = stage2Matrices.length > 0 ? await backend.commit(stage2Matrices, { logBlowup, hasher }) : undefined
  const lambda = transcript.constraintChallenge(stage2?.root, claims)

  // b. The quotient.
  enter('quotient', k)
  const trees: Commitment[] = []
  let fixed: Commitment | undefined
  for (const { name, custom } of layout.trees) {
    if (name === 'fixed') {
      fixed = await fixedTree(session)
      trees.push(fixed)
    }
    if (name === 'custom') trees.push(await commitCustomOf(session, instances, custom!))
    if (name === 'stage1') trees.push(stage1)
    if (name === 'stage2') trees.push(stage2!)
  }
  const quotient = await backend.quotient({ layout, instances, claims, trees, context, lambda, hasher })
  trees.push(quotient)
  const z = transcript.outOfDomainPoint(quotient.root)

  // c. Opened values, and the DEEP codewords.
  enter('openings', k)
  const evaluations = await backend.evaluate(layout, trees, z)
  const mu = transcript.batchingChallenge(evaluations)
  const codewords = await backend.deep({ layout, trees, evaluations, z, mu })

  // d. Folding.
  enter('folding', k)
  const { folds, finalPolynomial } = await foldAll(session, layout, codewords, transcript)

  // e. Work and queries.
  enter('queries', k)
  const nonce = await backend.grind(transcript, profile.grindingBits)
  const drawn = transcript.queryPositions(nonce, profile.queries, layout.logPositions)
  const positions = [...new Set(drawn)].sort((x, y) => x - y)
  const openings: TreeOpening[] = []
  for (const tree of trees)
    openings.push(
      await backend.open(tree, projectPositions(positions, layout.logPositions, tree.shape.levels[0]!.logLength)),
    )
  const foldingOpenings = await openFolds(backend, layout, folds, positions)
  backend.release(...trees.filter((tree) => tree !== fixed), ...folds)
  return {
    instances: claims,
    stage1Root: stage1.root,
    ...(stage2 === undefined ? {} : { stage2Root: stage2.root }),
    quotientRoot: quotient.root,
    evaluations,
    foldingRoots: folds.map(({ root }) => root),
    finalPolynomial,
    nonce,
    openings,
    foldingOpenings,
  }
}

/** Commits, challenges and folds round by round; heights join where folding reaches them. */
async function foldAll(
  { backend, hasher }: Session,
  layout: ShardLayout,
  codewords: readonly Codeword[],
  transcript: ShardTranscript,
): Promise<{ folds: Commitment[]; finalPolynomial: Ext[] }> {
  const folds: Commitment[] = []
  let current = codewords[0]!
  for (const { logDegree, logArity } of layout.folding.rounds) {
    const committed = await backend.commitCodeword(current, logArity, hasher)
    folds.push(committed)
    const beta = transcript.foldingChallenge(committed.root)
    const joining = layout.heights.findIndex(({ logRows }) => logRows === logDegree - logArity)
    const folded = await backend.fold(current, logArity, beta, codewords[joining])
    backend.release(current)
    current = folded
  }
  const finalPolynomial = await backend.coefficients(current, layout.folding.logFinalDegree)
  backend.release(current, ...codewords.slice(1))
  transcript.finalPolynomial(finalPolynomial)
  return { folds, finalPolynomial }
}

/** Opens every folding round, without the values that the verifier computes itself. */
async function openFolds(
  backend: Backend,
  layout: ShardLayout,
  folds: readonly Commitment[],
  positions: readonly number[],
): Promise<TreeOpening[]> {
  const openings: TreeOpening[] = []
  let known = positions
  for (const [r, { logArity }] of layout.folding.rounds.entries()) {
    const arity = 2 ** logArity
    const rows = projectPositions(known, logArity, 0)
    const opening = await backend.open(folds[r]!, rows)
    const present = new Set(known)
    const sent = opening.rows.filter((_, word) => {
      const place = Math.floor(word / 3)
      return !present.has(rows[Math.floor(place / arity)]! * arity + reverseBits(place % arity, logArity))
    })
    openings.push({ rows: sent, siblings: opening.siblings })
    known = rows
  }
  return openings
}

function openSession(
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

function fixedTree(session: Session): Promise<Commitment> {
  session.fixed ??= commitFixed(session)
  return session.fixed
}

async function commitFixed({ request, backend, profile, hasher }: Session): Promise<Commitment> {
  const { prepared, originals } = request.key
  const loads = prepared.shapes.flatMap(({ index, fixed }) =>
    fixed.length > 0 ? [backend.load(fixedMatrix(originals[index]!, fixed))] : [],
  )
  // None goes on when this has failed.
  await Promise.allSettled(loads)
  return backend.commit(await Promise.all(loads), { logBlowup: profile.logBlowup, hasher })
}

async function commitCustomOf(
  { backend, profile, hasher }: Session,
  instances: readonly ProverInstance[],
  { air, commit }: { readonly air: number; readonly commit: number },
): Promise<Commitment> {
  const { shape, custom, logRows } = instances.find((instance) => instance.shape.index === air)!
  const matrix = await backend.load({ logRows, columns: shape.custom[commit]!.map((i) => custom[i]!) })
  return backend.commit([matrix], { logBlowup: profile.logBlowup, hasher })
}

/** What an instance shows before stage 2. */
function claimOf({ shape, segment, logRows, airValues }: ProverInstance): InstanceClaim {
  const stages = shape.air.airValues
  const airValues1 = airValues.filter((_, i) => stages[i]!.stage === 1)
  return { air: shape.index, segment, logRows, airValues1, airValues2: [], airGroupValues: [] }
}
