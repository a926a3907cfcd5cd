/**
 * Commitments in the arena. A matrix is panels of 8 columns (64-byte rows): coefficients in bit-reversed order, and values
 * on each coset in natural order. With B cosets, row j of coset c is row c + B j of the codeword in natural order, which is
 * position reverse(c + B j) of the protocol. Trees store the nodes of a level coset after coset in the same way, so that
 * the two children of node (c, j) are (c, j) and (c, j + half).
 */
import { blake3WorkspaceBytes, type Offset } from '@zisk/field'
import {
  type Digest,
  type Hasher,
  PANEL_WORDS,
  projectPositions,
  reverseBits,
  type TreeOpening,
  type TreeShape,
  treeShape,
} from '@zisk/verifier'
import type { ColumnMatrix, Commitment } from '../backend/backend.ts'
import type { Region } from './arena.ts'
import type { Engine } from './engine.ts'
import type { ExtendJob, Job } from './jobs.ts'

const ROW_BYTES = 8 * PANEL_WORDS
const DIGEST = 32

/** A committed matrix of polynomials. */
export interface PanelMatrix {
  readonly logRows: number
  readonly width: number
  /** Coefficients, by panel. */
  readonly coefficients: readonly Offset[]
  /** Values, by coset and panel. */
  readonly cosets: readonly (readonly Offset[])[]
  readonly regions: readonly Region[]
}

/** Rows to be hashed, however they are stored. */
export interface RowStore {
  readonly logLength: number
  readonly width: number
  /** By coset: 64-byte blocks of row 0, and the distance of rows. */
  readonly blocks: readonly (readonly Offset[])[]
  readonly rowStride: number
}

/** A commitment of this back end. */
export interface PanelCommitment extends Commitment {
  readonly matrices: readonly PanelMatrix[]
  readonly stores: readonly RowStore[]
  readonly logBlowup: number
  /** Nodes by log2 of their number. */
  readonly levels: readonly Offset[]
  readonly regions: readonly Region[]
}

/** A matrix that is to be extended: columns of values, or panels of coefficients. */
export type MatrixSource = ColumnMatrix | { readonly logRows: number; readonly width: number; readonly panel: Region }

/** Extends matrices to all cosets, as many panels at a time as there are workers. */
export async function extendMatrices(
  engine: Engine,
  sources: readonly MatrixSource[],
  logBlowup: number,
): Promise<PanelMatrix[]> {
  const batch = new ExtensionBatch(engine)
  const matrices: PanelMatrix[] = []
  for (const source of sources) {
    const { logRows } = source
    const { inverse, cosets: plans } = engine.transforms(logRows, logBlowup)
    const regions: Region[] = []
    const coefficients: Offset[] = []
    const cosets: Offset[][] = plans.map(() => [])
    const reserve = (): Offset => {
      const region = engine.arena.reserve(ROW_BYTES * 2 ** logRows)
      regions.push(region)
      return region.offset
    }
    const targets = () =>
      plans.map((plan, c) => {
        const dst = reserve()
        cosets[c]!.push(dst)
        return { plan, dst }
      })
    if ('panel' in source) {
      regions.push(source.panel)
      coefficients.push(source.panel.offset)
      await batch.add({ kind: 'extend', panel: source.panel.offset, cosets: targets() })
    } else
      for (let first = 0; first < source.columns.length; first += PANEL_WORDS) {
        const panel = reserve()
        coefficients.push(panel)
        const columns = batch.stage(source.columns.slice(first, first + PANEL_WORDS), 2 ** logRows)
        await batch.add({ kind: 'extend', panel, columns, inverse, cosets: targets() })
      }
    const width = 'panel' in source ? source.width : source.columns.length
    matrices.push({ logRows, width, coefficients, cosets, regions })
  }
  await batch.finish()
  return matrices
}

/** Panels on their way; columns outside the arena are copied in just before. */
class ExtensionBatch {
  readonly #engine: Engine
  #jobs: Job[] = []
  #staged: Region[] = []

  constructor(engine: Engine) {
    this.#engine = engine
  }

  stage(columns: readonly BigUint64Array[], rows: number): NonNullable<ExtendJob['columns']> {
    const { arena } = this.#engine
    const region = arena.reserve(8 * rows * columns.length)
    const { words } = arena
    for (const [i, column] of columns.entries()) words.set(column, region.offset / 8 + i * rows)
    const list = this.#engine.list(columns.map((_, i) => region.offset + 8 * rows * i))
    this.#staged.push(region, list)
    return { list: list.offset, width: columns.length, rows }
  }

  async add(job: ExtendJob): Promise<void> {
    this.#jobs.push(job)
    if (this.#jobs.length >= 2 * this.#engine.runner.width) await this.finish()
  }

  async finish(): Promise<void> {
    await this.#engine.runner.run(this.#jobs)
    this.#engine.release(...this.#staged)
    this.#jobs = []
    this.#staged = []
  }
}

/** The rows of a matrix, for hashing. */
export function rowsOfMatrix({ logRows, width, cosets }: PanelMatrix, logBlowup: number): RowStore {
  return { logLength: logRows + logBlowup, width, blocks: cosets, rowStride: ROW_BYTES }
}

/** Hashes rows into a tree. */
export async function buildPanelTree(
  engine: Engine,
  stores: readonly RowStore[],
  logBlowup: number,
  hasher: Hasher,
): Promise<{ shape: TreeShape; levels: Offset[]; regions: Region[]; root: Digest }> {
  const { arena, runner } = engine
  const hash = hasher.name
  const shape = treeShape(stores.map(({ logLength, width }) => ({ logLength, width })))
  const top = shape.levels[0]!.logLength
  const regions: Region[] = []
  const levels: Offset[] = []
  const cosetCount = 2 ** logBlowup

  const hashLevel = async (level: TreeShape['levels'][number], out: Offset): Promise<void> => {
    const rows = 2 ** (level.logLength - logBlowup)
    const first = stores[level.matrices[0]!]!
    const rowBytes = 8 * level.paddedWidth
    const jobs: Job[] = []
    const temporary: Region[] = []
    for (let c = 0; c < cosetCount; c++) {
      const blocks = engine.list(level.matrices.flatMap((m) => stores[m]!.blocks[c]!))
      temporary.push(blocks)
      for (const range of engine.ranges(rows, 4)) {
        const workspace = arena.reserve(blake3WorkspaceBytes(rowBytes))
        temporary.push(workspace)
        const digests = { blocks: blocks.offset, rowBytes, rowStride: first.rowStride, workspace: workspace.offset }
        jobs.push({ kind: 'leaves', hash, rows: { ...digests, out: out + c * rows * DIGEST, ...range } })
      }
    }
    await runner.run(jobs)
    engine.release(...temporary)
  }

  for (let log = top; log >= 0; log--) {
    const count = 2 ** log
    const region = arena.reserve(DIGEST * count)
    regions.push(region)
    levels[log] = region.offset
    const level = shape.levels.find(({ logLength }) => logLength === log)
    if (log === top) {
      await hashLevel(level!, region.offset)
      continue
    }
    const below = levels[log + 1]!
    const perCoset = Math.max(1, 2 ** (log - logBlowup))
    const parts = log >= logBlowup ? cosetCount : 1
    const nodesPerPart = parts === 1 ? count : perCoset
    const jobs: Job[] = []
    for (let c = 0; c < parts; c++) {
      const left = below + 2 * c * nodesPerPart * DIGEST
      const out = region.offset + c * nodesPerPart * DIGEST
      for (const range of nodesPerPart < 1024 ? [{ begin: 0, end: nodesPerPart }] : engine.ranges(nodesPerPart, 4))
        jobs.push({ kind: 'nodes', hash, left, right: left + nodesPerPart * DIGEST, out, ...range })
    }
    await runner.run(jobs)
    if (level === undefined) continue
    const rowDigests = arena.reserve(DIGEST * count)
    await hashLevel(level, rowDigests.offset)
    const nodes = { left: region.offset, right: rowDigests.offset, out: region.offset }
    await runner.run([{ kind: 'nodes', hash, ...nodes, begin: 0, end: count }])
    arena.release(rowDigests)
  }
  return { shape, levels, regions, root: arena.bytes.slice(levels[0]!, levels[0]! + DIGEST) }
}

/** Opens sorted, distinct positions of the tallest level. */
export function openPanels(engine: Engine, commitment: PanelCommitment, positions: readonly number[]): TreeOpening {
  const { shape, stores, levels, logBlowup } = commitment
  const { words, bytes } = engine.arena
  const top = shape.levels[0]!.logLength
  const rows: bigint[] = []
  for (const level of shape.levels)
    for (const position of projectPositions(positions, top, level.logLength)) {
      const { coset, row } = placeOf(position, level.logLength, logBlowup)
      for (const m of level.matrices) {
        const { width, blocks, rowStride } = stores[m]!
        for (let i = 0; i < width; i++) {
          const block = blocks[coset]![Math.floor(i / PANEL_WORDS)]!
          rows.push(words[(block + row * rowStride) / 8 + (i % PANEL_WORDS)]!)
        }
      }
    }
  const siblings: Digest[] = []
  let known = positions
  for (let log = top; log > 0; log--) {
    const present = new Set(known)
    known = projectPositions(known, log, log - 1)
    for (const parent of known)
      for (const child of [2 * parent, 2 * parent + 1]) {
        if (present.has(child)) continue
        const { coset, row, rows: perCoset } = placeOf(child, log, logBlowup)
        const at = levels[log]! + DIGEST * (coset * perCoset + row)
        siblings.push(bytes.slice(at, at + DIGEST))
      }
  }
  return { rows: BigUint64Array.from(rows), siblings }
}

/** Coset and row of a position. Levels below one node per coset are in natural order. */
function placeOf(position: number, log: number, logBlowup: number): { coset: number; row: number; rows: number } {
  const natural = reverseBits(position, log)
  if (log < logBlowup) return { coset: 0, row: natural, rows: 2 ** log }
  const cosets = 2 ** logBlowup
  return { coset: natural % cosets, row: Math.floor(natural / cosets), rows: 2 ** (log - logBlowup) }
}
