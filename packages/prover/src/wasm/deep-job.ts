/** The DEEP codeword on the first coset as a job: values of the committed columns there determine it. */
import { type Ext, mul, pow } from '@zisk/field'
import { PANEL_WORDS } from '@zisk/verifier'
import type { Address } from './arena.ts'
import { isTogether, type JobContexts } from './job-context.ts'

const ROW_BYTES = 8 * PANEL_WORDS

/** Rows at a time: their planar columns stay in cache. */
const BLOCK_ROWS = 512
const BLOCK_PLANE = 8 * BLOCK_ROWS

/** The columns that are opened at one point. */
export interface DeepPoint {
  /** The columns' values on the coset: an even number of vectors, pairs of columns in row 0 of their panels. */
  readonly vectors: readonly Address[]
  /** Prepared weights of the columns of these vectors. */
  readonly weights: Address
  /** The combination at the point, by the opened values. */
  readonly claimed: Ext
  readonly point: Ext
}

/** For rows begin..end: the sum over the points of (combined(x) - claimed) / (x - point). */
export interface DeepJob {
  readonly kind: 'deep'
  readonly points: readonly DeepPoint[]
  /** The coset: x = shift root^row. */
  readonly shift: bigint
  readonly root: bigint
  /** Planar column of the result, and the panel that gets it as columns 0, 1, 2 too. */
  readonly dst: Address
  readonly plane: number
  readonly panel: Address
  /** {@link deepWorkBytes} bytes. */
  readonly work: Address
  readonly begin: number
  readonly end: number
}

/** Size of a job's work space. */
export function deepWorkBytes(pointCount: number): number {
  return (7 + 3 * pointCount) * BLOCK_PLANE
}

/** Runs the job. */
export function runDeep(contexts: JobContexts, job: DeepJob): void {
  const { kernels } = contexts.at(job.dst)
  const { points, work, dst, plane, begin, end } = job
  const [combined, divisor, norms] = [work, work + 3 * BLOCK_PLANE, work + 6 * BLOCK_PLANE]
  const constants = work + 7 * BLOCK_PLANE
  for (const [i, { claimed }] of points.entries())
    for (const [k, word] of claimed.entries())
      kernels.fillPowers(constants + (3 * i + k) * BLOCK_PLANE, BLOCK_ROWS, word, 1n)
  for (let row = begin; row < end; row += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, end - row)
    for (const [i, { vectors, weights, point }] of points.entries()) {
      combine(contexts, vectors, weights, { at: combined - 8 * row, row, count })
      for (const [k, word] of point.entries()) kernels.fillPowers(divisor + k * BLOCK_PLANE, count, word, 1n)
      kernels.fillPowers(norms, count, mul(job.shift, pow(job.root, BigInt(row))), job.root)
      kernels.subColumns(divisor, norms, divisor, count)
      kernels.extInverseColumn(divisor, divisor, BLOCK_PLANE, norms, count)
      for (let k = 0; k < 3; k++) {
        const at = combined + k * BLOCK_PLANE
        // (claimed - combined) / (point - x)
        kernels.subColumns(constants + (3 * i + k) * BLOCK_PLANE, at, at, count)
      }
      kernels.extMulColumns(combined, divisor, combined, BLOCK_PLANE, count)
      for (let k = 0; k < 3; k++) {
        const [from, to] = [combined + k * BLOCK_PLANE, dst + k * plane + 8 * row]
        if (i === 0) kernels.copyStrided(from, 8, to, 8, count)
        else kernels.addColumns(to, from, to, count)
      }
    }
    const list = contexts.list(dst, [dst, dst + plane, dst + 2 * plane])
    kernels.columnsToPanel(list, 3, job.panel, row, row + count)
  }
}

/** Combines the columns of some rows; element i goes to `at` + 8 i. */
function combine(
  contexts: JobContexts,
  vectors: readonly Address[],
  weights: Address,
  { at, row, count }: { readonly at: Address; readonly row: number; readonly count: number },
): void {
  const { kernels } = contexts.at(weights)
  const run = (places: readonly Address[], first: number, size: number): void => {
    const list = contexts.list(weights, places)
    kernels.combineColumns(list, places.length, weights, at, BLOCK_PLANE, first, first + size)
  }
  if (isTogether(weights, vectors)) {
    run(vectors, row, count)
    return
  }
  // Panels begin at multiples of the size of a row.
  const panels = [...new Set(vectors.map((vector) => vector - (vector % ROW_BYTES)))]
  const position = new Map(panels.map((panel, i) => [panel, i]))
  const sources = panels.map((panel) => ({ at: panel, stride: ROW_BYTES }))
  const size = contexts.stagedRows(sources)
  for (let first = row; first < row + count; first += size) {
    const rows = Math.min(size, row + count - first)
    const staged = contexts.stage(weights, sources, first, rows)
    const places = vectors.map((vector) => {
      const inRow = vector % ROW_BYTES
      return staged[position.get(vector - inRow)!]! + inRow - first * ROW_BYTES
    })
    run(places, first, rows)
  }
}
