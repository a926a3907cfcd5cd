/**
 * The units of work that run in parallel: plain data in, results in the shared memory. A job is a few milliseconds or
 * more; jobs that run at the same time write to disjoint places.
 */
import {
  BLAKE3_NODE,
  blake3Rows,
  type ColumnKernel,
  createColumnKernel,
  type Ext,
  type Kernels,
  type NttPlan,
  type Offset,
  type RowDigests,
  runNtt,
} from '@zisk/field'
import type { WasmMemory, WasmModule } from '@zisk/field/wasm'
import { type HashName, PANEL_WORDS } from '@zisk/verifier'

/** Moves columns, given as a list of their offsets, into a panel. */
export interface GatherJob {
  readonly kind: 'gather'
  readonly columns: Offset
  readonly width: number
  readonly panel: Offset
  readonly rows: number
}

/** Transforms one panel: from values at `src` to coefficients at `work` (which are there already without `inverse`), then to values on cosets. */
export interface ExtendJob {
  readonly kind: 'extend'
  readonly src: Offset
  /** May be `src`, and the place of the last coset. */
  readonly work: Offset
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

/** Weights factor * x / (point - x) of the points x = first * root^i; see `barycentric.ts`. */
export interface WeightsJob {
  readonly kind: 'weights'
  readonly point: Ext
  readonly first: bigint
  readonly root: bigint
  /** An extension element in memory. */
  readonly factor: Offset
  readonly dst: Offset
  readonly plane: number
  /** A base column of work space. */
  readonly work: Offset
  readonly count: number
}

/** Weighted sums of the cells of each column of some panels; `dst` is zero before. */
export interface EvaluateJob {
  readonly kind: 'evaluate'
  readonly panels: readonly { readonly panel: Offset; readonly dst: Offset }[]
  readonly weights: Offset
  readonly plane: number
  readonly rows: number
}

/** above[i] /= below[i] for planar columns; below is used up. The word at `zero` becomes 1 when some below[i] is 0. */
export interface DivideJob {
  readonly kind: 'divide'
  readonly above: Offset
  readonly below: Offset
  readonly plane: number
  readonly work: Offset
  readonly count: number
  readonly zero: Offset
}

/** One coset of a DEEP codeword: adds (combined(x) - claimed) / (x - point) to a planar column, or begins it. */
export interface DeepJob {
  readonly kind: 'deep'
  /** Panel of coefficients with the combined columns as columns 0, 1, 2, and the transform to this coset. */
  readonly combined: Offset
  readonly plan: NttPlan
  /** A panel, then three planar columns and a base column of work space, `plane` bytes each. */
  readonly values: Offset
  readonly work: Offset
  readonly plane: number
  readonly rows: number
  readonly shift: bigint
  readonly root: bigint
  readonly claimed: Ext
  readonly point: Ext
  readonly dst: Offset
  readonly dstPlane: number
  readonly isFirst: boolean
}

/** Runs a compiled column program over a range of rows; see the `ColumnKernel` of `@zisk/field`. */
export interface ProgramJob {
  readonly kind: 'program'
  readonly id: number
  readonly module: WasmModule
  /** Number of nodes, for an estimate of the time. */
  readonly cost: number
  readonly columns: Offset
  readonly scalars: Offset
  readonly outputs: Offset
  readonly work: Offset
  readonly mask: number
  readonly begin: number
  readonly end: number
}

export type Job =
  | WeightsJob
  | GatherJob
  | ExtendJob
  | LeavesJob
  | NodesJob
  | CombineJob
  | EvaluateJob
  | DivideJob
  | DeepJob
  | ProgramJob

/** What runs jobs in one thread: kernels, and an instance of every program that came by. */
export class JobRunner {
  readonly #kernels: Kernels
  readonly #memory: WasmMemory
  readonly #programs = new Map<number, ColumnKernel>()

  constructor(kernels: Kernels, memory: WasmMemory) {
    this.#kernels = kernels
    this.#memory = memory
  }

  run(job: Job): void {
    const kernels = this.#kernels
    switch (job.kind) {
      case 'gather':
        kernels.columnsToPanel(job.columns, job.width, job.panel, 0, job.rows)
        break
      case 'extend':
        if (job.inverse !== undefined) runNtt(kernels, job.inverse, job.src, job.work)
        for (const { plan, dst } of job.cosets) runNtt(kernels, plan, job.work, dst)
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
      case 'weights':
        fillWeights(kernels, job)
        break
      case 'evaluate':
        for (const { panel, dst } of job.panels) kernels.evaluatePanel(panel, job.weights, job.plane, dst, job.rows)
        break
      case 'divide':
        if (kernels.extInverseColumn(job.below, job.below, job.plane, job.work, job.count) === 1)
          new BigUint64Array(this.#memory.buffer, job.zero, 1)[0] = 1n
        else kernels.extMulColumns(job.above, job.below, job.above, job.plane, job.count)
        break
      case 'deep':
        addDeepQuotient(kernels, job)
        break
      case 'program':
        this.#program(job).run(job.columns, job.scalars, job.outputs, job.work, job.mask, job.begin, job.end)
    }
  }

  #program({ id, module }: ProgramJob): ColumnKernel {
    const known = this.#programs.get(id)
    if (known !== undefined) return known
    const made = createColumnKernel(module, this.#memory)
    this.#programs.set(id, made)
    return made
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

function fillWeights(kernels: Kernels, { point, first, root, factor, dst, plane, work, count }: WeightsJob): void {
  // point - x, coordinate by coordinate
  for (const [k, word] of point.entries()) kernels.fillPowers(dst + k * plane, count, word, 1n)
  kernels.fillPowers(work, count, first, root)
  kernels.subColumns(dst, work, dst, count)
  kernels.extInverseColumn(dst, dst, plane, work, count)
  kernels.fillPowers(work, count, first, root)
  for (let k = 0; k < 3; k++) kernels.mulColumns(dst + k * plane, work, dst + k * plane, count)
  kernels.extScaleColumn(dst, dst, plane, factor, count)
}

function addDeepQuotient(kernels: Kernels, job: DeepJob): void {
  const { values, work, plane, rows, dst, dstPlane } = job
  const [numerator, constant, divisor, inverses] = [work, work + 3 * plane, work + 4 * plane, work + 7 * plane]
  runNtt(kernels, job.plan, job.combined, values)
  for (let k = 0; k < 3; k++) {
    const at = numerator + k * plane
    kernels.copyStrided(values + 8 * k, 8 * PANEL_WORDS, at, 8, rows)
    kernels.fillPowers(constant, rows, job.claimed[k]!, 1n)
    kernels.subColumns(at, constant, at, rows)
    const below = divisor + k * plane
    kernels.fillPowers(below, rows, k === 0 ? job.shift : 0n, job.root)
    kernels.fillPowers(constant, rows, job.point[k]!, 1n)
    kernels.subColumns(below, constant, below, rows)
  }
  kernels.extInverseColumn(divisor, divisor, plane, inverses, rows)
  kernels.extMulColumns(numerator, divisor, numerator, plane, rows)
  for (let k = 0; k < 3; k++) {
    const to = dst + k * dstPlane
    if (job.isFirst) kernels.copyStrided(numerator + k * plane, 8, to, 8, rows)
    else kernels.addColumns(to, numerator + k * plane, to, rows)
  }
}
