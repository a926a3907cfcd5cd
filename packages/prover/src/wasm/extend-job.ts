/** Extending one panel as jobs, whole or in parts that several workers share. */
import { type Kernels, type NttPlan, nttSweeps, runNtt } from '@zisk/field'
import type { Address } from './arena.ts'

/**
 * Transforms one panel: from values at `src` to coefficients at `work` (which are there already without `inverse`), then to
 * values on cosets. All of them, and the tables of the plans, are in one memory.
 */
export interface ExtendJob {
  readonly kind: 'extend'
  readonly src: Address
  /** May be `src`, and the place of the last coset. */
  readonly work: Address
  readonly inverse?: NttPlan
  readonly cosets: readonly { readonly plan: NttPlan; readonly dst: Address }[]
  /** A range of one step; everything when absent. */
  readonly part?: ExtendPart
}

/**
 * The steps of an extension in two sweeps, each of which follows when the one before it is complete: first sweep to
 * coefficients; by blocks, the last sweep to coefficients and the first to each coset; last sweep to each coset.
 */
export const EXTEND_STEPS = ['interpolate', 'spread', 'finish'] as const

type ExtendStep = (typeof EXTEND_STEPS)[number]

export interface ExtendPart {
  readonly step: ExtendStep
  readonly begin: number
  readonly end: number
}

/** Whether an extension has steps that can be cut into ranges: it takes two sweeps. */
export function hasExtendParts(job: ExtendJob): boolean {
  return nttSweeps(planOf(job)).length === 2
}

/** Units of a step of an extension in two sweeps, and what ranges of them are multiples of; no units: no such step. */
export function extendUnits(job: ExtendJob, step: ExtendStep): { readonly units: number; readonly step: number } {
  const sweeps = nttSweeps(planOf(job))
  const isStrided = step !== 'spread'
  const isAbsent =
    (step === 'interpolate' && job.inverse === undefined) || (step === 'finish' && job.cosets.length === 0)
  if (isAbsent) return { units: 0, step: 1 }
  // The strided sweep is the first of an inverse transform and the last of a forward one.
  return sweeps[(job.inverse !== undefined) === isStrided ? 0 : 1]!
}

/** One of the plans, which are all of one size. */
export function planOf({ inverse, cosets }: ExtendJob): NttPlan {
  return inverse ?? cosets[0]!.plan
}

/** Runs the job, or its part. */
export function runExtend(kernels: Kernels, job: ExtendJob): void {
  const { part, src, work, inverse, cosets } = job
  if (part !== undefined) runPart(kernels, job, part)
  else if (hasExtendParts(job))
    for (const step of EXTEND_STEPS) runPart(kernels, job, { step, begin: 0, end: extendUnits(job, step).units })
  else {
    if (inverse !== undefined) runNtt(kernels, inverse, src, work)
    for (const { plan, dst } of cosets) runNtt(kernels, plan, work, dst)
  }
}

function runPart(kernels: Kernels, { src, work, inverse, cosets }: ExtendJob, { step, begin, end }: ExtendPart): void {
  switch (step) {
    case 'interpolate':
      if (inverse !== undefined) nttSweeps(inverse)[0]!.run(kernels, src, work, begin, end)
      break
    case 'spread':
      // Block by block, so that the coefficients of a block are still in cache for every coset.
      for (let block = begin; block < end; block++) {
        if (inverse !== undefined) nttSweeps(inverse)[1]!.run(kernels, work, work, block, block + 1)
        for (const { plan, dst } of cosets) nttSweeps(plan)[0]!.run(kernels, work, dst, block, block + 1)
      }
      break
    case 'finish':
      for (const { plan, dst } of cosets) nttSweeps(plan)[1]!.run(kernels, dst, dst, begin, end)
  }
}
