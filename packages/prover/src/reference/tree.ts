/** Merkle trees over rows, by the definition in the verifier. */
import {
  type Digest,
  type Hasher,
  paddedWords,
  projectPositions,
  type TreeOpening,
  type TreeShape,
} from '@zisk/verifier'

/** A tree with all its nodes. */
export interface Tree {
  readonly shape: TreeShape
  /** Nodes by log2 of their number. */
  readonly nodes: readonly (readonly Digest[])[]
  /** Word `column` of row `position` of a matrix. */
  readonly word: (matrix: number, position: number, column: number) => bigint
}

/** Hashes all rows and nodes. */
export function buildTree(hasher: Hasher, shape: TreeShape, word: Tree['word']): Tree {
  const nodes: Digest[][] = []
  const rowDigest = (level: TreeShape['levels'][number], position: number): Digest => {
    const row = new BigUint64Array(level.paddedWidth)
    let at = 0
    for (const m of level.matrices) {
      const { width } = shape.matrices[m]!
      for (let column = 0; column < width; column++) row[at + column] = word(m, position, column)
      at += paddedWords(width)
    }
    return hasher.hashRow(row)
  }
  const top = shape.levels[0]!.logLength
  for (let log = top; log >= 0; log--) {
    const level = shape.levels.find(({ logLength }) => logLength === log)
    nodes[log] = Array.from({ length: 2 ** log }, (_, position) => {
      const row = level === undefined ? undefined : rowDigest(level, position)
      if (log === top) return row!
      const below = nodes[log + 1]!
      const node = hasher.hashNode(below[2 * position]!, below[2 * position + 1]!)
      return row === undefined ? node : hasher.hashNode(node, row)
    })
  }
  return { shape, nodes, word }
}

/** Opens sorted, distinct positions of the tallest level. */
export function openTree({ shape, nodes, word }: Tree, positions: readonly number[]): TreeOpening {
  const top = shape.levels[0]!.logLength
  const rows: bigint[] = []
  for (const level of shape.levels)
    for (const position of projectPositions(positions, top, level.logLength))
      for (const m of level.matrices)
        for (let column = 0; column < shape.matrices[m]!.width; column++) rows.push(word(m, position, column))
  const siblings: Digest[] = []
  let known = positions
  for (let log = top; log > 0; log--) {
    const present = new Set(known)
    known = projectPositions(known, log, log - 1)
    for (const parent of known)
      for (const child of [2 * parent, 2 * parent + 1]) if (!present.has(child)) siblings.push(nodes[log]![child]!)
  }
  return { rows: BigUint64Array.from(rows), siblings }
}
