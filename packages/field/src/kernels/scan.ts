/** Running sums, and copies between columns and panels: the sequential and the strided kernels. */
import { EPSILON, P } from '../goldilocks.ts'
import { call, i32, i64, type ModuleBuilder, select } from '../wasm/index.ts'
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
export function emitScans(module: ModuleBuilder): void {
  emitPrefixSums(module)
  emitCopyStrided(module)
}
