/** The prover: one run in numbered steps. All arithmetic over columns is the back end's. */
import { type AirInstance, bindWitness, type ProgramWitness, type WitnessSource } from '@zisk/air'
import type { Ext } from '@zisk/field'
import {
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
  ShardTranscript,
  type Statement,
  shardLayout,
  startRun,
  type TreeOpening,
} from '@zisk/verifier'
import type { Backend, Codeword, ColumnMatrix, Commitment, ProverInstance, RunContext } from './backend/backend.ts'
import { ProverError } from './errors.ts'
import { prepareInstances } from './instances.ts'
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
  readonly signal?: AbortSignal
  /** Called when a phase of a shard begins. */
  readonly onPhase?: (phase: Phase, shard: number) => void
}

/** Phases of a proof, in order. */
export type Phase = 'stage1' | 'stage2' | 'quotient' | 'openings' | 'folding' | 'queries'

/** A shard while it is proved. */
interface ShardState {
  readonly k: number
  readonly instances: readonly ProverInstance[]
  readonly layout: ShardLayout
  readonly stage1: Commitment
}

/** Everything that the shards share. */
interface Session {
  /** The tree of fixed columns, once a shard needed it; it serves all shards. */
  fixed?: Commitment
  readonly request: ProveRequest
  readonly witness: ProgramWitness
  readonly backend: Backend
  readonly profile: Profile
  readonly hasher: Hasher
  readonly enter: (phase: Phase, shard: number) => void
}

/**
 * Proves a run. The same request gives the same proof.
 *
 * @throws ProverError, AirError.
 */
export function prove(request: ProveRequest): Promise<Proof> {
  return request.backend.session(() => proveRun(request))
}

async function proveRun(request: ProveRequest): Promise<Proof> {
  const { key, backend, programKey = EMPTY_PROGRAM_KEY } = request
  const witness = 'instance' in request.witness ? await wholeWitness(request.witness, request.signal) : request.witness
  const session = openSession(request, witness)
  const { profile, hasher } = session

  // 1. Bind the witness to its AIRs; order the instances of each shard.
  const bound = bindWitness(key.program, witness)
  const groups = request.shards ?? [bound.map((_, i) => i)]
  const prepared = groups.map((members) =>
    prepareInstances(
      key,
      witness,
      members.map((i) => bound[i]!),
    ),
  )

  // 2. Commit stage 1 of every shard.
  const shards: ShardState[] = []
  for (const [k, instances] of prepared.entries()) {
    session.enter('stage1', k)
    const layout = shardLayout(key.prepared.shapes, profile, instances.map(instanceId))
    const stage1 = await backend.commit(instances.map(stage1Matrix), profile.logBlowup, hasher)
    shards.push({ k, instances, layout, stage1 })
  }

  // 3. T0 and the lookup challenges, from the statement and all stage-1 commitments.
  const statement: Statement = {
    profile: profile.id,
    setupDigest: key.prepared.digest,
    programKey,
    publics: witness.publics,
    proofValues: witness.proofValues,
  }
  const starts = shards.map(({ instances, stage1 }) => ({
    instances: instances.map((instance) => claimOf(instance)),
    stage1Root: stage1.root,
  }))
  const run = startRun(hasher, statement, starts, key.program.challenges.length)

  // 4. Each shard on its own.
  const proofs: ShardProof[] = []
  for (const shard of shards) proofs.push(await proveShard(session, run, shard))
  if (session.fixed !== undefined) backend.release(session.fixed)
  return { ...statement, hash: hasher.id, shards: proofs }
}

/** Asks a source for everything. */
async function wholeWitness(source: WitnessSource, signal?: AbortSignal): Promise<ProgramWitness> {
  const instances: AirInstance[] = []
  for (const position of source.instances.keys()) instances.push(await source.instance(position, signal))
  return { instances, publics: source.publics, proofValues: source.proofValues }
}

async function proveShard(session: Session, run: RunStart, { k, instances, layout, stage1 }: ShardState) {
  const { request, witness, backend, profile, hasher, enter } = session
  const { key } = request
  const { logBlowup } = profile
  const transcript = new ShardTranscript(hasher, run, k)
  const context: RunContext = {
    program: key.program,
    publics: witness.publics,
    proofValues: witness.proofValues,
    challenges: run.challenges,
  }

  // a. Stage 2: partial sums, running sums, their totals.
  enter('stage2', k)
  const claims: InstanceClaim[] = []
  const stage2Matrices: ColumnMatrix[] = []
  for (const instance of instances) {
    const { columns, airValues, airGroupValues } = await backend.stage2(instance, context)
    claims.push({ ...claimOf(instance), airValues2: airValues, airGroupValues })
    if (columns.length > 0) stage2Matrices.push({ logRows: instance.logRows, columns })
  }
  const stage2 = stage2Matrices.length > 0 ? await backend.commit(stage2Matrices, logBlowup, hasher) : undefined
  const lambda = transcript.constraintChallenge(stage2?.root, claims)

  // b. The quotient.
  enter('quotient', k)
  const trees: Commitment[] = []
  for (const { name, custom } of layout.trees) {
    if (name === 'fixed') trees.push(await fixedTree(session))
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
  backend.release(...trees.filter((tree) => tree !== session.fixed), ...folds)
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

function openSession(request: ProveRequest, witness: ProgramWitness): Session {
  const { hash = 'blake3', signal, onPhase, backend } = request
  const hasher = typeof hash === 'string' ? hasherNamed(hash) : hash
  if (hasher === undefined)
    throw new ProverError({ code: 'PROVER_INPUT_INVALID', message: `hash ${String(hash)} is not known` })
  return {
    request,
    witness,
    backend,
    profile: profileNamed(request.profile),
    hasher,
    enter: (phase, shard) => {
      if (signal?.aborted === true)
        throw new ProverError({ code: 'PROVER_CANCELLED', message: `cancelled before ${phase} of shard ${shard}` })
      onPhase?.(phase, shard)
    },
  }
}

async function fixedTree(session: Session): Promise<Commitment> {
  session.fixed ??= await commitFixed(session)
  return session.fixed
}

function commitFixed({ request, backend, profile, hasher }: Session): Promise<Commitment> {
  const { prepared, originals } = request.key
  const matrices = prepared.shapes
    .filter(({ fixed }) => fixed.length > 0)
    .map(({ index, fixed }) => fixedMatrix(originals[index]!, fixed))
  return backend.commit(matrices, profile.logBlowup, hasher)
}

async function commitCustomOf(
  { backend, profile, hasher }: Session,
  instances: readonly ProverInstance[],
  { air, commit }: { readonly air: number; readonly commit: number },
): Promise<Commitment> {
  const { shape, witness, logRows } = instances.find((instance) => instance.shape.index === air)!
  const columns = shape.custom[commit]!.map((i) => witness.custom[i]!)
  return backend.commit([{ logRows, columns }], profile.logBlowup, hasher)
}

function instanceId({ shape, witness, logRows }: ProverInstance) {
  return { air: shape.index, segment: witness.segment, logRows }
}

/** What an instance shows before stage 2. */
function claimOf(instance: ProverInstance): InstanceClaim {
  const { airValues } = instance.shape.air
  const airValues1 = instance.witness.airValues.filter((_, i) => airValues[i]!.stage === 1)
  return { ...instanceId(instance), airValues1, airValues2: [], airGroupValues: [] }
}

function stage1Matrix({ shape, stage1, logRows }: ProverInstance): ColumnMatrix {
  return { logRows, columns: shape.stage1.map((column) => stage1.get(column)!) }
}
