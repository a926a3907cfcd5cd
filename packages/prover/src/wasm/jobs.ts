/**
 * The units of work that run in parallel: plain data in, results in the shared memory. A job is a few milliseconds or
 * more; jobs that run at the same time write to disjoint places.
 */
import {
  BLAKE3_NODE,
  blake3Rows,
  type ColumnKernel,
  createColumnKernel,
  type Kernels,
  type NttPlan,
  type Offset,
  type RowDigests,
  runNtt,
} from '@zisk/field'
import type { WasmMemory, WasmModule } from '@zisk/field/wasm'
import type { HashName } from '@zisk/verifier'

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

export type Job = ExtendJob | LeavesJob | NodesJob | CombineJob | EvaluateJob | ProgramJob

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
