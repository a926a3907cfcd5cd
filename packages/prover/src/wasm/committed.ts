/**
 * Commitments in the arena. Values lie coset after coset in natural order. With B cosets, row j of coset c is row c + B j of the codeword in natural order, which is
 * position reverse(c + B j) of the protocol. Trees store the nodes of a level coset after coset in the same way, so that
 * the two children of node (c, j) are (c, j) and (c, j + half).
 */
import { blake3WorkspaceBytes } from '@zisk/field'
import {
  type Digest,
  type Hasher,
  openingSize,
  PANEL_WORDS,
  projectPositions,
  reverseBits,
  type TreeOpening,
  type TreeShape,
  treeShape,
} from '@zisk/verifier'
import type { Commitment } from '../backend/backend.ts'
import type { Address, Region } from './arena.ts'
import { CosetWalk } from './coset-walk.ts'
import type { Engine } from './engine.ts'
import { type PanelMatrix, ROW_BYTES } from './extension.ts'
import { isTogether } from './job-context.ts'
import type { Job } from './jobs.ts'

const DIGEST = 32

/** Rows to be hashed and opened, however they are stored. */
export interface RowStore {
  readonly logLength: number
  readonly width: number
  /** Distance of rows in bytes. */
  readonly rowStride: number
  /** Begins to read the rows on one coset after the other. */
  readonly walk: () => RowWalk
}

/** Reads rows coset after coset, each once, the first before the others. */
export interface RowWalk {
  /** The 64-byte blocks of row 0 on a coset. */
  readonly onCoset: (c: number) => Promise<{ readonly blocks: readonly Address[]; readonly giveBack: () => void }>
  readonly finish: () => Promise<void>
}

/** A commitment of this back end. */
export interface PanelCommitment extends Commitment {
  readonly matrices: readonly PanelMatrix[]
  readonly stores: readonly RowStore[]
  readonly logBlowup: number
  /** Nodes by log2 of their number. */
  readonly levels: readonly Address[]
  /** What it holds beside its matrices. */
  readonly regions: readonly Region[]
}

/** The rows of a matrix. */
export function rowsOfMatrix(engine: Engine, matrix: PanelMatrix, logBlowup: number): RowStore {
  return {
    logLength: matrix.logRows + logBlowup,
    width: matrix.width,
    rowStride: ROW_BYTES,
    walk: () => {
      const cosets = new CosetWalk(engine, matrix, logBlowup)
      return {
        onCoset: async (c) => {
          const { panels, giveBack } = await cosets.borrow(c)
          return { blocks: panels.map(({ offset }) => offset), giveBack }
        },
        finish: () => cosets.finish(),
      }
    },
  }
}

/** Hashes rows into a tree. */
export async function buildPanelTree(
  engine: Engine,
  stores: readonly RowStore[],
  logBlowup: number,
  hasher: Hasher,
): Promise<{ shape: TreeShape; levels: Address[]; regions: Region[]; root: Digest }> {
  const { arena, runner } = engine
  const hash = hasher.name
  const shape = treeShape(stores.map(({ logLength, width }) => ({ logLength, width })))
  const top = shape.levels[0]!.logLength
  // All nodes in one region, level 0 first; beside it the digests of rows that join nodes.
  const levels = Array.from({ length: top + 1 }, (_, log) => DIGEST * 2 ** log)
  const joining = shape.levels.slice(1).map(({ logLength }) => DIGEST * 2 ** logLength)
  const sizes = [DIGEST * 2 ** (top + 1), ...(joining.length > 0 ? [Math.max(...joining)] : [])]
  const [nodes, rowDigests] = arena.reserveTogether(sizes)
  for (const log of levels.keys()) levels[log]! += nodes!.offset
  const cosetCount = 2 ** logBlowup

  /** Coset after coset, so that only one of those that are not kept is there at a time. */
  const hashLevel = async (level: TreeShape['levels'][number], out: Address): Promise<void> => {
    const rows = 2 ** (level.logLength - logBlowup)
    const { rowStride } = stores[level.matrices[0]!]!
    const rowBytes = 8 * level.paddedWidth
    const walks = level.matrices.map((m) => stores[m]!.walk())
    for (let c = 0; c < cosetCount; c++) {
      const borrowed = []
      for (const { onCoset } of walks) borrowed.push(await onCoset(c))
      const blocks = borrowed.flatMap((store) => store.blocks)
      const temporary: Region[] = []
      const jobs = engine.ranges(rows, 4).map((range): Job => {
        const workspace = arena.reserveNear(out, blake3WorkspaceBytes(rowBytes))
        temporary.push(workspace)
        const place = { out: out + c * rows * DIGEST, workspace: workspace.offset }
        return { kind: 'leaves', hash, blocks, rowBytes, rowStride, ...place, ...range }
      })
      await runner.run(jobs)
      engine.release(...temporary)
      for (const { giveBack } of borrowed) giveBack()
    }
    for (const { finish } of walks) await finish()
  }

  for (let log = top; log >= 0; log--) {
    const count = 2 ** log
    const out = levels[log]!
    const level = shape.levels.find(({ logLength }) => logLength === log)
    if (log === top) {
      await hashLevel(level!, out)
      continue
    }
    const below = levels[log + 1]!
    const perCoset = Math.max(1, 2 ** (log - logBlowup))
    const parts = log >= logBlowup ? cosetCount : 1
    const nodesPerPart = parts === 1 ? count : perCoset
    const jobs: Job[] = []
    for (let c = 0; c < parts; c++) {
      const left = below + 2 * c * nodesPerPart * DIGEST
      const at = out + c * nodesPerPart * DIGEST
      for (const range of nodesPerPart < 1024 ? [{ begin: 0, end: nodesPerPart }] : engine.ranges(nodesPerPart, 4))
        jobs.push({ kind: 'nodes', hash, left, right: left + nodesPerPart * DIGEST, out: at, ...range })
    }
    await runner.run(jobs)
    if (level === undefined) continue
    await hashLevel(level, rowDigests!.offset)
    const places = { left: out, right: rowDigests!.offset, out }
    await runner.run([{ kind: 'nodes', hash, ...places, begin: 0, end: count }])
  }
  if (rowDigests !== undefined) arena.release(rowDigests)
  return { shape, levels, regions: [nodes!], root: arena.bytes(levels[0]!, DIGEST).slice() }
}

/** Opens sorted, distinct positions of the tallest level. */
export async function openPanels(
  engine: Engine,
  commitment: PanelCommitment,
  positions: readonly number[],
): Promise<TreeOpening> {
  const { shape, stores, levels, logBlowup } = commitment
  const top = shape.levels[0]!.logLength
  const rows = new BigUint64Array(openingSize(shape, positions).words)
  let written = 0
  for (const level of shape.levels) {
    const members = level.matrices.map((m) => stores[m]!)
    const projected = projectPositions(positions, top, level.logLength)
    const words = await openRows(engine, members, projected, logBlowup)
    rows.set(words, written)
    written += words.length
  }
  const siblings: Digest[] = []
  let known = positions
  for (let log = top; log > 0; log--) {
    const nodes = engine.arena.bytes(levels[log]!, DIGEST * 2 ** log)
    const present = new Set(known)
    known = projectPositions(known, log, log - 1)
    for (const parent of known)
      for (const child of [2 * parent, 2 * parent + 1]) {
        if (present.has(child)) continue
        const { coset, row, rows: perCoset } = placeOf(child, log, logBlowup)
        const at = DIGEST * (coset * perCoset + row)
        siblings.push(nodes.slice(at, at + DIGEST))
      }
  }
  return { rows, siblings }
}

/** The words of the rows of one level, position after position. */
async function openRows(
  engine: Engine,
  stores: readonly RowStore[],
  positions: readonly number[],
  logBlowup: number,
): Promise<BigUint64Array> {
  const { arena } = engine
  const rowWords = stores.reduce((sum, { width }) => sum + width, 0)
  const { logLength } = stores[0]!
  const places = positions.map((position) => placeOf(position, logLength, logBlowup))
  const sizes = [8 * positions.length, 8 * rowWords * positions.length]
  const [list, out] = arena.reserveTogether(sizes) as [Region, Region]
  const members = stores.map(({ width, rowStride, walk }) => ({ width, rowStride, rows: walk() }))
  for (let c = 0; c < 2 ** logBlowup; c++) {
    const pairs = Uint32Array.from(places.flatMap(({ coset, row }, p) => (coset === c ? [row, p] : [])))
    if (pairs.length === 0) continue
    arena.bytes(list.offset, pairs.byteLength).set(new Uint8Array(pairs.buffer))
    let to = out.offset
    for (const { width, rowStride, rows } of members) {
      const { blocks, giveBack } = await rows.onCoset(c)
      for (const [b, block] of blocks.entries()) {
        const words = Math.min(PANEL_WORDS, width - PANEL_WORDS * b)
        if (words > 0)
          copyRows(engine, { list: list.offset, pairs, src: block, srcStride: rowStride, words, dst: to, rowWords })
        to += 8 * Math.max(0, words)
      }
      giveBack()
    }
  }
  for (const { rows } of members) await rows.finish()
  const words = arena.words(out.offset, rowWords * positions.length).slice()
  engine.release(list, out)
  return words
}

/** Rows of a block that go to rows of what is opened. */
interface RowCopies {
  /** Pairs of a row and its place, and where they lie beside the destination. */
  readonly pairs: Uint32Array
  readonly list: Address
  readonly src: Address
  readonly srcStride: number
  readonly words: number
  readonly dst: Address
  readonly rowWords: number
}

/** By the kernel where source and destination are in one memory. */
function copyRows(engine: Engine, { pairs, list, src, srcStride, words, dst, rowWords }: RowCopies): void {
  if (isTogether(dst, [src])) {
    engine.kernelsAt(dst).copyRows(list, pairs.length / 2, src, srcStride, words, dst, 8 * rowWords)
    return
  }
  for (let k = 0; k < pairs.length; k += 2)
    engine.arena.copy(src + pairs[k]! * srcStride, dst + 8 * rowWords * pairs[k + 1]!, 8 * words)
}

/** Coset and row of a position. Levels below one node per coset are in natural order. */
function placeOf(position: number, log: number, logBlowup: number): { coset: number; row: number; rows: number } {
  const natural = reverseBits(position, log)
  if (log < logBlowup) return { coset: 0, row: natural, rows: 2 ** log }
  const cosets = 2 ** logBlowup
  return { coset: natural % cosets, row: Math.floor(natural / cosets), rows: 2 ** (log - logBlowup) }
}
