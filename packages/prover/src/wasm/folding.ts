/** Codewords over the extension: committed in rows, folded by twos. Storage is coset after coset, as in `committed.ts`. */
import type { Ext } from '@zisk/field'
import { extMul, extPow, inv, mul, pow, rootOfUnity } from '@zisk/field'
import { type Hasher, paddedWords } from '@zisk/verifier'
import type { Codeword } from '../backend/backend.ts'
import { interpolate } from '../reference/transform.ts'
import { buildPanelTree, type PanelCommitment, type RowStore } from './committed.ts'
import type { Engine } from './engine.ts'
import { type PlanarColumn, putExt, readPlanar, reservePlanar } from './planar.ts'

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
  const { arena, kernels } = engine
  const arity = 2 ** logArity
  const perCoset = 2 ** (logLength - logBlowup)
  const rows = perCoset / arity
  const rowStride = 8 * paddedWords(3 * arity)
  const region = arena.reserveZeroed(rowStride * rows * 2 ** logBlowup)
  const blocks = Array.from({ length: 2 ** logBlowup }, (_, c) => {
    const dst = region.offset + c * rows * rowStride
    const src = column.offset + 8 * c * perCoset
    kernels.friRows(src, column.plane, 8 * rows, arity, dst, rowStride, 0, rows)
    return Array.from({ length: rowStride / 64 }, (_, b) => dst + 64 * b)
  })
  const store: RowStore = {
    logLength: logLength - logArity,
    width: 3 * arity,
    rowStride,
    onCoset: async (c) => ({ blocks: blocks[c]!, giveBack: () => {} }),
  }
  const tree = await buildPanelTree(engine, [store], logBlowup, hasher)
  return { ...tree, regions: [...tree.regions, region], matrices: [], stores: [store], logBlowup }
}

/** Folds by 2 as often as the arity says, squaring beta; then adds the codeword that joins. */
export function foldPanels(
  engine: Engine,
  { logLength, logBlowup, column }: PanelCodeword,
  logArity: number,
  beta: Ext,
  rolledIn?: PanelCodeword,
): PanelCodeword {
  const { arena, kernels } = engine
  const cosets = 2 ** logBlowup
  const work = reservePlanar(engine, column.count)
  copyPlanar(engine, column, work, column.count)
  const inverses = arena.reserve((8 * column.count) / 2 / cosets)
  let challenge = beta
  for (let log = logLength; log > logLength - logArity; log--) {
    const half = 2 ** (log - logBlowup - 1)
    const factor = putExt(engine, challenge)
    for (let c = 0; c < cosets; c++) {
      // The result lies where earlier cosets were, whose values are folded already.
      const first = mul(2n, pow(rootOfUnity(log), BigInt(c)))
      kernels.fillPowers(inverses.offset, half, inv(first), inv(rootOfUnity(log - logBlowup)))
      const low = work.offset + 16 * c * half
      const dst = work.offset + 8 * c * half
      kernels.friFold(low, low + 8 * half, dst, inverses.offset, work.plane, factor.offset, half)
    }
    arena.release(factor)
    challenge = extMul(challenge, challenge)
  }
  const folded = reservePlanar(engine, column.count / 2 ** logArity)
  copyPlanar(engine, work, folded, folded.count)
  engine.release(work.region, inverses)
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
  const { kernels } = engine
  const scaled = reservePlanar(engine, to.count)
  const factor = putExt(engine, weight)
  copyPlanar(engine, from, scaled, to.count)
  kernels.extScaleColumn(scaled.offset, scaled.offset, scaled.plane, factor.offset, to.count)
  for (let k = 0; k < 3; k++) {
    const at = to.offset + k * to.plane
    kernels.addColumns(at, scaled.offset + k * scaled.plane, at, to.count)
  }
  engine.release(scaled.region, factor)
}

function copyPlanar({ kernels }: Engine, from: PlanarColumn, to: PlanarColumn, count: number): void {
  for (let k = 0; k < 3; k++) kernels.copyStrided(from.offset + k * from.plane, 8, to.offset + k * to.plane, 8, count)
}
