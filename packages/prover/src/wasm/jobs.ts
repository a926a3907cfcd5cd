/**
 * The units of work that run in parallel: plain data in, results in the shared memory. A job is a few milliseconds or
 * more; jobs that run at the same time write to disjoint places.
 */
import { BLAKE3_NODE, blake3Rows, type Kernels, type NttPlan, type Offset, type RowDigests, runNtt } from '@zisk/field'
import type { HashName } from '@zisk/verifier'
import { BLOCK_ROWS, type ColumnProgram, fillScalars, type LeafPlace, runBlock } from './column-program.ts'

/** Extends one panel: values to coefficients in place (unless they are coefficients already), then to every coset. */
export interface ExtendJob {
  readonly kind: 'extend'
  readonly panel: Offset
  readonly inverse?: NttPlan
  readonly cosets: readonly { readonly plan: NttPlan; readonly dst: Offset }[]
}

/** Hashes rows of panels. */
export interface LeavesJob {
  readonly kind: 'leaves'
  readonly hash: HashName
  readonly rows: RowDigests
}

/** Hashes pairs of digests: out[i] from left[i] and right[i]. */
export interface NodesJob {
  readonly kind: 'nodes'
  readonly hash: HashName
  readonly left: Offset
  readonly right: Offset
  readonly out: Offset
  readonly begin: number
  readonly end: number
}

/** Weighted sums of the cells of each row. */
export interface CombineJob {
  readonly kind: 'combine'
  readonly panels: Offset
  readonly panelCount: number
  readonly weights: Offset
  readonly dst: Offset
  readonly plane: number
  readonly begin: number
  readonly end: number
}

/** Weighted sums of the cells of each column of some panels; `dst` is zero before. */
export interface EvaluateJob {
  readonly kind: 'evaluate'
  readonly panels: readonly { readonly panel: Offset; readonly dst: Offset }[]
  readonly weights: Offset
  readonly plane: number
  readonly rows: number
}

/** Runs a column program over blocks of rows and stores its outputs. */
export interface ProgramJob {
  readonly kind: 'program'
  readonly program: ColumnProgram
  readonly leaves: readonly LeafPlace[]
  readonly work: Offset
  readonly rows: number
  readonly begin: number
  readonly end: number
  /** For each output a column; base outputs of columns over the extension get zero upper coordinates. */
  readonly outputs: readonly OutputPlace[]
}

/** Where an output goes: planar, `plane` bytes apart; a base column has no plane. */
export interface OutputPlace {
  readonly dst: Offset
  readonly plane?: number
  /** Added to what is there. */
  readonly accumulate?: boolean
}

export type Job = ExtendJob | LeavesJob | NodesJob | CombineJob | EvaluateJob | ProgramJob

/** Runs one job. */
export function runJob(kernels: Kernels, job: Job): void {
  switch (job.kind) {
    case 'extend':
      if (job.inverse !== undefined) runNtt(kernels, job.inverse, job.panel, job.panel)
      for (const { plan, dst } of job.cosets) runNtt(kernels, plan, job.panel, dst)
      break
    case 'leaves':
      hashRows(kernels, job)
      break
    case 'nodes':
      hashPairs(kernels, job)
      break
    case 'combine':
      kernels.combineColumns(job.panels, job.panelCount, job.weights, job.dst, job.plane, job.begin, job.end)
      break
    case 'evaluate':
      for (const { panel, dst } of job.panels) kernels.evaluatePanel(panel, job.weights, job.plane, dst, job.rows)
      break
    case 'program':
      runProgram(kernels, job)
  }
}

function hashRows(kernels: Kernels, { hash, rows }: LeavesJob): void {
  if (hash === 'blake3') blake3Rows(kernels, rows)
  else kernels.poseidon2Leaves(rows.blocks, rows.rowBytes / 8, rows.rowStride, rows.out, rows.begin, rows.end)
}

function hashPairs(kernels: Kernels, { hash, left, right, out, begin, end }: NodesJob): void {
  if (hash === 'blake3') kernels.blake3Pairs(left, right, 32, out, BLAKE3_NODE, begin, end)
  else kernels.poseidon2Nodes2(left, right - left, 32, out, begin, end)
}

function runProgram(kernels: Kernels, job: ProgramJob): void {
  const { program, leaves, work, rows, begin, end, outputs } = job
  fillScalars(kernels, program, work)
  for (let first = begin; first < end; first += BLOCK_ROWS) {
    runBlock(kernels, program, leaves, work, rows, first)
    const count = Math.min(BLOCK_ROWS, end - first)
    for (const [i, { slot, isBase }] of program.outputs.entries())
      store(kernels, work + slot, isBase, outputs[i]!, first, count)
  }
}

function store(
  kernels: Kernels,
  from: Offset,
  isBase: boolean,
  { dst, plane, accumulate = false }: OutputPlace,
  first: number,
  count: number,
): void {
  for (let k = 0; k < (plane === undefined ? 1 : 3); k++) {
    const to = dst + k * (plane ?? 0) + 8 * first
    const coordinate = from + 8 * BLOCK_ROWS * k
    if (isBase && k > 0) {
      if (!accumulate) kernels.fillPowers(to, count, 0n, 1n)
    } else if (accumulate) kernels.addColumns(to, coordinate, to, count)
    else kernels.copyStrided(coordinate, 8, to, 8, count)
  }
}
