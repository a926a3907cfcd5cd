/** Opened values at z, and the DEEP codewords. */
import {
  columnWeightsBytes,
  EXT_ZERO,
  type Ext,
  extAdd,
  extMul,
  extScale,
  GENERATOR,
  pow,
  rootOfUnity,
  writeColumnWeights,
} from '@zisk/field'
import { type DeepTerm, extPowers, type HeightLayout, PANEL_WORDS, type ShardLayout } from '@zisk/verifier'
import type { DeepRequest } from '../backend/backend.ts'
import type { Address, Region } from './arena.ts'
import { barycentricWeights } from './barycentric.ts'
import type { PanelCommitment } from './committed.ts'
import { type DeepJob, type DeepPoint, deepWorkBytes } from './deep-job.ts'
import type { Engine } from './engine.ts'
import type { ExtendJob } from './extend-job.ts'
import { ROW_BYTES } from './extension.ts'
import type { PanelCodeword } from './folding.ts'
import type { EvaluateJob, Job } from './jobs.ts'
import { planarBytes, planarIn } from './planar.ts'
import { runExtensions } from './run-extensions.ts'

/** Columns of a vector, and vectors of a row of a panel. */
const VECTOR_WORDS = 2
const PANEL_VECTORS = PANEL_WORDS / VECTOR_WORDS

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
  const { arena, runner } = engine
  const regions: Region[] = []
  const jobs: EvaluateJob[] = []
  /** Where the values of a panel at a row offset will be. */
  const places = new Map<string, Address>()
  for (const { logRows, offsets, terms } of layout.heights) {
    const weights = await barycentricWeights(engine, z, logRows)
    regions.push(weights.region)
    const rows = 2 ** logRows
    for (const offset of offsets)
      for (const { panel, pairs } of usedPanels(terms.filter((term) => term.offset === offset))) {
        const sums = arena.reserveNear(weights.offset, 3 * ROW_BYTES)
        arena.clear(sums)
        regions.push(sums)
        places.set(`${panelKey(panel)}:${offset}`, sums.offset)
        jobs.push({
          kind: 'evaluate',
          panel: homeOf(trees, panel),
          dst: sums.offset,
          weights: weights.offset,
          plane: weights.plane,
          rows,
          // The weights of z w^o are those of z moved by o places.
          offset: ((offset % rows) + rows) % rows,
          pairs,
        })
      }
  }
  await runner.run(jobs)
  const valueAt = ({ tree, matrix, offset }: DeepTerm, word: number): Ext => {
    const panel = Math.floor(word / PANEL_WORDS)
    const sums = arena.words(places.get(`${panelKey({ tree, matrix, panel })}:${offset}`)!, 3 * PANEL_WORDS)
    const column = word % PANEL_WORDS
    return [sums[column]!, sums[column + PANEL_WORDS]!, sums[column + 2 * PANEL_WORDS]!]
  }
  const evaluations = layout.heights.flatMap(({ terms }) =>
    terms.map((term) => {
      let value = EXT_ZERO
      for (let i = 0; i < term.width; i++) value = extAdd(value, extMul(valueAt(term, term.word + i), BASIS[i]!))
      return value
    }),
  )
  engine.release(...regions)
  return evaluations
}

/** One panel of a committed matrix. */
interface PanelPlace {
  readonly tree: number
  readonly matrix: number
  readonly panel: number
}

function panelKey({ tree, matrix, panel }: PanelPlace): string {
  return `${tree}:${matrix}:${panel}`
}

/** Two columns of one panel: as much as a vector of the kernels holds. */
interface VectorPlace {
  readonly tree: number
  readonly matrix: number
  readonly vector: number
}

function vectorKey({ tree, matrix, vector }: VectorPlace): string {
  return `${tree}:${matrix}:${vector}`
}

/** The vectors that hold columns of some terms. */
function usedVectors(terms: readonly DeepTerm[]): VectorPlace[] {
  const seen = new Map<string, VectorPlace>()
  for (const { tree, matrix, word, width } of terms)
    for (let i = word; i < word + width; i++) {
      const place = { tree, matrix, vector: Math.floor(i / VECTOR_WORDS) }
      seen.set(vectorKey(place), place)
    }
  return [...seen.values()]
}

/** The panels that hold columns of some terms, and bits of the pairs of columns in them that do. */
function usedPanels(terms: readonly DeepTerm[]): { readonly panel: PanelPlace; readonly pairs: number }[] {
  const seen = new Map<string, { readonly panel: PanelPlace; readonly pairs: number }>()
  for (const { tree, matrix, vector } of usedVectors(terms)) {
    const panel = { tree, matrix, panel: Math.floor(vector / PANEL_VECTORS) }
    const key = panelKey(panel)
    seen.set(key, { panel, pairs: (seen.get(key)?.pairs ?? 0) | (1 << (vector % PANEL_VECTORS)) })
  }
  return [...seen.values()]
}

/** Where the values of a panel on coset 0 lie. */
function homeOf(trees: readonly PanelCommitment[], { tree, matrix, panel }: PanelPlace): Address {
  return trees[tree]!.matrices[matrix]!.cosets[0]![panel]!.offset
}

/** Where the values of a vector on coset 0 begin. */
function vectorHome(trees: readonly PanelCommitment[], { tree, matrix, vector }: VectorPlace): Address {
  const panel = homeOf(trees, { tree, matrix, panel: Math.floor(vector / PANEL_VECTORS) })
  return panel + 8 * VECTOR_WORDS * (vector % PANEL_VECTORS)
}

/**
 * The DEEP codeword of every height. On the first coset it is computed from the values of the columns there, which
 * determine it, since its degree is below the height; a transform extends it to the other cosets.
 */
export async function deepPanels(engine: Engine, request: DeepRequest): Promise<PanelCodeword[]> {
  const { runner } = engine
  const { layout } = request
  const { logBlowup } = layout
  const work = layout.heights.map((height) => deepHeight(engine, request, height))
  await runner.run(work.flatMap(({ jobs }) => jobs))
  // The coefficients are those of f(s x) for the shift s of the first coset: the others lie w^c away.
  const root = (logRows: number): bigint => rootOfUnity(logRows + logBlowup)
  const regions = work.flatMap((height) => height.regions)
  const unpacking: Job[] = []
  const extensions = work.map(({ logRows, codeword, panel: { offset }, others }): ExtendJob => {
    const rows = 2 ** logRows
    const cosets = others.map((values, i) => {
      const columns = [0, 1, 2].map((k) => codeword.offset + k * codeword.plane + 8 * (i + 1) * rows)
      for (const range of engine.ranges(rows, 2))
        unpacking.push({ kind: 'unpack', panel: values.offset, columns, ...range })
      return { plan: engine.forward(logRows, pow(root(logRows), BigInt(i + 1)), offset), dst: values.offset }
    })
    return { kind: 'extend', columns: 3, src: offset, work: offset, inverse: engine.inverse(logRows, offset), cosets }
  })
  await runExtensions(engine, extensions)
  await runner.run(unpacking)
  engine.release(...regions)
  return work.map(({ logRows, codeword }) => ({ logLength: logRows + logBlowup, logBlowup, column: codeword }))
}

/** What the DEEP codeword of a height takes on the first coset. */
function deepHeight(engine: Engine, request: DeepRequest, height: HeightLayout) {
  const { arena } = engine
  const { layout, z, mu, evaluations } = request
  const trees = request.trees as readonly PanelCommitment[]
  const { logRows, terms, offsets, firstEvaluation } = height
  const rows = 2 ** logRows
  const powers = extPowers(mu, terms.length)
  const root = rootOfUnity(logRows)
  const count = rows * 2 ** layout.logBlowup
  const panels = new Array<number>(2 ** layout.logBlowup).fill(ROW_BYTES * rows)
  const [region, panel, ...others] = arena.reserveTogether([planarBytes(count), ...panels]) as [
    Region,
    Region,
    ...Region[],
  ]
  const codeword = planarIn(region, count)
  const regions = [panel, ...others]
  const points = offsets.map((offset): DeepPoint => {
    const scale = pow(root, BigInt(((-offset % rows) + rows) % rows))
    const members = terms.flatMap((term, j) =>
      term.offset === offset ? [{ term, power: extScale(powers[j]!, scale), j }] : [],
    )
    const places = usedVectors(members.map(({ term }) => term))
    const vectors = places.map((place) => vectorHome(trees, place))
    // The kernel takes them two by two; one without a weight adds nothing.
    if (vectors.length % 2 === 1) vectors.push(vectors[0]!)
    const weights = arena.reserveNear(codeword.offset, columnWeightsBytes(vectors.length))
    const { buffer, byteOffset } = arena.bytes(weights.offset, 0)
    writeColumnWeights(buffer, byteOffset, vectors.length, weightsOf(places, members))
    regions.push(weights)
    const claimed = members.reduce(
      (sum, { power, j }) => extAdd(sum, extMul(power, evaluations[firstEvaluation + j]!)),
      EXT_ZERO,
    )
    return { offset, vectors, weights: weights.offset, claimed }
  })
  const jobs = engine.ranges(rows, 2).map((range): DeepJob => {
    const work = arena.reserveNear(codeword.offset, deepWorkBytes(offsets))
    regions.push(work)
    return {
      kind: 'deep',
      points,
      z,
      rows,
      shift: GENERATOR,
      root,
      dst: codeword.offset,
      plane: codeword.plane,
      panel: panel.offset,
      work: work.offset,
      ...range,
    }
  })
  return { logRows, codeword, panel, others, jobs, regions }
}

/** Weights mu^j of the columns of some vectors. */
function weightsOf(
  vectors: readonly VectorPlace[],
  members: readonly { readonly term: DeepTerm; readonly power: Ext }[],
): Ext[] {
  const position = new Map(vectors.map((place, i) => [vectorKey(place), i]))
  const weights = new Array<Ext>(vectors.length * VECTOR_WORDS).fill(EXT_ZERO)
  for (const { term, power } of members)
    for (let i = 0; i < term.width; i++) {
      const word = term.word + i
      const vector = position.get(vectorKey({ ...term, vector: Math.floor(word / VECTOR_WORDS) }))!
      weights[vector * VECTOR_WORDS + (word % VECTOR_WORDS)] = extMul(power, BASIS[i]!)
    }
  return weights
}
