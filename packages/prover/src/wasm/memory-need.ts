/** How many bytes of the arena a shard takes: an upper bound from its layout, phase by phase. */
import { nttTableBytes } from '@zisk/field'
import { PANEL_WORDS, type ShardLayout, type TreeShape } from '@zisk/verifier'
import { keptCosets, ROW_BYTES, STAGED_BYTES } from './extension.ts'

/** What the bound depends on beside the layout. */
export interface NeedOptions {
  /** Whether all cosets of committed columns are kept. */
  readonly keepCosets: boolean
  /** Number of jobs at a time. */
  readonly width: number
}

/** Bytes of the arena at most. */
export interface ShardNeed {
  /** Until the columns of stage 1 are committed. */
  readonly commit: number
  /** For the columns of stage 1 between their commitment and the proof of the shard. */
  readonly held: number
  /** From then on until the shard is proved. */
  readonly prove: number
}

const EXT_BYTES = 24
const DIGEST_BYTES = 32
/** Work areas of compiled programs, lists, hash work space. */
const SMALL_BYTES = 1 << 20
/** Columns of the pieces of the quotient. */
const PIECE_WORDS = 6

/** Bytes that a shard needs at most. */
export function shardNeed(layout: ShardLayout, { keepCosets, width }: NeedOptions): ShardNeed {
  const { logBlowup, instances, heights, folding } = layout
  const cosets = 2 ** logBlowup
  /** Cosets that are there until the quotient is made, and afterwards. */
  const [before, after] = [keptCosets(logBlowup, keepCosets).length, keepCosets ? cosets : 1]
  const panelsOf = (logRows: number, columns: number): number =>
    Math.ceil(columns / PANEL_WORDS) * ROW_BYTES * 2 ** logRows

  const stage1 = instances.map(({ shape, logRows }) => panelsOf(logRows, shape.stage1.length))
  const stage2 = instances.map(({ shape, logRows }) => panelsOf(logRows, 3 * shape.stage2.length))
  const tables = instances.map(({ shape, logRows }) =>
    sum(shape.custom.map((columns) => panelsOf(logRows, columns.length))),
  )
  const fixed = sum(
    layout.trees.flatMap(({ name, shape }) =>
      name === 'fixed' ? shape.matrices.map((m) => panelsOf(m.logLength - logBlowup, m.width)) : [],
    ),
  )
  const [first, second] = [sum(stage1), sum(stage2)]
  const pieces = panelsOf(heights[0]!.logRows, PIECE_WORDS)
  const tallest = 2 ** heights[0]!.logRows

  const treeOf = (wanted: string): TreeNeed => {
    const tree = layout.trees.find(({ name }) => name === wanted)
    return tree === undefined ? { nodes: 0, joining: 0 } : treeNeed(tree.shape)
  }
  const [tree1, tree2, tree3] = [treeOf('stage1'), treeOf('stage2'), treeOf('quotient')]
  const others = sum(
    layout.trees.map(({ name, shape }) => {
      const { nodes, joining } = treeNeed(shape)
      return name === 'fixed' || name === 'custom' ? nodes + joining : 0
    }),
  )
  /** Panels of one height on one coset, while they are hashed or opened. */
  const borrowedLevel = (units: readonly number[]): number =>
    before === cosets && keepCosets ? 0 : most(heights.map(({ instances: ids }) => sum(ids.map((i) => units[i]!))))
  const plans = sum(heights.map(({ logRows }) => nttTableBytes(logRows) * (1 + 2 * cosets)))
  const always = 3 * SMALL_BYTES * (1 + width) + plans + others + before * (fixed + sum(tables))

  const onePanel = most(instances.map(({ logRows }) => panelsOf(logRows, PANEL_WORDS)))
  const loading = Math.min(STAGED_BYTES + onePanel, most(stage1))
  const committing1 = before * first + tree1.nodes + tree1.joining + borrowedLevel(stage1)
  const commit = first + Math.max(loading, committing1)
  const held = (1 + before) * first + tree1.nodes

  // Stage 2 of one instance after the other, each of which then drops its values on the trace domain.
  let values = 0
  let making2 = 0
  for (const [i, { shape, logRows }] of instances.entries()) {
    values += stage2[i]!
    // Columns that are not committed in this shard are copied for it.
    const copies = 8 * 2 ** logRows * (shape.air.fixed.length + shape.air.customColumns.length)
    making2 = Math.max(making2, values + copies)
    values -= stage1[i]!
  }
  const during2 = held + making2 + 4 * SMALL_BYTES * width
  const commit2 = before * (first + second) + tree1.nodes + tree2.nodes + tree2.joining + borrowedLevel(stage2)

  const after2 = before * (first + second) + tree1.nodes + tree2.nodes
  const quotient = most(
    instances.map(({ shape, logRows }, i) => {
      const rows = 2 ** logRows
      const cheap =
        panelsOf(logRows, shape.air.fixed.length) + Math.min(STAGED_BYTES, 8 * rows * shape.air.fixed.length)
      const selectors = 8 * rows * (shape.air.constraints.filter(({ rows: r }) => r.kind !== 'everyRow').length + 3)
      const borrowed = before > 1 ? 0 : stage1[i]! + stage2[i]! + tables[i]! + fixed
      return 2 * EXT_BYTES * rows + cheap + selectors + borrowed
    }),
  )
  const joining = heights[1] === undefined ? 0 : panelsOf(heights[1].logRows, PANEL_WORDS)
  const duringQuotient = after2 + pieces + joining + quotient + SMALL_BYTES * width

  const after3 = after * (first + second + pieces) + tree1.nodes + tree2.nodes + tree3.nodes
  const commit3 = after3 + tree3.joining + (keepCosets ? 0 : pieces)
  const weights = sum(heights.map(({ logRows }) => EXT_BYTES * 2 ** logRows)) + 8 * tallest
  const codewords = sum(heights.map(({ logRows }) => EXT_BYTES * cosets * 2 ** logRows))
  const deep = codewords + sum(heights.map(({ logRows }) => ROW_BYTES * cosets * 2 ** logRows))
  const opened = Math.max(borrowedLevel(stage1), borrowedLevel(stage2), keepCosets ? 0 : pieces)

  let length = cosets * tallest
  let folded = 0
  let foldingMost = 0
  for (const { logArity } of folding.rounds) {
    const [codeword, next] = [EXT_BYTES * length, (EXT_BYTES * length) / 2 ** logArity]
    // The rows are padded to whole blocks.
    const rows = Math.max(codeword, (ROW_BYTES * length) / 2 ** logArity)
    const kept = rows + (2 * DIGEST_BYTES * length) / 2 ** logArity
    // Beside what is kept: two codewords that are folded in turn, or what joins and its multiple.
    foldingMost = Math.max(foldingMost, folded + kept + 2 * codeword + next)
    folded += kept
    length /= 2 ** logArity
  }
  const finish = after3 + Math.max(weights, deep, codewords + foldingMost, folded + opened)
  const prove = Math.max(during2, commit2, duringQuotient, commit3, finish)
  return { commit: always + commit, held, prove: always + prove }
}

/** Bytes of the nodes of a tree, and of the digests that are joined while it is built. */
interface TreeNeed {
  readonly nodes: number
  readonly joining: number
}

function treeNeed({ levels }: TreeShape): TreeNeed {
  const [top, ...others] = levels.map(({ logLength }) => DIGEST_BYTES * 2 ** logLength)
  return { nodes: 2 * top!, joining: most(others) }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function most(values: readonly number[]): number {
  return values.reduce((top, value) => Math.max(top, value), 0)
}
