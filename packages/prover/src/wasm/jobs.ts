/**
 * The units of work that run in parallel: plain data in, results in the shared memory. A job is a few milliseconds or
 * more; jobs that run at the same time write to disjoint places.
 */
import { BLAKE3_NODE, blake3Rows, type Ext, type Kernels } from '@zisk/field'
import { type HashName, PANEL_WORDS } from '@zisk/verifier'
import { type Address, MEMORY_SPAN } from './arena.ts'
import { type CheapJob, runCheap } from './cheap-columns.ts'
import { type DeepJob, runDeep } from './deep-job.ts'
import { type ExtendJob, runExtend } from './extend-job.ts'
import { type FoldJob, runFold } from './fold-job.ts'
import { type CarryJob, type FractionsJob, runCarry, runFractions } from './fractions-job.ts'
import { type GrindJob, runGrind } from './grind-job.ts'
import { isTogether, type JobContexts } from './job-context.ts'
import { type JoinJob, runJoin } from './join-job.ts'
import { type PiecesJob, runPieces } from './pieces-job.ts'
import { type ProgramJob, runProgram } from './program-job.ts'

const ROW_BYTES = 8 * PANEL_WORDS

/** Moves rows begin..end of columns into a panel. */
export interface GatherJob {
  readonly kind: 'gather'
  readonly columns: readonly Address[]
  readonly panel: Address
  /** The word there becomes 1 when a value is not canonical; without it they are not looked at. */
  readonly found?: Address
  readonly begin: number
  readonly end: number
}

/** Moves rows begin..end of a panel's first columns to columns of one memory. */
export interface UnpackJob {
  readonly kind: 'unpack'
  readonly columns: readonly Address[]
  readonly panel: Address
  readonly begin: number
  readonly end: number
}

/** Hashes rows begin..end: block b of row i is the 64 bytes at blocks[b] + i rowStride, its digest goes to out + 32 i. */
export interface LeavesJob {
  readonly kind: 'leaves'
  readonly hash: HashName
  readonly blocks: readonly Address[]
  readonly rowBytes: number
  readonly rowStride: number
  readonly out: Address
  /** In the memory of `out`; see `blake3WorkspaceBytes`. */
  readonly workspace: Address
  readonly begin: number
  readonly end: number
}

/** Hashes pairs of digests: out[i] from left[i] and right[i]. */
export interface NodesJob {
  readonly kind: 'nodes'
  readonly hash: HashName
  readonly left: Address
  readonly right: Address
  readonly out: Address
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
  readonly factor: Address
  readonly dst: Address
  readonly plane: number
  /** A base column of work space. */
  readonly work: Address
  readonly count: number
}

/** Sums of the cells of each column of a panel times weights: row i has weight i - offset, cyclically. `dst` is zero before. */
export interface EvaluateJob {
  readonly kind: 'evaluate'
  readonly panel: Address
  readonly dst: Address
  readonly weights: Address
  readonly plane: number
  readonly rows: number
  /** Between 0 and rows. */
  readonly offset: number
  /** The sums that are wanted: those of columns 2 i and 2 i + 1 where bit i is set. */
  readonly pairs: number
}

export type Job =
  | WeightsJob
  | GatherJob
  | ExtendJob
  | LeavesJob
  | NodesJob
  | EvaluateJob
  | FractionsJob
  | CarryJob
  | DeepJob
  | UnpackJob
  | FoldJob
  | GrindJob
  | CheapJob
  | PiecesJob
  | JoinJob
  | ProgramJob

/** What runs jobs in one thread. */
export class JobRunner {
  readonly #contexts: JobContexts

  constructor(contexts: JobContexts) {
    this.#contexts = contexts
  }

  run(job: Job): void {
    const contexts = this.#contexts
    switch (job.kind) {
      case 'gather':
        runGather(contexts, job)
        break
      case 'unpack':
        runUnpack(contexts, job)
        break
      case 'extend':
        runExtend(contexts.at(job.work).kernels, job)
        break
      case 'leaves':
        hashRows(contexts, job)
        break
      case 'nodes':
        hashPairs(contexts.at(job.out).kernels, job)
        break
      case 'weights':
        fillWeights(contexts.at(job.dst).kernels, job)
        break
      case 'evaluate':
        runEvaluate(contexts, job)
        break
      case 'fractions':
        runFractions(contexts, job)
        break
      case 'carry':
        runCarry(contexts.at(job.column).kernels, job)
        break
      case 'deep':
        runDeep(contexts, job)
        break
      case 'fold':
        runFold(contexts.at(job.dst).kernels, job)
        break
      case 'grind':
        runGrind(contexts.at(job.work), job)
        break
      case 'cheap':
        runCheap(contexts.at(job.dst), job)
        break
      case 'pieces':
        runPieces(contexts.at(job.panel).kernels, job)
        break
      case 'join':
        runJoin(contexts.at(job.panel).kernels, job)
        break
      case 'program':
        runProgram(contexts, job, job)
    }
  }
}

/** Rows whose columns are still in cache when they are looked at. */
const CHECKED_ROWS = 4096

function runGather(contexts: JobContexts, { columns, panel, found, begin, end }: GatherJob): void {
  const { kernels } = contexts.at(panel)
  const gather = (places: readonly Address[], to: Address, first: number, last: number): void => {
    kernels.columnsToPanel(contexts.list(panel, places), places.length, to, first, last)
    if (found === undefined || places.every((at) => kernels.isCanonical(at + 8 * first, last - first) === 1)) return
    new BigUint64Array(contexts.at(found).memory.buffer, found % MEMORY_SPAN, 1)[0] = 1n
  }
  if (isTogether(panel, columns)) {
    forChunks(begin, end, CHECKED_ROWS, (row, count) => gather(columns, panel, row, row + count))
    return
  }
  const sources = columns.map((at) => ({ at, stride: 8 }))
  forChunks(begin, end, contexts.stagedRows(sources), (row, count) =>
    gather(contexts.stage(panel, sources, row, count), panel + row * ROW_BYTES, 0, count),
  )
}

function runUnpack(contexts: JobContexts, { columns, panel, begin, end }: UnpackJob): void {
  const home = columns[0]!
  const { kernels } = contexts.at(home)
  const list = contexts.list(home, columns)
  if (isTogether(home, [panel])) {
    kernels.panelToColumns(list, columns.length, panel, begin, end)
    return
  }
  const sources = [{ at: panel, stride: ROW_BYTES }]
  forChunks(begin, end, contexts.stagedRows(sources), (row, count) => {
    const [staged] = contexts.stage(home, sources, row, count)
    kernels.panelToColumns(list, columns.length, staged! - row * ROW_BYTES, row, row + count)
  })
}

function hashRows(contexts: JobContexts, job: LeavesJob): void {
  const { blocks, rowStride, out, begin, end } = job
  if (isTogether(out, blocks)) {
    hashRowsHere(contexts, job, blocks, begin, end)
    return
  }
  // All blocks of a row of a store are neighbours.
  const perRow = rowStride / ROW_BYTES
  const sources = blocks.filter((_, b) => b % perRow === 0).map((at) => ({ at, stride: rowStride }))
  forChunks(begin, end, contexts.stagedRows(sources), (row, count) => {
    const staged = contexts.stage(out, sources, row, count)
    const places = blocks.map((_, b) => staged[Math.floor(b / perRow)]! + (b % perRow) * ROW_BYTES - row * rowStride)
    hashRowsHere(contexts, job, places, row, row + count)
  })
}

function hashRowsHere(
  contexts: JobContexts,
  { hash, out, rowBytes, rowStride, workspace }: LeavesJob,
  blocks: readonly Address[],
  begin: number,
  end: number,
): void {
  const { kernels } = contexts.at(out)
  const list = contexts.list(out, blocks)
  if (hash === 'blake3') blake3Rows(kernels, { blocks: list, rowBytes, rowStride, workspace, out, begin, end })
  else kernels.poseidon2Leaves(list, rowBytes / 8, rowStride, out, begin, end)
}

function runEvaluate(contexts: JobContexts, { panel, dst, weights, plane, rows, offset, pairs }: EvaluateJob): void {
  const { kernels } = contexts.at(weights)
  /** Adds rows first..first + count with the weights from `weight` on. */
  const add = (first: number, weight: number, count: number): void => {
    if (isTogether(weights, [panel])) {
      kernels.evaluatePanel(panel + ROW_BYTES * first, weights + 8 * weight, plane, dst, pairs, count)
      return
    }
    const sources = [{ at: panel, stride: ROW_BYTES }]
    forChunks(0, count, contexts.stagedRows(sources), (row, size) => {
      const [staged] = contexts.stage(weights, sources, first + row, size)
      kernels.evaluatePanel(staged!, weights + 8 * (weight + row), plane, dst, pairs, size)
    })
  }
  add(offset, 0, rows - offset)
  add(0, rows - offset, offset)
}

function forChunks(begin: number, end: number, size: number, run: (first: number, count: number) => void): void {
  for (let first = begin; first < end; first += size) run(first, Math.min(size, end - first))
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
