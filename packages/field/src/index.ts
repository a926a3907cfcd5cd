export type { ColumnRun } from './columns/column-kernel.ts'
export { runColumns, tapeBytes, writeTape } from './columns/column-kernel.ts'
export type { ColumnNode, ColumnProgram, NodeId } from './columns/column-program.ts'
export type { ColumnTape } from './columns/column-tape.ts'
export { planColumns } from './columns/column-tape.ts'
export type { FieldOps } from './field-ops.ts'
export type { Ext, Felt } from './goldilocks.ts'
export { EPSILON, EXT_DEGREE, GENERATOR, P, ROOTS_OF_UNITY, rootOfUnity, TWO_ADICITY } from './goldilocks.ts'
export { BLAKE3_FLAG, BLAKE3_NODE } from './kernels/blake3.ts'
export type { RowDigests } from './kernels/blake3-rows.ts'
export { blake3Rows, blake3WorkspaceBytes } from './kernels/blake3-rows.ts'
export { columnWeightsBytes, writeColumnWeights } from './kernels/column-weights.ts'
export type { Kernels, Offset } from './kernels/kernels.ts'
export { compileKernels, createKernels } from './kernels/kernels.ts'
export type { NttPlan, NttSweep } from './kernels/ntt-plan.ts'
export { createNttPlan, MAX_NTT_LOG, nttSweeps, nttTableBytes, runNtt, transformedBytes } from './kernels/ntt-plan.ts'
export { SCRATCH_BYTES } from './kernels/scratch.ts'
export { POSEIDON2_DIGEST, poseidon2, poseidon2Hash, poseidon2Node } from './poseidon2.ts'
export type { Poseidon2Parameters, Poseidon2Width } from './poseidon2-parameters.ts'
export {
  POSEIDON2_HALF_FULL_ROUNDS,
  POSEIDON2_PARTIAL_ROUNDS,
  POSEIDON2_WIDTHS,
  poseidon2Parameters,
} from './poseidon2-parameters.ts'
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
export { createWeightedSums, type WeightedSums } from './sums/weighted-sums.ts'
