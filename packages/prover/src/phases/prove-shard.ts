/** Proves one shard whose columns of stage 1 are committed, phase by phase. */
import {
  type InstanceClaim,
  projectPositions,
  type RunStart,
  type ShardProof,
  ShardTranscript,
  type TreeOpening,
} from '@zisk/verifier'
import type { Commitment, HeldMatrix, ProverInstance, RunContext } from '../backend/backend.ts'
import { fixedTree } from './fixed-tree.ts'
import { foldAll, openFolds } from './folding.ts'
import type { PlannedShard, Session } from './session.ts'
import { type CommittedShard, claimOf } from './stage1.ts'

/** Proves a shard from the challenges of the run on; its columns are given back. */
export async function proveShard(
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
  backend.resume(layout)
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

async function commitCustomOf(
  { backend, profile, hasher }: Session,
  instances: readonly ProverInstance[],
  { air, commit }: { readonly air: number; readonly commit: number },
): Promise<Commitment> {
  const { shape, custom, logRows } = instances.find((instance) => instance.shape.index === air)!
  const matrix = await backend.load({ logRows, columns: shape.custom[commit]!.map((i) => custom[i]!) })
  return backend.commit([matrix], { logBlowup: profile.logBlowup, hasher })
}
