/** Extending one panel as jobs, whole or in parts that several workers share. */
import { type Kernels, type NttPlan, nttSweeps, type Offset, runNtt, transformedBytes } from '@zisk/field'
import { PANEL_WORDS } from '@zisk/verifier'
import type { Address } from './arena.ts'

/**
 * Transforms one panel: from values at `src` to coefficients at `work` (which are there already without `inverse`), then to
 * values on cosets. All of them, and the tables of the plans, are in one memory.
 */
export interface ExtendJob {
  readonly kind: 'extend'
  /** Columns of the panel; the others are zero on all cosets. */
  readonly columns: number
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
  const { part, columns, src, work, inverse, cosets } = job
  if (part !== undefined) runPart(kernels, job, part)
  else if (hasExtendParts(job))
    for (const step of EXTEND_STEPS) runPart(kernels, job, { step, begin: 0, end: extendUnits(job, step).units })
  else {
    if (inverse !== undefined) runNtt(kernels, inverse, src, work, columns)
    for (const { plan, dst } of cosets) {
      runNtt(kernels, plan, work, dst, columns)
      clearAbsent(kernels, dst, columns, { begin: 0, end: 2 ** plan.logN })
    }
  }
}

function runPart(kernels: Kernels, job: ExtendJob, { step, begin, end }: ExtendPart): void {
  const { columns, src, work, inverse, cosets } = job
  const sweepsOf = (plan: NttPlan) => nttSweeps(plan, columns)
  switch (step) {
    case 'interpolate':
      if (inverse !== undefined) sweepsOf(inverse)[0]!.run(kernels, src, work, begin, end)
      break
    case 'spread': {
      const blockRows = 2 ** planOf(job).logN / extendUnits(job, 'spread').units
      // Block by block, so that the coefficients of a block are still in cache for every coset.
      for (let block = begin; block < end; block++) {
        if (inverse !== undefined) sweepsOf(inverse)[1]!.run(kernels, work, work, block, block + 1)
        for (const { plan, dst } of cosets) {
          sweepsOf(plan)[0]!.run(kernels, work, dst, block, block + 1)
          clearAbsent(kernels, dst, columns, { begin: block * blockRows, end: (block + 1) * blockRows })
        }
      }
      break
    }
    case 'finish':
      for (const { plan, dst } of cosets) sweepsOf(plan)[1]!.run(kernels, dst, dst, begin, end)
  }
}

/** Transforms leave the columns that are not there alone, in memory that may have been used before. */
function clearAbsent(
  kernels: Kernels,
  panel: Offset,
  columns: number,
  { begin, end }: { readonly begin: number; readonly end: number },
): void {
  const width = transformedBytes(columns)
  if (width < 8 * PANEL_WORDS) kernels.clearPanel(panel, width, begin, end)
}
