/**
 * Folding of planar extension columns for FRI, and the rows that a layer commits to.
 *
 * A layer holds values on a coset s <w> of N points in natural order, so x and -x are N/2 rows apart. Folding by 2 with
 * beta, then by 2 with beta^2, then with beta^4 is folding by 8 with beta.
 */
import { i32, i64, i64x2, type Local, type ModuleBuilder, v128 } from '../wasm/index.ts'
import { emitChunked } from './chunked.ts'
import { extMulLazy, loadPlanes, storePlanes, type Triple } from './extension.ts'
import { addLazy, mulLazy, multiplier, pack, packProduct, packSigned, split, subLazy } from './lazy.ts'

const CHUNK = 256
/** 1/2 mod p. */
const HALF = 0x7fff_ffff_8000_0001n

/**
 * Emits `friFold(low, high, dst, halfInverses, plane, beta, count)`: dst = (low + high) / 2 + beta (low - high) t, where
 * low and high are values at x and -x and t = 1/(2x).
 */
function emitFold(module: ModuleBuilder): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] })
  const [low, high, dst, halfInverses, plane, beta, count] = f.params
  const half = multiplier(f, i64x2.const_splat(HALF))
  const weights = [0, 1, 2].map((k) => multiplier(f, v128.load64_splat(beta, 8 * k)))
  const offset = f.local('i32')
  f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 16, () => {
    const lows = loadPlanes(low, plane, offset).map((x) => f.let(x)) as unknown as Triple<Local>
    const highs = loadPlanes(high, plane, offset).map((x) => f.let(x)) as unknown as Triple<Local>
    const t = multiplier(f, v128.load(i32.add(halfInverses, offset)))
    const differences = lows.map((x, k) => {
      const difference = packSigned(f, subLazy(f, split(f, x), split(f, highs[k]!)))
      return packProduct(f, mulLazy(f, difference, t))
    }) as unknown as Triple<Local>
    const product = extMulLazy(f, differences, [() => weights[0]!, () => weights[1]!, () => weights[2]!])
    const value = product.map((coordinate, k) => {
      const sum = pack(f, addLazy(f, split(f, lows[k]!), split(f, highs[k]!)))
      return addLazy(f, coordinate, mulLazy(f, sum, half))
    }) as unknown as Triple<{ lo: Local; hi: Local }>
    storePlanes(f, dst, plane, offset, value)
  })
  emitChunked(module, 'friFold', f, { steps: [8, 8, 8, 8], chunk: CHUNK })
}

/**
 * Emits `friRows(src, plane, spacing, arity, dst, rowStride, begin, end)`: row j is the `arity` elements that fold
 * together, at j + k spacing bytes, three words each.
 */
function emitRows(module: ModuleBuilder): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] }, 'friRows')
  const [src, plane, spacing, arity, dst, rowStride, begin, end] = f.params
  const row = f.local('i32')
  const k = f.local('i32')
  f.for(row, begin, end, 1, () => {
    const from = f.let(i32.add(src, i32.shl(row, i32.const(3))))
    const to = f.let(i32.add(dst, i32.mul(row, rowStride)))
    f.for(k, i32.const(0), arity, 1, () => {
      f.emit(i64.store(to, i64.load(from)))
      f.emit(i64.store(to, i64.load(i32.add(from, plane)), 8))
      f.emit(i64.store(to, i64.load(i32.add(i32.add(from, plane), plane)), 16))
      f.set(from, i32.add(from, spacing))
      f.set(to, i32.add(to, i32.const(24)))
    })
  })
}

/** Emits the kernels of this file; see the interface `Kernels`. */
export function emitFri(module: ModuleBuilder): void {
  emitFold(module)
  emitRows(module)
}
