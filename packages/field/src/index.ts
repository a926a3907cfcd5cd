export type { FieldOps } from './field-ops.ts'
export type { Ext, Felt } from './goldilocks.ts'
export { EPSILON, EXT_DEGREE, GENERATOR, P, ROOTS_OF_UNITY, rootOfUnity, TWO_ADICITY } from './goldilocks.ts'
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
