/**
 * The DEEP codewords at the queried positions. For each height, F(x) = sum over opened values j, in layout order, of
 * mu^j (f_j(x) - y_j) / (x - z_j); columns over the extension count as three base columns weighted by 1, X, X^2.
 */
import { EXT_ZERO, type Ext, extAdd, extFromFelt, extMul, extSub, rootOfUnity, type WeightedSums } from '@zisk/field'
import type { OpenedRows } from '../merkle/multi-proof.ts'
import { projectPositions } from '../merkle/tree-shape.ts'
import { cosetPoint } from '../protocol/domain.ts'
import { extBatchInverse, extPowers } from '../protocol/ext-batch.ts'
import type { DeepTerm, HeightLayout, ShardLayout } from '../protocol/layout.ts'
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
  readonly weights: Ext[]
}

/** What is fixed for all positions at one row offset. */
interface OffsetSum {
  readonly point: Ext
  /** The matrices, and their lists of {@link WeightedSums}. */
  readonly rows: readonly { readonly tree: number; readonly matrix: number; readonly list: number }[]
  /** Sum of mu^j y_j. */
  readonly claimed: Ext
}

/** What was opened. */
export interface DeepOpenings {
  readonly trees: readonly OpenedRows[]
  readonly positions: readonly number[]
  /** Over the words of the trees. */
  readonly sums: WeightedSums
}

/** Terms of all sums: columns over the extension count three times. */
export function countDeepTerms({ heights }: ShardLayout): number {
  return heights.reduce((sum, { terms }) => sum + terms.reduce((words, { width }) => words + width, 0), 0)
}

/** The codeword of a height at every position below the queries. */
export function deepCodeword(
  layout: ShardLayout,
  height: HeightLayout,
  challenges: { readonly z: Ext; readonly mu: Ext },
  evaluations: readonly Ext[],
  openings: DeepOpenings,
): SparseCodeword {
  const logLength = height.logRows + layout.logBlowup
  const positions = projectPositions(openings.positions, layout.logPositions, logLength)
  const sums = offsetSums(height, challenges, evaluations, openings.sums)
  const points = positions.map((position) => extFromFelt(cosetPoint(logLength, position)))
  const inverses = extBatchInverse(points.flatMap((x) => sums.map(({ point }) => extSub(x, point))))
  return new Map(
    positions.map((position, i) => {
      let value = EXT_ZERO
      for (const [s, sum] of sums.entries()) {
        const numerator = extSub(weightedSum(sum, openings, position), sum.claimed)
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
  sums: WeightedSums,
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
        row.weights.push(extMul(powers[j]!, BASIS[i]!))
      }
    }
    const lists = [...rows.values()].map(({ tree, matrix, words, weights }) => {
      return { tree, matrix, list: sums.list(words, weights) }
    })
    return { point: shiftPoint(z, root, offset), rows: lists, claimed }
  })
}

function rowOf(rows: Map<string, WeightedRow>, { tree, matrix }: DeepTerm): WeightedRow {
  const key = `${tree}:${matrix}`
  const row = rows.get(key) ?? { tree, matrix, words: [], weights: [] }
  rows.set(key, row)
  return row
}

/** Sum of word * weight. */
function weightedSum({ rows }: OffsetSum, { trees, sums }: DeepOpenings, position: number): Ext {
  for (const { tree, matrix, list } of rows) sums.add(list, tree, trees[tree]!.at(matrix, position))
  return sums.take()
}
