/** Codewords over the extension: committed in rows, folded by twos. Storage is coset after coset, as in `committed.ts`. */
import type { Ext } from '@zisk/field'
import { extMul, extPow, inv, mul, pow, rootOfUnity } from '@zisk/field'
import { type Hasher, paddedWords } from '@zisk/verifier'
import type { Codeword } from '../backend/backend.ts'
import { interpolate } from '../reference/transform.ts'
import type { Region } from './arena.ts'
import { buildPanelTree, type PanelCommitment, type RowStore } from './committed.ts'
import type { Engine } from './engine.ts'
import { FOLD_WORK_BYTES, type FoldJob } from './fold-job.ts'
import { copyPlanar, type PlanarColumn, planarBytes, planarIn, putExt, readPlanar, reservePlanar } from './planar.ts'

/** A codeword of this back end. */
export interface PanelCodeword extends Codeword {
  readonly logBlowup: number
  readonly column: PlanarColumn
}

/** Commits a codeword: row j of a coset holds the values j, j + n, j + 2n, ... of it, n being the rows of the coset. */
export async function commitPanelCodeword(
  engine: Engine,
  { logLength, logBlowup, column }: PanelCodeword,
  logArity: number,
  hasher: Hasher,
): Promise<PanelCommitment> {
  const { arena } = engine
  const arity = 2 ** logArity
  const perCoset = 2 ** (logLength - logBlowup)
  const rows = perCoset / arity
  const rowStride = 8 * paddedWords(3 * arity)
  const { region, source, copy } = placeRows(engine, column, rowStride * rows * 2 ** logBlowup)
  arena.clear(region)
  const kernels = engine.kernelsAt(region.offset)
  const blocks = Array.from({ length: 2 ** logBlowup }, (_, c) => {
    const dst = region.offset + c * rows * rowStride
    const src = source.offset + 8 * c * perCoset
    kernels.friRows(src, source.plane, 8 * rows, arity, dst, rowStride, 0, rows)
    return Array.from({ length: rowStride / 64 }, (_, b) => dst + 64 * b)
  })
  if (copy !== undefined) arena.release(copy)
  const store: RowStore = {
    logLength: logLength - logArity,
    width: 3 * arity,
    rowStride,
    walk: () => ({ onCoset: async (c) => ({ blocks: blocks[c]!, giveBack: () => {} }), finish: async () => {} }),
  }
  const tree = await buildPanelTree(engine, [store], logBlowup, hasher)
  return { ...tree, regions: [...tree.regions, region], matrices: [], stores: [store], logBlowup }
}

/** Room for the rows of a codeword in a memory where the codeword, or a copy of it, is too. */
function placeRows(
  engine: Engine,
  column: PlanarColumn,
  bytes: number,
): { readonly region: Region; readonly source: PlanarColumn; readonly copy?: Region } {
  const { arena } = engine
  const near = arena.tryNear(column.offset, [bytes])
  if (near !== undefined) return { region: near[0]!, source: column }
  const [region, copy] = arena.reserveTogether([bytes, planarBytes(column.count)]) as [Region, Region]
  const source = planarIn(copy, column.count)
  copyPlanar(engine, column, source, column.count)
  return { region, source, copy }
}

/** Folds by 2 as often as the arity says, squaring beta; then adds the codeword that joins. */
export async function foldPanels(
  engine: Engine,
  { logLength, logBlowup, column }: PanelCodeword,
  logArity: number,
  beta: Ext,
  rolledIn?: PanelCodeword,
): Promise<PanelCodeword> {
  const { arena } = engine
  const cosets = 2 ** logBlowup
  const bytes = planarBytes(column.count)
  const [first, second] = arena.reserveTogether([bytes, bytes]) as [Region, Region]
  let [from, to] = [planarIn(first, column.count), planarIn(second, column.count)]
  copyPlanar(engine, column, from, column.count)
  let challenge = beta
  for (let log = logLength; log > logLength - logArity; log--) {
    const half = 2 ** (log - logBlowup - 1)
    const [src, dst] = [from, to]
    const factor = putExt(engine, challenge, src.offset)
    const work: Region[] = []
    const jobs = Array.from({ length: cosets }, (_, c) =>
      engine.ranges(half, 2).map((range): FoldJob => {
        const inverses = arena.reserveNear(src.offset, FOLD_WORK_BYTES)
        work.push(inverses)
        return {
          kind: 'fold',
          low: src.offset + 16 * c * half,
          high: src.offset + 16 * c * half + 8 * half,
          dst: dst.offset + 8 * c * half,
          plane: src.plane,
          // 1 / (2x) of row 0, and what it is multiplied by from row to row.
          inverse: inv(mul(2n, pow(rootOfUnity(log), BigInt(c)))),
          root: inv(rootOfUnity(log - logBlowup)),
          beta: factor.offset,
          work: inverses.offset,
          ...range,
        }
      }),
    )
    await engine.runner.run(jobs.flat())
    engine.release(factor, ...work)
    challenge = extMul(challenge, challenge)
    ;[from, to] = [to, from]
  }
  const folded = reservePlanar(engine, column.count / 2 ** logArity)
  copyPlanar(engine, from, folded, folded.count)
  engine.release(first, second)
  if (rolledIn !== undefined) addScaled(engine, folded, rolledIn.column, extPow(beta, 2n ** BigInt(logArity)))
  return { logLength: logLength - logArity, logBlowup, column: folded }
}

/** Coefficients of the polynomial on the first coset, which is the subgroup; natural order. */
export function codewordCoefficients(engine: Engine, { logBlowup, column }: PanelCodeword, logDegree: number): Ext[] {
  const count = column.count / 2 ** logBlowup
  const values = Array.from({ length: count }, (_, i) => readPlanar(engine, column, i))
  const coordinates = [0, 1, 2].map((k) => interpolate(values.map((value) => value[k]!)))
  return Array.from({ length: 2 ** logDegree }, (_, i) => coordinates.map((c) => c[i]!) as unknown as Ext)
}

/** to += weight * from. */
function addScaled(engine: Engine, to: PlanarColumn, from: PlanarColumn, weight: Ext): void {
  const bytes = planarBytes(to.count)
  const [first, second] = engine.arena.reserveTogether([bytes, bytes]) as [Region, Region]
  const [scaled, sum] = [planarIn(first, to.count), planarIn(second, to.count)]
  const kernels = engine.kernelsAt(scaled.offset)
  const factor = putExt(engine, weight, scaled.offset)
  copyPlanar(engine, from, scaled, to.count)
  copyPlanar(engine, to, sum, to.count)
  kernels.extScaleColumn(scaled.offset, scaled.offset, scaled.plane, factor.offset, to.count)
  for (let k = 0; k < 3; k++) {
    const at = sum.offset + k * sum.plane
    kernels.addColumns(at, scaled.offset + k * scaled.plane, at, to.count)
  }
  copyPlanar(engine, sum, to, to.count)
  engine.release(first, second, factor)
}
