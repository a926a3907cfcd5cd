/** The back end of WebAssembly kernels over one shared memory, with workers or without. */
import type { Backend } from '../backend/backend.ts'
import { buildPanelTree, extendMatrices, openPanels, type PanelCommitment, rowsOfMatrix } from './committed.ts'
import type { Engine } from './engine.ts'
import { codewordCoefficients, commitPanelCodeword, foldPanels, type PanelCodeword } from './folding.ts'
import { grind } from './grind.ts'
import { deepPanels, evaluatePanels } from './openings.ts'
import { quotientPanel } from './quotient.ts'
import { stage2Panels } from './stage2.ts'

/** Creates the back end over an engine, which the caller closes. */
export function createWasmBackend(engine: Engine): Backend {
  return {
    commit: async (matrices, logBlowup, hasher) =>
      commitMatrices(engine, await extendMatrices(engine, matrices, logBlowup), logBlowup, hasher),
    stage2: (instance, context) => stage2Panels(engine, instance, context),
    quotient: async (request) => {
      const { layout, hasher } = request
      const { logBlowup } = layout
      const pieces = []
      for (const height of layout.heights)
        pieces.push({ logRows: height.logRows, width: 6, panel: await quotientPanel(engine, request, height) })
      return commitMatrices(engine, await extendMatrices(engine, pieces, logBlowup), logBlowup, hasher)
    },
    evaluate: (layout, trees, z) => evaluatePanels(engine, layout, trees as readonly PanelCommitment[], z),
    deep: async (request) => {
      const codewords: PanelCodeword[] = []
      for (const height of request.layout.heights) codewords.push(await deepPanels(engine, request, height))
      return codewords
    },
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
        else engine.release(...(handle as PanelCommitment).regions)
    },
  }
}

async function commitMatrices(
  engine: Engine,
  matrices: PanelCommitment['matrices'],
  logBlowup: number,
  hasher: Parameters<Backend['commit']>[2],
): Promise<PanelCommitment> {
  const stores = matrices.map((matrix) => rowsOfMatrix(matrix, logBlowup))
  const tree = await buildPanelTree(engine, stores, logBlowup, hasher)
  const regions = [...tree.regions, ...matrices.flatMap((matrix) => matrix.regions)]
  return { ...tree, regions, matrices, stores, logBlowup }
}
