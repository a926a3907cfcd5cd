/** The back end of WebAssembly kernels over one shared memory, with workers or without. */
import type { Hasher, ShardLayout } from '@zisk/verifier'
import type { Backend } from '../backend/backend.ts'
import { committedCells } from '../committed-cells.ts'
import { ProverError } from '../errors.ts'
import { buildPanelTree, openPanels, type PanelCommitment, rowsOfMatrix } from './committed.ts'
import type { Engine } from './engine.ts'
import {
  dropOtherCosets,
  dropTrace,
  extendCoefficients,
  extendMatrices,
  loadColumns,
  type PanelMatrix,
  releaseMatrix,
} from './extension.ts'
import { codewordCoefficients, commitPanelCodeword, foldPanels, type PanelCodeword } from './folding.ts'
import { grind } from './grind.ts'
import { FILL, fittingNeed, type HoldingLimits, heldShards } from './held-shards.ts'
import { type ShardNeed, shardNeed } from './memory-need.ts'
import { deepPanels, evaluatePanels } from './openings.ts'
import { quotientPanel } from './quotient.ts'
import { stage2Panels } from './stage2.ts'

/**
 * What is kept of a commitment: the extended columns, or a fraction of them from which the others are made again when
 * they are needed. Proofs are the same.
 */
export type Extension = 'keep' | 'recompute'

/**
 * Creates the back end over an engine, which the caller closes.
 *
 * @param extension What to keep; when absent, everything if a shard fits into the engine's memory that way, and into what
 * the host has left.
 */
export function createWasmBackend(engine: Engine, extension?: Extension): Backend {
  let keepCosets = extension !== 'recompute'
  const chosen = new WeakMap<ShardLayout, boolean>()
  return {
    fit: (layout) => {
      keepCosets = (extension ?? chooseExtension(engine, layout)) === 'keep'
      chosen.set(layout, keepCosets)
    },
    resume: (layout) => {
      keepCosets = chosen.get(layout) ?? keepCosets
    },
    held: (layouts) => {
      engine.lent.maxBytes = 0
      if (extension === 'recompute') return new Set([layouts.length - 1])
      const { held, committing } = heldShards(layouts, limitsOf(engine))
      engine.lent.maxBytes = FILL * engine.arena.maxBytes - committing
      return held
    },
    hasRoom: (layout) => hasRoom(engine, mostOf(shardNeed(layout, { keepCosets, width: engine.runner.width }))),
    columnMemory: engine.lent,
    load: (matrix) => loadColumns(engine, matrix),
    commit: async (matrices, { logBlowup, hasher, keepValues = false }) => {
      const panels = matrices as readonly PanelMatrix[]
      await extendMatrices(engine, panels, { logBlowup, keepTrace: keepValues, keepCosets })
      return commitMatrices(engine, panels, logBlowup, hasher)
    },
    forget: (matrix) => dropTrace(engine, matrix as PanelMatrix),
    stage2: (instance, context) => stage2Panels(engine, instance, context),
    quotient: async (request) => {
      const { layout, hasher } = request
      const { logBlowup } = layout
      const { logRows } = layout.heights[0]!
      const panels = [await quotientPanel(engine, request)]
      if (!keepCosets)
        // The fixed columns serve other shards, too.
        for (const [i, { name }] of layout.trees.entries())
          if (name !== 'fixed' && i < request.trees.length)
            for (const matrix of (request.trees[i] as PanelCommitment).matrices) dropOtherCosets(engine, matrix)
      const pieces = await extendCoefficients(engine, { logRows, width: 6, panels }, { logBlowup, keepCosets })
      return commitMatrices(engine, [pieces], logBlowup, hasher)
    },
    evaluate: (layout, trees, z) => evaluatePanels(engine, layout, trees as readonly PanelCommitment[], z),
    deep: (request) => deepPanels(engine, request),
    commitCodeword: (codeword, logArity, hasher) =>
      commitPanelCodeword(engine, codeword as PanelCodeword, logArity, hasher),
    fold: async (codeword, logArity, beta, rolledIn) =>
      foldPanels(engine, codeword as PanelCodeword, logArity, beta, rolledIn as PanelCodeword | undefined),
    coefficients: async (codeword, logDegree) => codewordCoefficients(engine, codeword as PanelCodeword, logDegree),
    open: async (commitment, positions) => openPanels(engine, commitment as PanelCommitment, positions),
    grind: (work, bits) => grind(engine, work, bits),
    session: (work, options) => engine.session(work, options),
    release: (...handles) => {
      for (const handle of handles)
        if ('column' in handle) engine.release((handle as PanelCodeword).column.region)
        else {
          const { regions, matrices } = handle as PanelCommitment
          engine.release(...regions)
          for (const matrix of matrices) releaseMatrix(engine, matrix)
        }
    },
  }
}

async function commitMatrices(
  engine: Engine,
  matrices: readonly PanelMatrix[],
  logBlowup: number,
  hasher: Hasher,
): Promise<PanelCommitment> {
  const stores = matrices.map((matrix) => rowsOfMatrix(engine, matrix, logBlowup))
  const tree = await buildPanelTree(engine, stores, logBlowup, hasher)
  return { ...tree, matrices, stores, logBlowup }
}

/** Whether the host still has bytes that the arena did not take before. */
function hasRoom({ arena, spare }: Engine, bytes: number): boolean {
  return spare.hasRoom(Math.max(0, bytes - arena.freeBytes))
}

function limitsOf({ arena, spare, runner }: Engine): HoldingLimits {
  const { holdingBytes, keepingBytes } = spare
  return { maxBytes: arena.maxBytes, holdingBytes, keepingBytes, width: runner.width }
}

function mostOf({ commit, prove }: ShardNeed): number {
  return Math.max(commit, prove)
}

function chooseExtension(engine: Engine, layout: ShardLayout): Extension {
  const { arena, runner } = engine
  const { keepCosets, need } = fittingNeed(layout, limitsOf(engine))
  if (keepCosets && hasRoom(engine, mostOf(need))) return 'keep'
  const needed = mostOf(shardNeed(layout, { keepCosets: false, width: runner.width })) / FILL
  if (needed <= arena.maxBytes) return 'recompute'
  const cells = committedCells(layout.instances)
  const cellsThatFit = 2 ** Math.floor(Math.log2((cells * arena.maxBytes) / needed))
  const largest = Math.max(...layout.instances.map((instance) => committedCells([instance])))
  throw new ProverError({
    code: 'PROVER_MEMORY_EXHAUSTED',
    message: `expected a shard that fits into ${arena.maxBytes} bytes, got one of ${cells} cells, which needs ${Math.ceil(needed)}`,
    remedy:
      largest <= cellsThatFit
        ? `prove with --shard-cells ${cellsThatFit}, or with more memory`
        : `prove with more memory: one instance alone has ${largest} cells`,
    exitStatus: 'limitReached',
  })
}
