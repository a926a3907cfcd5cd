/**
 * Batch inversion by prefix products. A chunk of at most 1024 words is sixteen independent chains, two lanes of eight
 * vectors, so that products overlap; their sixteen totals share one scalar inversion. Three products per word.
 */
import {
  call,
  type Expression,
  type FunctionRef,
  i32,
  i64,
  i64x2,
  type ModuleBuilder,
  select,
  v128,
} from '../wasm/index.ts'
import { canonical, mulLazy, multiplier, packProduct } from './lazy.ts'
import { SCRATCH } from './scratch.ts'

const CHUNK = 1024
const CHAINS = 8
const TOTALS = 2 * CHAINS

/**
 * Emits `inverseColumn(src, dst, count)`: dst[i] = 1 / src[i]; returns 1 when a word is zero mod p (dst is then
 * undefined), else 0.
 */
export function emitInverse(
  module: ModuleBuilder,
  scratch: Expression,
  mul: FunctionRef,
  inverse: FunctionRef,
): FunctionRef {
  const chunk = emitInverseChunk(module, scratch, mul, inverse)
  const f = module.function({ params: ['i32', 'i32', 'i32'], result: 'i32' }, 'inverseColumn')
  const [src, dst, count] = f.params
  const size = f.local('i32')
  const done = f.local('i32')
  f.for(done, i32.const(0), count, CHUNK, () => {
    const rest = f.let(i32.sub(count, done))
    f.set(size, select(i32.lt_u(rest, i32.const(CHUNK)), rest, i32.const(CHUNK)))
    const offset = f.let(i32.shl(done, i32.const(3)))
    f.if(call(chunk, i32.add(src, offset), i32.add(dst, offset), size), () => f.return(i32.const(1)))
  })
  f.return(i32.const(0))
  return f
}

function emitInverseChunk(
  module: ModuleBuilder,
  scratch: Expression,
  mul: FunctionRef,
  inverse: FunctionRef,
): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32'], result: 'i32' })
  const [src, dst, count] = f.params
  const behind = 16 * CHAINS
  /** prefix + 16 i: the product of the words of its chain before vector i; later the inverse of that product. */
  const prefix = f.let(i32.add(scratch, i32.const(SCRATCH.wideRows)))
  const size = f.let(i32.shl(count, i32.const(3)))
  const i = f.local('i32')
  for (let c = 0; c < CHAINS; c++) f.emit(v128.store(prefix, i64x2.const_splat(1n), 16 * c))
  f.for(i, i32.const(0), size, 16, () => {
    const at = f.let(i32.add(prefix, i))
    const product = mulLazy(f, v128.load(i32.add(src, i)), multiplier(f, v128.load(at)))
    f.emit(v128.store(at, packProduct(f, product), behind))
  })
  const totals = f.let(i32.add(prefix, size))
  const running = f.let(i64.const(1n))
  const before = Array.from({ length: TOTALS }, (_, k) => {
    const product = f.let(running)
    f.set(running, call(mul, running, i64.load(totals, 8 * k)))
    return product
  })
  f.if(i64.eqz(running), () => f.return(i32.const(1)))
  f.set(running, call(inverse, running))
  for (let k = TOTALS - 1; k >= 0; k--) {
    const total = f.let(i64.load(totals, 8 * k))
    f.emit(i64.store(totals, call(mul, running, before[k]!), 8 * k))
    f.set(running, call(mul, running, total))
  }
  f.set(i, size)
  f.block((done) => {
    f.loop((again) => {
      f.branchIf(done, i32.eqz(i))
      f.set(i, i32.sub(i, i32.const(16)))
      const at = f.let(i32.add(prefix, i))
      const w = multiplier(f, v128.load(at, behind))
      const x = f.let(v128.load(i32.add(src, i)))
      const result = packProduct(f, mulLazy(f, v128.load(at), w))
      f.emit(v128.store(i32.add(dst, i), canonical(f, result)))
      f.emit(v128.store(at, packProduct(f, mulLazy(f, x, w))))
      f.branch(again)
    })
  })
  f.return(i32.const(0))
  return f
}
