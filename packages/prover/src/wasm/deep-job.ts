/** The DEEP codeword on the first coset as a job: values of the committed columns there determine it. */
import { type Ext, mul, pow } from '@zisk/field'
import { PANEL_WORDS } from '@zisk/verifier'
import type { Address } from './arena.ts'
import { isTogether, type JobContexts } from './job-context.ts'

const ROW_BYTES = 8 * PANEL_WORDS

/** Rows at a time: their planar columns stay in cache. */
const BLOCK_ROWS = 512
const BLOCK_PLANE = 8 * BLOCK_ROWS

/**
 * The columns that are opened at z w^offset, w being the root of the rows. Weights and `claimed` are divided by w^offset:
 * 1 / (z w^offset - x) is w^-offset / (z - x w^-offset), the divisor of another row.
 */
export interface DeepPoint {
  readonly offset: number
  /** The columns' values on the coset: an even number of vectors, pairs of columns in row 0 of their panels. */
  readonly vectors: readonly Address[]
  /** Prepared weights of the columns of these vectors. */
  readonly weights: Address
  /** The combination at the point, by the opened values. */
  readonly claimed: Ext
}

/** For rows begin..end: the sum over the points of (combined(x) - claimed) / (x - point). */
export interface DeepJob {
  readonly kind: 'deep'
  readonly points: readonly DeepPoint[]
  readonly z: Ext
  /** Number of rows of the coset. */
  readonly rows: number
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

/** The rows around a block whose divisors it needs: a point at offset o takes those of the rows o before its own. */
function divisorRows(offsets: readonly number[]): { readonly lead: number; readonly extra: number } {
  const lead = Math.max(0, ...offsets)
  return { lead, extra: 2 * Math.ceil((lead - Math.min(0, ...offsets)) / 2) }
}

/** Size of a job's work space for points at these offsets. */
export function deepWorkBytes(offsets: readonly number[]): number {
  return 7 * (BLOCK_PLANE + 8 * divisorRows(offsets).extra) + 3 * offsets.length * BLOCK_PLANE
}

/** Runs the job. */
export function runDeep(contexts: JobContexts, job: DeepJob): void {
  const { kernels } = contexts.at(job.dst)
  const { points, z, rows, work, dst, plane, begin, end } = job
  const { lead, extra } = divisorRows(points.map(({ offset }) => offset))
  const wide = BLOCK_PLANE + 8 * extra
  const [combined, divisor, norms] = [work, work + 3 * wide, work + 6 * wide]
  const constants = work + 7 * wide
  for (const [i, { claimed }] of points.entries())
    for (const [k, word] of claimed.entries())
      kernels.fillPowers(constants + (3 * i + k) * BLOCK_PLANE, BLOCK_ROWS, word, 1n)
  for (let row = begin; row < end; row += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, end - row)
    // 1 / (z - x) for all rows from `lead` before the block on.
    const first = mul(job.shift, pow(job.root, BigInt((((row - lead) % rows) + rows) % rows)))
    for (const [k, word] of z.entries()) kernels.fillPowers(divisor + k * wide, count + extra, word, 1n)
    kernels.fillPowers(norms, count + extra, first, job.root)
    kernels.subColumns(divisor, norms, divisor, count + extra)
    kernels.extInverseColumn(divisor, divisor, wide, norms, count + extra)
    for (const [i, { vectors, weights, offset }] of points.entries()) {
      combine(contexts, vectors, weights, { at: combined - 8 * row, plane: wide, row, count })
      for (let k = 0; k < 3; k++) {
        const at = combined + k * wide
        // (claimed - combined) / (point - x)
        kernels.subColumns(constants + (3 * i + k) * BLOCK_PLANE, at, at, count)
      }
      kernels.extMulColumns(combined, divisor + 8 * (lead - offset), combined, wide, count)
      for (let k = 0; k < 3; k++) {
        const [from, to] = [combined + k * wide, dst + k * plane + 8 * row]
        if (i === 0) kernels.copyStrided(from, 8, to, 8, count)
        else kernels.addColumns(to, from, to, count)
      }
    }
    const list = contexts.list(dst, [dst, dst + plane, dst + 2 * plane])
    kernels.columnsToPanel(list, 3, job.panel, row, row + count)
  }
}

/** Combines the columns of some rows; element i goes to `at` + 8 i, coordinates `plane` bytes apart. */
function combine(
  contexts: JobContexts,
  vectors: readonly Address[],
  weights: Address,
  { at, plane, row, count }: Readonly<Record<'at' | 'plane' | 'row' | 'count', number>>,
): void {
  const { kernels } = contexts.at(weights)
  const run = (places: readonly Address[], first: number, size: number): void => {
    const list = contexts.list(weights, places)
    kernels.combineColumns(list, places.length, weights, at, plane, first, first + size)
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
