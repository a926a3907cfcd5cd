/**
 * Merkle trees over matrices of several heights. The leaves are the rows of the tallest matrices; the rows of a shorter
 * matrix join the tree at the level that has as many nodes as the matrix has rows: `node = H(H(left, right), row)`.
 */

/** Words per panel: every matrix row is padded with zero words to whole panels of 64 bytes before hashing. */
export const PANEL_WORDS = 8

/** One committed matrix. */
export interface MatrixShape {
  /** log2 of its number of rows, the rows of the extended domain. */
  readonly logLength: number
  /** Base-field words per row. */
  readonly width: number
}

/** Matrices of one height, in tree order. */
export interface TreeLevel {
  readonly logLength: number
  /** Indexes into the list of matrices. */
  readonly matrices: readonly number[]
  /** Words per hashed row, padding included. */
  readonly paddedWidth: number
}

/** A tree: its matrices, and the same grouped by height, tallest first. */
export interface TreeShape {
  readonly matrices: readonly MatrixShape[]
  readonly levels: readonly TreeLevel[]
}

/** Groups matrices by height; within a height they keep their order. */
export function treeShape(matrices: readonly MatrixShape[]): TreeShape {
  const heights = [...new Set(matrices.map((matrix) => matrix.logLength))].sort((x, y) => y - x)
  const levels = heights.map((logLength) => {
    const members = matrices.flatMap((matrix, i) => (matrix.logLength === logLength ? [i] : []))
    const paddedWidth = members.reduce((sum, i) => sum + paddedWords(matrices[i]!.width), 0)
    return { logLength, matrices: members, paddedWidth }
  })
  return { matrices, levels }
}

/** Width rounded up to whole panels. */
export function paddedWords(width: number): number {
  return Math.ceil(width / PANEL_WORDS) * PANEL_WORDS
}

/** Positions on the tallest domain, as positions on one of 2^logTo rows: each node above a leaf; sorted, distinct. */
export function projectPositions(positions: readonly number[], logFrom: number, logTo: number): number[] {
  const scale = 2 ** (logTo - logFrom)
  const projected: number[] = []
  let last = -1
  let ascending = true
  for (const position of positions) {
    const next = Math.floor(position * scale)
    if (next === last) continue
    ascending &&= next > last
    last = next
    projected.push(next)
  }
  // Nearly always: what is asked for is a projection itself.
  return ascending ? projected : [...new Set(projected)].sort((x, y) => x - y)
}
