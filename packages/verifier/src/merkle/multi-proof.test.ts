import { describe, expect, test } from 'vitest'
import type { Digest } from '../hash/hasher.ts'
import { hasherNamed } from '../hash/hashers.ts'
import { openingSize, type TreeOpening, verifyOpening } from './multi-proof.ts'
import { paddedWords, projectPositions, type TreeShape, treeShape } from './tree-shape.ts'

const hasher = hasherNamed('blake3')!
const SHAPE = treeShape([
  { logLength: 2, width: 9 },
  { logLength: 4, width: 3 },
  { logLength: 4, width: 2 },
  { logLength: 0, width: 1 },
])
const cell = (matrix: number, row: number, column: number) => BigInt(1000 * matrix + 20 * row + column)

/** All nodes of a tree by level, from the definition: node = H(H(left, right), row). */
function nodesOf(shape: TreeShape): Digest[][] {
  const top = shape.levels[0]!.logLength
  const nodes: Digest[][] = []
  for (let log = top; log >= 0; log--) {
    nodes[log] = Array.from({ length: 2 ** log }, (_, i) => {
      const members = shape.matrices.flatMap((m, k) => (m.logLength === log ? [{ ...m, k }] : []))
      const words = members.flatMap(({ width, k }) =>
        Array.from({ length: paddedWords(width) }, (_, c) => (c < width ? cell(k, i, c) : 0n)),
      )
      const row = words.length === 0 ? undefined : hasher.hashRow(BigUint64Array.from(words))
      if (log === top) return row!
      const node = hasher.hashNode(nodes[log + 1]![2 * i]!, nodes[log + 1]![2 * i + 1]!)
      return row === undefined ? node : hasher.hashNode(node, row)
    })
  }
  return nodes
}

const nodes = nodesOf(SHAPE)
const tree = { shape: SHAPE, root: nodes[0]![0]!, where: 'test tree' }

function open(positions: readonly number[]): TreeOpening {
  const rows = SHAPE.levels.flatMap(({ logLength, matrices }) =>
    projectPositions(positions, 4, logLength).flatMap((row) =>
      matrices.flatMap((m) => Array.from({ length: SHAPE.matrices[m]!.width }, (_, c) => cell(m, row, c))),
    ),
  )
  const siblings: Digest[] = []
  for (let log = 4; log > 0; log--) {
    const known = new Set(projectPositions(positions, 4, log))
    for (const parent of projectPositions(positions, 4, log - 1))
      for (const child of [2 * parent, 2 * parent + 1]) if (!known.has(child)) siblings.push(nodes[log]![child]!)
  }
  return { rows: BigUint64Array.from(rows), siblings }
}

describe('verifyOpening', () => {
  const sets = [[0], [15], [0, 1], [3, 4, 11], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]]

  test.each(sets.map((positions) => [positions]))('opens %j', (positions) => {
    const opening = open(positions)
    const { words, at } = verifyOpening(hasher, tree, positions, opening)
    for (const position of positions) {
      expect([0, 1, 2].map((c) => words[at(1, position) + c])).toEqual([0, 1, 2].map((c) => cell(1, position, c)))
      expect(words[at(0, position >> 2) + 8]).toBe(cell(0, position >> 2, 8))
    }
    expect(openingSize(SHAPE, positions)).toEqual({ words: opening.rows.length, siblings: opening.siblings.length })
  })

  test('all positions need no nodes, and shared paths are sent once', () => {
    expect(open(sets[4]!).siblings.length).toBe(0)
    expect(open([0, 1]).siblings.length).toBe(3)
  })

  test('every word and every node matters', () => {
    const positions = [3, 4, 11]
    const honest = open(positions)
    for (let i = 0; i < honest.rows.length; i++) {
      const rows = honest.rows.slice()
      rows[i]! += 1n
      expect(() => verifyOpening(hasher, tree, positions, { ...honest, rows })).toThrow(/do not lead to/)
    }
    for (let i = 0; i < honest.siblings.length; i++) {
      const siblings = honest.siblings.map((digest, k) => (k === i ? new Uint8Array(32) : digest))
      expect(() => verifyOpening(hasher, tree, positions, { ...honest, siblings })).toThrow(/do not lead to/)
    }
    expect(() => verifyOpening(hasher, tree, [3, 4, 10], honest)).toThrow(/do not lead to/)
  })

  test('an opening of another size is refused before it is hashed', () => {
    const honest = open([3])
    const rows = honest.rows.subarray(1)
    expect(() => verifyOpening(hasher, tree, [3], { ...honest, rows })).toThrow(/expected .* words/)
    const siblings = [...honest.siblings, honest.siblings[0]!]
    expect(() => verifyOpening(hasher, tree, [3], { ...honest, siblings })).toThrow(/expected .* nodes/)
  })
})
