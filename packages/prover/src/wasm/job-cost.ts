import type { Job } from './jobs.ts'

/** Rough nanoseconds of one unit of each kind of work on one core; they decide only where a job runs. */
const COST = {
  gatherRow: 10,
  transformRow: 120,
  block: 45,
  node: 45,
  panelRow: 35,
  nodeRow: 2,
  divideRow: 80,
  deepRow: 300,
} as const

/** About how many nanoseconds a job takes. */
export function jobCost(job: Job): number {
  switch (job.kind) {
    case 'gather':
      return job.rows * COST.gatherRow
    case 'extend': {
      const transforms = job.cosets.length + (job.inverse === undefined ? 0 : 1)
      return transforms * 2 ** (job.inverse ?? job.cosets[0]!.plan).logN * COST.transformRow
    }
    case 'leaves':
      return ((job.rows.end - job.rows.begin) * job.rows.rowBytes * COST.block) / 64
    case 'nodes':
      return (job.end - job.begin) * COST.node
    case 'combine':
      return (job.end - job.begin) * job.panelCount * COST.panelRow
    case 'weights':
      return job.count * COST.divideRow
    case 'evaluate':
      return job.rows * job.panels.length * COST.panelRow
    case 'divide':
      return job.count * COST.divideRow
    case 'deep':
      return job.rows * COST.deepRow
    case 'program':
      return (job.end - job.begin) * job.cost * COST.nodeRow
  }
}
