/**
 * The DEEP codewords at the queried positions. For each height, F(x) = sum over opened values j, in layout order, of
 * mu^j (f_j(x) - y_j) / (x - z_j); columns over the extension count as three base columns weighted by 1, X, X^2.
 */
import { EXT_ZERO, type Ext, extAdd, extFromFelt, extMul, extSub, rootOfUnity } from '@zisk/field'
import type { OpenedRows } from '../merkle/multi-proof.ts'
import { projectPositions } from '../merkle/tree-shape.ts'
import { cosetPoint } from '../protocol/domain.ts'
import { extBatchInverse, extPowers } from '../protocol/ext-batch.ts'
import type { DeepTerm, HeightLayout, ShardLayout } from '../protocol/layout.ts'
import { type PackedExt, packExt, unpackExt } from '../protocol/packed-ext.ts'
import { shiftPoint } from './constraint-check.ts'

/** The basis of the extension. */
const BASIS: readonly Ext[] = [
  [1n, 0n, 0n],
  [0n, 1n, 0n],
  [0n, 0n, 1n],
]

/** Values of one codeword by position. */
export type SparseCodeword = ReadonlyMap<number, Ext>

/** The words of one matrix that are opened at one row offset, with their weights. */
interface WeightedRow {
  readonly tree: number
  readonly matrix: number
  readonly words: number[]
  readonly weights: PackedExt[]
}

/** What is fixed for all positions at one row offset. */
interface OffsetSum {
  readonly point: Ext
  readonly rows: readonly WeightedRow[]
  /** Sum of mu^j y_j. */
  readonly claimed: Ext
}

/** The codeword of a height at every position below the queries. */
export function deepCodeword(
  layout: ShardLayout,
  height: HeightLayout,
  challenges: { readonly z: Ext; readonly mu: Ext },
  evaluations: readonly Ext[],
  openings: { readonly trees: readonly OpenedRows[]; readonly positions: readonly number[] },
): SparseCodeword {
  const logLength = height.logRows + layout.logBlowup
  const positions = projectPositions(openings.positions, layout.logPositions, logLength)
  const sums = offsetSums(height, challenges, evaluations)
  const points = positions.map((position) => extFromFelt(cosetPoint(logLength, position)))
  const inverses = extBatchInverse(points.flatMap((x) => sums.map(({ point }) => extSub(x, point))))
  return new Map(
    positions.map((position, i) => {
      let value = EXT_ZERO
      for (const [s, sum] of sums.entries()) {
        const numerator = extSub(weightedSum(sum.rows, openings.trees, position), sum.claimed)
        value = extAdd(value, extMul(numerator, inverses[i * sums.length + s]!))
      }
      return [position, value]
    }),
  )
}

function offsetSums(
  height: HeightLayout,
  { z, mu }: { readonly z: Ext; readonly mu: Ext },
  evaluations: readonly Ext[],
): OffsetSum[] {
  const root = rootOfUnity(height.logRows)
  const powers = extPowers(mu, height.terms.length)
  return height.offsets.map((offset) => {
    const rows = new Map<string, WeightedRow>()
    let claimed = EXT_ZERO
    for (const [j, term] of height.terms.entries()) {
      if (term.offset !== offset) continue
      claimed = extAdd(claimed, extMul(powers[j]!, evaluations[height.firstEvaluation + j]!))
      const row = rowOf(rows, term)
      for (let i = 0; i < term.width; i++) {
        row.words.push(term.word + i)
        row.weights.push(packExt(extMul(powers[j]!, BASIS[i]!)))
      }
    }
    return { point: shiftPoint(z, root, offset), rows: [...rows.values()], claimed }
  })
}

function rowOf(rows: Map<string, WeightedRow>, { tree, matrix }: DeepTerm): WeightedRow {
  const key = `${tree}:${matrix}`
  const row = rows.get(key) ?? { tree, matrix, words: [], weights: [] }
  rows.set(key, row)
  return row
}

/** Sum of word * weight, reduced once at the end. */
function weightedSum(rows: readonly WeightedRow[], trees: readonly OpenedRows[], position: number): Ext {
  let sum: PackedExt = 0n
  for (const { tree, matrix, words, weights } of rows) {
    const row = trees[tree]!.row(matrix, position)
    for (let i = 0; i < words.length; i++) sum += row[words[i]!]! * weights[i]!
  }
  return unpackExt(sum)
}
