/** Opened values at z, and the DEEP codewords. */
import {
  columnWeightsBytes,
  EXT_ZERO,
  type Ext,
  extAdd,
  extMul,
  type Offset,
  pow,
  rootOfUnity,
  writeColumnWeights,
} from '@zisk/field'
import { type DeepTerm, extPowers, type HeightLayout, PANEL_WORDS, type ShardLayout, shiftPoint } from '@zisk/verifier'
import type { DeepRequest } from '../backend/backend.ts'
import type { Region } from './arena.ts'
import { barycentricWeights } from './barycentric.ts'
import type { PanelCommitment } from './committed.ts'
import type { Engine } from './engine.ts'
import { cosetShift, ROW_BYTES } from './extension.ts'
import type { PanelCodeword } from './folding.ts'
import type { Job } from './jobs.ts'
import { type PlanarColumn, reservePlanar, rotatePlanar } from './planar.ts'

const BASIS: readonly Ext[] = [
  [1n, 0n, 0n],
  [0n, 1n, 0n],
  [0n, 0n, 1n],
]

/** The opened values, in layout order: each column's values on coset 0 times the weights of the point. */
export async function evaluatePanels(
  engine: Engine,
  layout: ShardLayout,
  trees: readonly PanelCommitment[],
  z: Ext,
): Promise<Ext[]> {
  const evaluations: Ext[] = []
  for (const height of layout.heights) {
    const values = new Map<string, Ext>()
    const weights = await barycentricWeights(engine, z, height.logRows)
    for (const offset of height.offsets) await evaluateAt(engine, height, trees, offset, weights, values)
    engine.release(weights.region)
    for (const { tree, matrix, word, width, offset } of height.terms) {
      let value = EXT_ZERO
      for (let i = 0; i < width; i++)
        value = extAdd(value, extMul(values.get(`${tree}:${matrix}:${word + i}:${offset}`)!, BASIS[i]!))
      evaluations.push(value)
    }
  }
  return evaluations
}

async function evaluateAt(
  engine: Engine,
  height: HeightLayout,
  trees: readonly PanelCommitment[],
  offset: number,
  atZero: PlanarColumn,
  values: Map<string, Ext>,
): Promise<void> {
  const { arena, runner } = engine
  const weights = rotatePlanar(engine, atZero, offset)
  const panels = usedPanels(height, trees, offset)
  const sums = arena.reserveZeroed(3 * ROW_BYTES * panels.length)
  const work = panels.map(({ offset: panel }, i) => ({ panel, dst: sums.offset + 3 * ROW_BYTES * i }))
  const jobs = engine.ranges(work.length, 1).map(
    ({ begin, end }): Job => ({
      kind: 'evaluate',
      panels: work.slice(begin, end),
      weights: weights.offset,
      plane: weights.plane,
      rows: 2 ** height.logRows,
    }),
  )
  await runner.run(jobs)
  const { words } = arena
  for (const [i, { tree, matrix, panel }] of panels.entries())
    for (let column = 0; column < PANEL_WORDS; column++) {
      const at = (sums.offset + 3 * ROW_BYTES * i) / 8 + column
      const value: Ext = [words[at]!, words[at + PANEL_WORDS]!, words[at + 2 * PANEL_WORDS]!]
      values.set(`${tree}:${matrix}:${panel * PANEL_WORDS + column}:${offset}`, value)
    }
  arena.release(sums)
  if (weights !== atZero) arena.release(weights.region)
}

/** Panels on coset 0 that hold a column opened at a row offset. */
function usedPanels(height: HeightLayout, trees: readonly PanelCommitment[], offset: number) {
  const seen = new Map<string, { tree: number; matrix: number; panel: number; offset: Offset }>()
  for (const { tree, matrix, word, width, offset: at } of height.terms) {
    if (at !== offset) continue
    const last = Math.floor((word + width - 1) / PANEL_WORDS)
    for (let panel = Math.floor(word / PANEL_WORDS); panel <= last; panel++) {
      const place = trees[tree]!.matrices[matrix]!.cosets[0]![panel]!.offset
      seen.set(`${tree}:${matrix}:${panel}`, { tree, matrix, panel, offset: place })
    }
  }
  return [...seen.values()]
}

/**
 * The DEEP codeword of a height. For each row offset the columns are combined on coset 0, the sum is extended, and divided by
 * x - z_o.
 */
export async function deepPanels(engine: Engine, request: DeepRequest, height: HeightLayout): Promise<PanelCodeword> {
  const { layout, z, mu } = request
  const trees = request.trees as readonly PanelCommitment[]
  const { logRows, terms, offsets, firstEvaluation } = height
  const { logBlowup } = layout
  const rows = 2 ** logRows
  const powers = extPowers(mu, terms.length)
  const codeword = reservePlanar(engine, rows * 2 ** logBlowup)
  for (const [i, offset] of offsets.entries()) {
    const members = terms.flatMap((term, j) => (term.offset === offset ? [{ term, power: powers[j]!, j }] : []))
    const combined = await combine(engine, height, trees, offset, members)
    let claimed = EXT_ZERO
    for (const { power, j } of members)
      claimed = extAdd(claimed, extMul(power, request.evaluations[firstEvaluation + j]!))
    const point = shiftPoint(z, rootOfUnity(logRows), offset)
    await addQuotients(engine, { logRows, logBlowup, codeword, combined, claimed, point, isFirst: i === 0 })
    engine.release(combined)
  }
  return { logLength: logRows + logBlowup, logBlowup, column: codeword }
}

/** Sum of mu^j f_j over the terms of one row offset as coefficients of f(7 x), in columns 0, 1, 2 of a panel. */
async function combine(
  engine: Engine,
  height: HeightLayout,
  trees: readonly PanelCommitment[],
  offset: number,
  members: readonly { readonly term: DeepTerm; readonly power: Ext }[],
): Promise<Region> {
  const { arena, kernels, runner } = engine
  const rows = 2 ** height.logRows
  const panels = usedPanels(height, trees, offset)
  const position = new Map(panels.map(({ tree, matrix, panel }, i) => [`${tree}:${matrix}:${panel}`, i]))
  const weights = new Array<Ext>(panels.length * PANEL_WORDS).fill(EXT_ZERO)
  for (const { term, power } of members)
    for (let i = 0; i < term.width; i++) {
      const word = term.word + i
      const panel = position.get(`${term.tree}:${term.matrix}:${Math.floor(word / PANEL_WORDS)}`)!
      weights[panel * PANEL_WORDS + (word % PANEL_WORDS)] = extMul(power, BASIS[i]!)
    }
  const prepared = arena.reserve(columnWeightsBytes(panels.length))
  const list = engine.list(panels.map(({ offset: at }) => at))
  const sums = reservePlanar(engine, rows)
  writeColumnWeights(arena.memory.buffer, prepared.offset, panels.length, weights)
  const jobs = engine.ranges(rows, 2).map(
    ({ begin, end }): Job => ({
      kind: 'combine',
      panels: list.offset,
      panelCount: panels.length,
      weights: prepared.offset,
      dst: sums.offset,
      plane: sums.plane,
      begin,
      end,
    }),
  )
  await runner.run(jobs)
  const panel = arena.reserveZeroed(ROW_BYTES * rows)
  for (let k = 0; k < 3; k++)
    kernels.copyStrided(sums.offset + k * sums.plane, 8, panel.offset + 8 * k, ROW_BYTES, rows)
  engine.release(prepared, list, sums.region)
  const { offset: at } = panel
  await runner.run([{ kind: 'extend', src: at, work: at, inverse: engine.inverse(height.logRows), cosets: [] }])
  return panel
}

interface DeepPart {
  readonly logRows: number
  readonly logBlowup: number
  readonly codeword: PanelCodeword['column']
  readonly combined: Region
  readonly claimed: Ext
  readonly point: Ext
  readonly isFirst: boolean
}

/** Adds (combined(x) - claimed) / (x - point) on every coset. */
async function addQuotients(engine: Engine, part: DeepPart): Promise<void> {
  const { logRows, logBlowup, codeword, combined, claimed, point, isFirst } = part
  const { arena, runner } = engine
  const rows = 2 ** logRows
  const extended = rootOfUnity(logRows + logBlowup)
  const cosets = Array.from({ length: 2 ** logBlowup }, (_, c) => engine.forward(logRows, pow(extended, BigInt(c))))
  const plane = Math.ceil((8 * rows) / 64) * 64
  const regions: Region[] = []
  const reserve = (bytes: number): Offset => {
    const region = arena.reserve(bytes)
    regions.push(region)
    return region.offset
  }
  // As many cosets at a time as there are workers, each with work space of its own.
  for (let first = 0; first < cosets.length; first += runner.width) {
    const jobs = cosets.slice(first, first + runner.width).map((plan, i): Job => {
      const c = first + i
      return {
        kind: 'deep',
        combined: combined.offset,
        plan,
        values: reserve(ROW_BYTES * rows),
        work: reserve(8 * plane),
        plane,
        rows,
        shift: cosetShift(logRows, logBlowup, c),
        root: rootOfUnity(logRows),
        claimed,
        point,
        dst: codeword.offset + 8 * c * rows,
        dstPlane: codeword.plane,
        isFirst,
      }
    })
    await runner.run(jobs)
    engine.release(...regions.splice(0))
  }
}
