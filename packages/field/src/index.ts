export type { FieldOps } from './field-ops.ts'
export type { Ext, Felt } from './goldilocks.ts'
export { EPSILON, EXT_DEGREE, GENERATOR, P, ROOTS_OF_UNITY, rootOfUnity, TWO_ADICITY } from './goldilocks.ts'
export { BLAKE3_FLAG, BLAKE3_NODE } from './kernels/blake3.ts'
export type { RowDigests } from './kernels/blake3-rows.ts'
export { blake3Rows, blake3WorkspaceBytes } from './kernels/blake3-rows.ts'
export type { Kernels, Offset } from './kernels/kernels.ts'
export { compileKernels, createKernels } from './kernels/kernels.ts'
export type { NttPlan } from './kernels/ntt-plan.ts'
export { createNttPlan, MAX_NTT_LOG, nttTableBytes, runNtt } from './kernels/ntt-plan.ts'
export { SCRATCH_BYTES } from './kernels/scratch.ts'
export { add, batchInverse, field, inv, isCanonical, mul, neg, pow, sub, toFelt } from './scalar.ts'
export {
  EXT_ONE,
  EXT_ZERO,
  extAdd,
  extDot,
  extEquals,
  extField,
  extFromFelt,
  extInv,
  extMul,
  extNeg,
  extPow,
  extScale,
  extSub,
} from './scalar-ext.ts'
