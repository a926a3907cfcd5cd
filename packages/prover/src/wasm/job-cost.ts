import { PANEL_WORDS } from '@zisk/verifier'
import { type ExtendJob, extendUnits, planOf } from './extend-job.ts'
import type { FractionsJob } from './fractions-job.ts'
import type { Job } from './jobs.ts'

/** Rough nanoseconds of one unit of each kind of work on one core; they decide only where a job runs. */
const COST = {
  gatherRow: 10,
  fillRow: 4,
  termRow: 20,
  piecesRow: 60,
  joinRow: 40,
  foldRow: 40,
  transformRow: 120,
  block: 45,
  node: 45,
  panelRow: 35,
  nodeRow: 2,
  divideRow: 80,
  deepRow: 80,
} as const

/** About how many nanoseconds a job takes. */
export function jobCost(job: Job): number {
  switch (job.kind) {
    case 'gather':
    case 'unpack':
      return (job.end - job.begin) * COST.gatherRow
    case 'extend':
      return extendCost(job)
    case 'leaves':
      return ((job.end - job.begin) * job.rowBytes * COST.block) / 64
    case 'nodes':
      return (job.end - job.begin) * COST.node
    case 'weights':
      return job.count * COST.divideRow
    case 'evaluate':
      return job.rows * COST.panelRow
    case 'fractions':
      return (job.end - job.begin) * fractionsCost(job.waves)
    case 'carry':
      return (job.end - job.begin) * COST.gatherRow
    case 'deep':
      return (
        (job.end - job.begin) *
        job.points.reduce((ns, p) => ns + COST.deepRow + (p.vectors.length / 4) * COST.panelRow, 0)
      )
    case 'fold':
      return (job.end - job.begin) * COST.foldRow
    case 'grind':
      return job.count * COST.block
    case 'cheap':
      return (job.end - job.begin) * (COST.fillRow + job.terms.length * COST.termRow)
    case 'pieces':
      return (job.end - job.begin) * COST.piecesRow
    case 'join':
      return (job.end - job.begin) * COST.joinRow
    case 'program':
      return (job.end - job.begin) * job.cost * COST.nodeRow
  }
}

function fractionsCost(waves: FractionsJob['waves']): number {
  return waves.reduce((ns, { cost, fractions }) => ns + cost * COST.nodeRow + fractions.length * COST.divideRow, 0)
}

function extendCost(job: ExtendJob): number {
  const { part, inverse, cosets } = job
  const interpolations = inverse === undefined ? 0 : 1
  const sweep = (COST.transformRow / 2) * (job.columns / PANEL_WORDS) * 2 ** planOf(job).logN
  if (part === undefined) return 2 * sweep * (interpolations + cosets.length)
  const sweeps = { interpolate: interpolations, spread: interpolations + cosets.length, finish: cosets.length }
  return (sweep * sweeps[part.step] * (part.end - part.begin)) / extendUnits(job, part.step).units
}
