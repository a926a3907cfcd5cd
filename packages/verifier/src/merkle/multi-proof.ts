/**
 * Opening many positions of one tree at once: each row once, and of the paths only the nodes that cannot be computed
 * from the rows. Which rows and nodes these are follows from the positions, so the encoding is canonical.
 */
import { reject } from '../errors.ts'
import { digestsEqual } from '../hash/bytes.ts'
import type { Digest, Hasher } from '../hash/hasher.ts'
import { paddedWords, projectPositions, type TreeLevel, type TreeShape } from './tree-shape.ts'

/** What a prover sends for one tree. */
export interface TreeOpening {
  /** The opened rows without padding: by level, tallest first; within it by position; within it by matrix. */
  readonly rows: BigUint64Array
  /** Missing nodes: by level, from the leaves up; within it by position. */
  readonly siblings: readonly Digest[]
}

/** Opened rows, by matrix and position in that matrix. */
export interface OpenedRows {
  /** The words of all rows. */
  readonly words: BigUint64Array
  /** Where a row begins in them. */
  readonly at: (matrix: number, position: number) => number
}

/** Number of words and of nodes in the opening of these positions (on the tallest level, sorted, distinct). */
export function openingSize(shape: TreeShape, positions: readonly number[]): { words: number; siblings: number } {
  const top = shape.levels[0]!.logLength
  let words = 0
  for (const level of shape.levels)
    words += projectPositions(positions, top, level.logLength).length * levelWidth(shape, level)
  let siblings = 0
  let indexes = positions
  for (let log = top; log > 0; log--) {
    const parents = projectPositions(indexes, log, log - 1)
    siblings += 2 * parents.length - indexes.length
    indexes = parents
  }
  return { words, siblings }
}

/**
 * Checks an opening against the root and returns its rows.
 *
 * @param positions On the tallest level; sorted, distinct, at least one.
 * @throws VerificationError PROOF_SHAPE_INVALID when the opening has the wrong size, PROOF_OPENING_INVALID when it does
 * not lead to the root.
 */
export function verifyOpening(
  hasher: Hasher,
  tree: { readonly shape: TreeShape; readonly root: Digest; readonly where: string },
  positions: readonly number[],
  opening: TreeOpening,
): OpenedRows {
  const { shape, root, where } = tree
  const size = openingSize(shape, positions)
  if (opening.rows.length !== size.words || opening.siblings.length !== size.siblings)
    reject('PROOF_SHAPE_INVALID', `expected ${size.words} words and ${size.siblings} nodes`, where)
  const top = shape.levels[0]!.logLength
  /** By matrix: where its words begin in the opened rows of its level, and where those are by position. */
  const places: { readonly column: number; readonly rows: ReadonlyMap<number, number> }[] = []
  let offset = 0
  const levelDigests = shape.levels.map((level) => {
    const digests = new Map<number, Digest>()
    const rows = new Map<number, number>()
    let column = 0
    for (const m of level.matrices) {
      places[m] = { column, rows }
      column += shape.matrices[m]!.width
    }
    for (const position of projectPositions(positions, top, level.logLength)) {
      const padded = new BigUint64Array(level.paddedWidth)
      rows.set(position, offset)
      let at = 0
      for (const m of level.matrices) {
        const { width } = shape.matrices[m]!
        padded.set(opening.rows.subarray(offset, offset + width), at)
        offset += width
        at += paddedWords(width)
      }
      digests.set(position, hasher.hashRow(padded))
    }
    return digests
  })
  if (!digestsEqual(computeRoot(hasher, shape, levelDigests, opening.siblings), root))
    reject('PROOF_OPENING_INVALID', 'the opened rows do not lead to the committed root', where)
  return {
    words: opening.rows,
    at: (matrix, position) => places[matrix]!.rows.get(position)! + places[matrix]!.column,
  }
}

function computeRoot(
  hasher: Hasher,
  shape: TreeShape,
  levelDigests: readonly ReadonlyMap<number, Digest>[],
  siblings: readonly Digest[],
): Digest {
  let nodes = levelDigests[0]!
  let nextSibling = 0
  let nextLevel = 1
  for (let log = shape.levels[0]!.logLength; log > 0; log--) {
    const parents = new Map<number, Digest>()
    for (const parent of projectPositions([...nodes.keys()], log, log - 1)) {
      const left = nodes.get(2 * parent) ?? siblings[nextSibling++]!
      const right = nodes.get(2 * parent + 1) ?? siblings[nextSibling++]!
      parents.set(parent, hasher.hashNode(left, right))
    }
    if (shape.levels[nextLevel]?.logLength === log - 1) {
      for (const [position, digest] of levelDigests[nextLevel]!)
        parents.set(position, hasher.hashNode(parents.get(position)!, digest))
      nextLevel++
    }
    nodes = parents
  }
  return nodes.get(0)!
}

function levelWidth(shape: TreeShape, level: TreeLevel): number {
  return level.matrices.reduce((sum, m) => sum + shape.matrices[m]!.width, 0)
}
