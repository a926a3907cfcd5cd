/** Many extensions at once: small ones whole, those that make up much of the work in parts that all workers share. */
import type { Engine } from './engine.ts'
import { EXTEND_STEPS, type ExtendJob, extendUnits, hasExtendParts, planOf } from './extend-job.ts'
import type { Job } from './jobs.ts'

/** A panel is worth cutting when it is more than this part of one worker's share of all. */
const LARGE_SHARE = 1 / 8

/** Runs the extensions; parts first, so that the whole ones fill the last gaps. */
export async function runExtensions(engine: Engine, jobs: readonly ExtendJob[]): Promise<void> {
  const { runner } = engine
  const cost = (job: ExtendJob): number =>
    2 ** planOf(job).logN * job.columns * (job.cosets.length + (job.inverse === undefined ? 0 : 1))
  const share = jobs.reduce((sum, job) => sum + cost(job), 0) / runner.width
  const isCut = (job: ExtendJob): boolean => runner.width > 1 && hasExtendParts(job) && cost(job) > LARGE_SHARE * share
  const large = jobs.filter(isCut)
  const whole = jobs.filter((job) => !isCut(job))
  for (const [i, step] of EXTEND_STEPS.entries()) {
    const parts = large.flatMap((job) => {
      const { units, step: multiple } = extendUnits(job, step)
      return engine.ranges(units, multiple, multiple).map((range): Job => ({ ...job, part: { step, ...range } }))
    })
    await runner.run(i === EXTEND_STEPS.length - 1 ? [...parts, ...whole] : parts)
  }
}
