/** Whether every list of a shard proof is as long as its layout says, and whether that layout is secure enough. */
import { reject } from '../errors.ts'
import type { Profile } from '../parameters/profile.ts'
import { type ProofShape, type SoundnessReport, soundness } from '../parameters/soundness.ts'
import type { ShardProof } from '../proof/proof.ts'
import type { ShardLayout } from '../protocol/layout.ts'

/** @throws VerificationError PROOF_SHAPE_INVALID. */
export function checkShape(layout: ShardLayout, shard: ShardProof): void {
  const hasStage2 = layout.trees.some(({ name }) => name === 'stage2')
  const expected: readonly (readonly [what: string, got: number, expected: number])[] = [
    ['stage-2 roots', shard.stage2Root === undefined ? 0 : 1, hasStage2 ? 1 : 0],
    ['evaluations', shard.evaluations.length, layout.evaluations],
    ['folding roots', shard.foldingRoots.length, layout.folding.rounds.length],
    ['coefficients', shard.finalPolynomial.length, 2 ** layout.folding.logFinalDegree],
    ['openings', shard.openings.length, layout.trees.length],
    ['folding openings', shard.foldingOpenings.length, layout.folding.rounds.length],
  ]
  for (const [what, got, count] of expected)
    if (got !== count) reject('PROOF_SHAPE_INVALID', `expected ${count} ${what}, got ${got}`)
}

/** The security of a run: that of its weakest shard. The lookup challenges serve all shards. */
export function runSoundness(profile: Profile, layouts: readonly ShardLayout[]): SoundnessReport {
  const challengeDegree = layouts
    .flatMap(({ instances }) => instances)
    .reduce((sum, { shape, logRows }) => sum + shape.challengeDegree * 2 ** logRows, 0)
  return layouts
    .map((layout) => soundness(profile, shapeOf(layout, challengeDegree)))
    .reduce((weakest, report) => (report.bits < weakest.bits ? report : weakest))
}

function shapeOf(layout: ShardLayout, challengeDegree: number): ProofShape {
  return {
    heights: layout.heights.map(({ logRows, instances, terms }) => {
      const shapes = instances.map((i) => layout.instances[i]!.shape)
      return {
        logRows,
        openings: terms.length,
        constraints: shapes.reduce((sum, { air }) => sum + air.constraints.length, 0),
        maxDegree: Math.max(...shapes.map(({ maxDegree }) => maxDegree)),
        offsetSpan: Math.max(...shapes.map(({ offsetSpan }) => offsetSpan)),
      }
    }),
    rounds: layout.folding.rounds,
    challengeDegree,
  }
}
