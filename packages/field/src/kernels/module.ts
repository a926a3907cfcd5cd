/**
 * The kernel module: one WebAssembly module that a prover compiles once and instantiates in every worker against every
 * memory.
 *
 * Its bytes are committed in `kernels.gen.ts`, since generating them costs about 0.1 s in a fresh process, more than a
 * small proof should wait; `pnpm --filter @zisk/field generate` writes them anew and a test compares.
 */
import { ModuleBuilder } from '../wasm/index.ts'
import { emitBlake3 } from './blake3.ts'
import { emitBlake3Work } from './blake3-work.ts'
import { emitColumnOps } from './column-ops.ts'
import { emitCanonicalise, emitColumnOperations, emitIsCanonical, emitScale } from './elementwise.ts'
import { emitExtension } from './extension.ts'
import { emitFri } from './fri.ts'
import { emitInverse } from './inverse.ts'
import { emitTransforms } from './ntt.ts'
import { emitPanelCopies } from './panels.ts'
import { emitPoseidon2 } from './poseidon2-hashing.ts'
import { emitFillPowers, emitScalarInverse, emitScalarMul } from './scalar-arithmetic.ts'
import { emitScans } from './scan.ts'
import { emitWeightedSums } from './weighted-sums.ts'

/** The largest memory of wasm32, in pages of 64 KiB. */
export const MAX_PAGES = 65536

/** Emits the whole module: imports `env.memory` (shared) and `env.scratch` (byte offset), exports the kernels. */
export function kernelModuleBytes(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { minPages: 1, maxPages: MAX_PAGES, shared: true })
  const scratch = module.importGlobal('env', 'scratch', 'i32')
  const mul = emitScalarMul(module)
  emitFillPowers(module, mul)
  const inverse = emitScalarInverse(module, mul)
  const { mulColumns } = emitColumnOperations(module)
  emitScale(module)
  const canonicalise = emitCanonicalise(module)
  emitIsCanonical(module)
  emitTransforms(module, scratch, canonicalise)
  const inverseColumn = emitInverse(module, scratch, mul, inverse)
  emitExtension(module, scratch, { inverseColumn, mulColumns })
  emitScans(module, mul)
  emitPanelCopies(module, scratch)
  emitWeightedSums(module, scratch)
  emitFri(module)
  emitColumnOps(module, scratch)
  emitBlake3(module, scratch)
  emitBlake3Work(module, scratch)
  emitPoseidon2(module, scratch)
  return module.toBytes()
}
