/** Running sums and products, and copies between columns and panels: the sequential and the strided kernels. */
import { EPSILON, P } from '../goldilocks.ts'
import { call, type Expression, type FunctionRef, i32, i64, type ModuleBuilder, select } from '../wasm/index.ts'
import { canonicalScalar } from './scalar-arithmetic.ts'

const CHUNK = 1024

/** Emits `prefixSums(src, dst, initial, count)`: dst[i] = initial + src[0] + .. + src[i]; returns the last sum. */
function emitPrefixSums(module: ModuleBuilder): void {
  const inner = module.function({ params: ['i32', 'i32', 'i64', 'i32'], result: 'i64' })
  {
    const f = inner
    const [src, dst, sum, count] = f.params
    const offset = f.local('i32')
    f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 8, () => {
      // sum + x = sum - (p - x), plus p where that borrows: both canonical.
      const gap = f.let(i64.sub(i64.const(P), canonicalScalar(f, i64.load(i32.add(src, offset)))))
      const difference = i64.sub(sum, gap)
      f.set(sum, i64.sub(difference, select(i64.lt_u(sum, gap), i64.const(EPSILON), i64.const(0n))))
      f.emit(i64.store(i32.add(dst, offset), sum))
    })
    f.return(sum)
  }
  const f = module.function({ params: ['i32', 'i32', 'i64', 'i32'], result: 'i64' }, 'prefixSums')
  const [src, dst, initial, count] = f.params
  const sum = f.let(canonicalScalar(f, initial))
  const done = f.local('i32')
  f.for(done, i32.const(0), count, CHUNK, () => {
    const rest = f.let(i32.sub(count, done))
    const size = select(i32.lt_u(rest, i32.const(CHUNK)), rest, i32.const(CHUNK))
    const offset = f.let(i32.shl(done, i32.const(3)))
    f.set(sum, call(inner, i32.add(src, offset), i32.add(dst, offset), sum, size))
  })
  f.return(sum)
}

/**
 * Emits `extPrefixProducts(column, plane, count)`: column[i] = column[0] .. column[i], in place. Coordinates of a
 * product: x^3 = x + 1 and x^4 = x^2 + x.
 */
function emitExtPrefixProducts(module: ModuleBuilder, mul: FunctionRef): void {
  const add = module.function({ params: ['i64', 'i64'], result: 'i64' })
  {
    const [a, b] = add.params
    const gap = add.let(i64.sub(i64.const(P), b))
    add.return(i64.sub(i64.sub(a, gap), select(i64.lt_u(a, gap), i64.const(EPSILON), i64.const(0n))))
  }
  const f = module.function({ params: ['i32', 'i32', 'i32'] }, 'extPrefixProducts')
  const [at, plane, count] = f.params
  const product = [1n, 0n, 0n].map((word) => f.let(i64.const(word)))
  const i = f.local('i32')
  f.for(i, i32.const(0), count, 1, () => {
    const places = [at, f.let(i32.add(at, plane)), f.let(i32.add(at, i32.shl(plane, i32.const(1))))]
    const x = places.map((place) => f.let(i64.load(place)))
    const sums: (Expression | undefined)[] = [undefined, undefined, undefined]
    for (const [j, factor] of product.entries())
      for (const [k, word] of x.entries()) {
        const term = f.let(call(mul, factor, word))
        for (const target of [[0], [1], [2], [0, 1], [1, 2]][j + k]!) {
          const sum = sums[target]
          sums[target] = f.let(sum === undefined ? term : call(add, sum, term))
        }
      }
    for (const [k, sum] of sums.entries()) f.emit(i64.store(places[k]!, sum!))
    for (const [k, sum] of sums.entries()) f.set(product[k]!, sum!)
    f.set(at, i32.add(at, i32.const(8)))
  })
}

/** Emits `copyStrided(src, srcStride, dst, dstStride, count)`: words of a column out of a panel, or into one. */
function emitCopyStrided(module: ModuleBuilder): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] }, 'copyStrided')
  const [src, srcStride, dst, dstStride, count] = f.params
  const i = f.local('i32')
  f.for(i, i32.const(0), count, 1, () => {
    f.emit(i64.store(dst, i64.load(src)))
    f.set(src, i32.add(src, srcStride))
    f.set(dst, i32.add(dst, dstStride))
  })
}

/** Emits the kernels of this file; see the interface `Kernels`. */
export function emitScans(module: ModuleBuilder, mul: FunctionRef): void {
  emitPrefixSums(module)
  emitExtPrefixProducts(module, mul)
  emitCopyStrided(module)
}
