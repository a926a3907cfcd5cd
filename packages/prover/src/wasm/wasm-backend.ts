/** The back end of WebAssembly kernels over one shared memory, with workers or without. */
import type { Hasher } from '@zisk/verifier'
import type { Backend } from '../backend/backend.ts'
import { buildPanelTree, openPanels, type PanelCommitment, rowsOfMatrix } from './committed.ts'
import type { Engine } from './engine.ts'
import {
  dropTrace,
  extendCoefficients,
  extendMatrices,
  loadColumns,
  type PanelMatrix,
  releaseMatrix,
} from './extension.ts'
import { codewordCoefficients, commitPanelCodeword, foldPanels, type PanelCodeword } from './folding.ts'
import { grind } from './grind.ts'
import { deepPanels, evaluatePanels } from './openings.ts'
import { quotientPanel } from './quotient.ts'
import { stage2Panels } from './stage2.ts'

/** Creates the back end over an engine, which the caller closes. */
export function createWasmBackend(engine: Engine): Backend {
  return {
    fit: () => {},
    load: (matrix) => loadColumns(engine, matrix),
    commit: async (matrices, { logBlowup, hasher, keepValues = false }) => {
      const panels = matrices as readonly PanelMatrix[]
      await extendMatrices(engine, panels, { logBlowup, keepTrace: keepValues, keepCosets: true })
      return commitMatrices(engine, panels, logBlowup, hasher)
    },
    forget: (matrix) => dropTrace(engine, matrix as PanelMatrix),
    stage2: (instance, context) => stage2Panels(engine, instance, context),
    quotient: async (request) => {
      const { layout, hasher } = request
      const { logBlowup } = layout
      const pieces: PanelMatrix[] = []
      for (const height of layout.heights) {
        const panels = [await quotientPanel(engine, request, height)]
        const { logRows } = height
        pieces.push(await extendCoefficients(engine, { logRows, width: 6, panels }, { logBlowup, keepCosets: true }))
      }
      return commitMatrices(engine, pieces, logBlowup, hasher)
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
    session: (work) => engine.session(work),
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
