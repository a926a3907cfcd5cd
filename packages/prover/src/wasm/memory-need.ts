/** How many bytes of the arena a shard takes: an upper bound from its layout, phase by phase. */
import { nttTableBytes } from '@zisk/field'
import { PANEL_WORDS, type ShardLayout } from '@zisk/verifier'
import { ROW_BYTES, STAGED_BYTES } from './extension.ts'

/** What the bound depends on beside the layout. */
export interface NeedOptions {
  /** Whether all cosets of committed columns are kept. */
  readonly keepCosets: boolean
  /** Number of jobs at a time. */
  readonly width: number
}

const EXT_BYTES = 24
const DIGEST_BYTES = 32
/** Work areas of compiled programs, lists, hash work space. */
const SMALL_BYTES = 1 << 20

/** Bytes that the committed columns of stage 1 take, with their values and all cosets, until their shard is proved. */
export function heldNeed({ logBlowup, instances, trees }: ShardLayout): number {
  const columns = instances.reduce(
    (sum, { shape, logRows }) => sum + Math.ceil(shape.stage1.length / PANEL_WORDS) * ROW_BYTES * 2 ** logRows,
    0,
  )
  const tree = trees.find(({ name }) => name === 'stage1')!
  const digests = tree.shape.levels.reduce((sum, { logLength }) => sum + 2 * DIGEST_BYTES * 2 ** logLength, 0)
  return columns * (1 + 2 ** logBlowup) + digests
}

/** Bytes that proving a shard needs at most. */
export function shardNeed(layout: ShardLayout, { keepCosets, width }: NeedOptions): number {
  const { logBlowup, instances, heights } = layout
  const cosets = 2 ** logBlowup
  const kept = keepCosets ? cosets : 1
  const rowsOf = (logRows: number): number => 2 ** logRows
  const panelsOf = (logRows: number, columns: number): number =>
    Math.ceil(columns / PANEL_WORDS) * ROW_BYTES * rowsOf(logRows)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const most = (values: readonly number[]): number => values.reduce((top, value) => Math.max(top, value), 0)

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
  const quotients = panelsOf(heights[0]!.logRows, PANEL_WORDS)
  const joining = heights[1] === undefined ? 0 : panelsOf(heights[1].logRows, PANEL_WORDS)
  const trees = sum(
    layout.trees.map(({ shape }) => {
      const [top, ...others] = shape.levels.map(({ logLength }) => DIGEST_BYTES * 2 ** logLength)
      return 2 * top! + most(others)
    }),
  )
  /** Panels of one height on one coset, while they are hashed. */
  const borrowedLevel = (units: readonly number[]): number =>
    keepCosets || cosets === 1 ? 0 : most(heights.map(({ instances: members }) => sum(members.map((i) => units[i]!))))
  const plans = sum(heights.map(({ logRows }) => nttTableBytes(logRows) * (1 + 2 * cosets)))
  const always = 3 * SMALL_BYTES * (1 + width) + plans + trees + kept * (fixed + sum(tables))

  const onePanel = most(instances.map(({ logRows }) => panelsOf(logRows, PANEL_WORDS)))
  const loading = Math.min(STAGED_BYTES + onePanel, most(stage1))
  const commit1 = sum(stage1) * (keepCosets ? 1 + kept : 1) + Math.max(borrowedLevel(stage1), loading)
  // Beside the panels themselves: columns that are not committed in this shard, and blocks of rows for each job.
  const making2 = most(
    instances.map(({ shape, logRows }, i) => {
      const copies = 8 * rowsOf(logRows) * (shape.air.fixed.length + shape.air.customColumns.length)
      return copies + (keepCosets ? 0 : stage1[i]!)
    }),
  )
  const during2 = sum(stage1) * (keepCosets ? 1 + kept : 1) + sum(stage2) + making2 + 4 * SMALL_BYTES * width
  const after2 = kept * (sum(stage1) + sum(stage2))
  const commit2 = after2 + borrowedLevel(stage2)
  const quotient = most(
    instances.map(({ shape, logRows }, i) => {
      const rows = rowsOf(logRows)
      const cheap = panelsOf(logRows, shape.air.fixed.length) + loading
      const selectors = 8 * rows * (shape.air.constraints.filter(({ rows: r }) => r.kind !== 'everyRow').length + 3)
      const borrowed = keepCosets ? 0 : stage1[i]! + stage2[i]! + tables[i]! + fixed
      return 2 * EXT_BYTES * rows + 2 * ROW_BYTES * rows + cheap + selectors + borrowed
    }),
  )
  const duringQuotient = after2 + kept * quotients + joining + quotient
  const tallest = rowsOf(heights[0]!.logRows)
  const codewords = sum(heights.map(({ logRows }) => EXT_BYTES * cosets * rowsOf(logRows)))
  const deep = tallest * (ROW_BYTES + 2 * EXT_BYTES + width * 2 * ROW_BYTES)
  const folding = 4 * EXT_BYTES * cosets * tallest + 4 * DIGEST_BYTES * cosets * tallest
  const opened = Math.max(borrowedLevel(stage1), borrowedLevel(stage2))
  const finish = after2 + kept * quotients + codewords + Math.max(deep, folding + opened)
  return always + Math.max(commit1, during2, commit2, duringQuotient, finish)
}
