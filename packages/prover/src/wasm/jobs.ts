/**
 * The units of work that run in parallel: plain data in, results in the shared memory. A job is a few milliseconds or
 * more; jobs that run at the same time write to disjoint places.
 */
import {
  BLAKE3_NODE,
  blake3Rows,
  type ColumnKernel,
  type ColumnTape,
  createColumnKernel,
  createTapeKernel,
  type Ext,
  type Kernels,
  type Offset,
  type RowDigests,
} from '@zisk/field'
import type { WasmModule } from '@zisk/field/wasm'
import { type HashName, PANEL_WORDS } from '@zisk/verifier'
import { type DeepJob, runDeep } from './deep-job.ts'
import { type ExtendJob, type JobContext, type LoadJob, runExtend, runLoad } from './extend-job.ts'
import { type GrindJob, runGrind } from './grind-job.ts'

/** Moves rows begin..end of columns, given as a list of their offsets, into a panel. */
export interface GatherJob {
  readonly kind: 'gather'
  readonly columns: Offset
  readonly width: number
  readonly panel: Offset
  readonly begin: number
  readonly end: number
}

/** Moves rows begin..end of a panel's first columns to columns, given as a list of their offsets. */
export interface UnpackJob {
  readonly kind: 'unpack'
  readonly columns: Offset
  readonly width: number
  readonly panel: Offset
  readonly begin: number
  readonly end: number
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

/** Sums of the cells of each column of a panel times weights: row i has weight i - offset, cyclically. `dst` is zero before. */
export interface EvaluateJob {
  readonly kind: 'evaluate'
  readonly panel: Offset
  readonly dst: Offset
  readonly weights: Offset
  readonly plane: number
  readonly rows: number
  /** Between 0 and rows. */
  readonly offset: number
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

/** Runs a column program over a range of rows; see the `ColumnKernel` of `@zisk/field`. */
export interface ProgramJob {
  readonly kind: 'program'
  readonly id: number
  /** Compiled, or as it is where there are few rows. */
  readonly code: WasmModule | ColumnTape
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
  | LoadJob
  | ExtendJob
  | LeavesJob
  | NodesJob
  | EvaluateJob
  | DivideJob
  | DeepJob
  | UnpackJob
  | GrindJob
  | ProgramJob

/** What runs jobs in one thread: kernels, and an instance of every program that came by. */
export class JobRunner {
  readonly #context: JobContext
  readonly #programs = new Map<number, ColumnKernel>()

  constructor(context: JobContext) {
    this.#context = context
  }

  run(job: Job): void {
    const { kernels, memory } = this.#context
    switch (job.kind) {
      case 'gather':
        kernels.columnsToPanel(job.columns, job.width, job.panel, job.begin, job.end)
        break
      case 'unpack':
        kernels.panelToColumns(job.columns, job.width, job.panel, job.begin, job.end)
        break
      case 'load':
        runLoad(this.#context, job)
        break
      case 'extend':
        runExtend(kernels, job)
        break
      case 'leaves':
        hashRows(kernels, job)
        break
      case 'nodes':
        hashPairs(kernels, job)
        break
      case 'weights':
        fillWeights(kernels, job)
        break
      case 'evaluate':
        evaluate(kernels, job)
        break
      case 'divide':
        if (kernels.extInverseColumn(job.below, job.below, job.plane, job.work, job.count) === 1)
          new BigUint64Array(memory.buffer, job.zero, 1)[0] = 1n
        else kernels.extMulColumns(job.above, job.below, job.above, job.plane, job.count)
        break
      case 'deep':
        runDeep(kernels, job)
        break
      case 'grind':
        runGrind(this.#context, job)
        break
      case 'program':
        this.#program(job).run(job.columns, job.scalars, job.outputs, job.work, job.mask, job.begin, job.end)
    }
  }

  #program({ id, code }: ProgramJob): ColumnKernel {
    const { kernels, memory } = this.#context
    if ('steps' in code) return createTapeKernel(code, kernels, memory)
    const known = this.#programs.get(id)
    if (known !== undefined) return known
    const made = createColumnKernel(code, memory)
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

function evaluate(kernels: Kernels, { panel, dst, weights, plane, rows, offset }: EvaluateJob): void {
  kernels.evaluatePanel(panel + 8 * PANEL_WORDS * offset, weights, plane, dst, rows - offset)
  kernels.evaluatePanel(panel, weights + 8 * (rows - offset), plane, dst, offset)
}
