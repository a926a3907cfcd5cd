/** The DEEP codeword on the first coset as a job: values of the committed columns there determine it. */
import { type Ext, type Kernels, mul, type Offset, pow } from '@zisk/field'

/** Rows at a time: their planar columns stay in cache. */
const BLOCK_ROWS = 512
const BLOCK_PLANE = 8 * BLOCK_ROWS

/** The columns that are opened at one point. */
export interface DeepPoint {
  /** List of the panels with the columns' values on the coset. */
  readonly panels: Offset
  readonly panelCount: number
  /** Prepared weights of all columns of these panels. */
  readonly weights: Offset
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
  readonly dst: Offset
  readonly plane: number
  readonly panel: Offset
  /** List of the three coordinates of `dst`. */
  readonly columns: Offset
  /** {@link deepWorkBytes} bytes. */
  readonly work: Offset
  readonly begin: number
  readonly end: number
}

/** Size of a job's work space. */
export function deepWorkBytes(pointCount: number): number {
  return (7 + 3 * pointCount) * BLOCK_PLANE
}

/** Runs the job. */
export function runDeep(kernels: Kernels, job: DeepJob): void {
  const { points, work, dst, plane, begin, end } = job
  const [combined, divisor, norms] = [work, work + 3 * BLOCK_PLANE, work + 6 * BLOCK_PLANE]
  const constants = work + 7 * BLOCK_PLANE
  for (const [i, { claimed }] of points.entries())
    for (const [k, word] of claimed.entries())
      kernels.fillPowers(constants + (3 * i + k) * BLOCK_PLANE, BLOCK_ROWS, word, 1n)
  for (let row = begin; row < end; row += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, end - row)
    for (const [i, { panels, panelCount, weights, point }] of points.entries()) {
      kernels.combineColumns(panels, panelCount, weights, combined - 8 * row, BLOCK_PLANE, row, row + count)
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
    kernels.columnsToPanel(job.columns, 3, job.panel, row, row + count)
  }
}
