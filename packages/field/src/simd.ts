/**
 * The arithmetic that kernels are made of, for generators in other packages: carry-free Goldilocks in SIMD lanes, the
 * cubic extension over it, and the scalar product. See `kernels/lazy.ts` for what packed and lazy mean and which bounds
 * each function wants.
 */
export { extMulLazy, type Triple } from './kernels/extension.ts'
export {
  addBias,
  addLazy,
  canonical,
  type Lazy,
  type Multiplier,
  mulLazy,
  mulShuffled,
  multiplier,
  pack,
  packProduct,
  packSigned,
  split,
  squareLazy,
  subLazy,
} from './kernels/lazy.ts'
export { canonicalScalar, scalarProduct } from './kernels/scalar-arithmetic.ts'
