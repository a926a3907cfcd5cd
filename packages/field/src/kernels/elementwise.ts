/** Batched operations on columns of u64 words: two lanes at a time, any representatives in, canonical words out. */
import { P } from '../goldilocks.ts'
import {
  call,
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i32,
  i64x2,
  type ModuleBuilder,
  select,
  v128,
} from '../wasm/index.ts'
import { emitChunked } from './chunked.ts'
import { addLazy, canonical, mulLazy, multiplier, pack, packProduct, packSigned, split, subLazy } from './lazy.ts'

const CHUNK = 512

type Operation = (f: FunctionBuilder, a: Expression, b: Expression) => Expression

/** Emits `(a, b, dst, count)`: dst[i] = a[i] op b[i]; count is even, dst may be a or b. */
function emitColumnOperation(module: ModuleBuilder, name: string, operation: Operation): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32'] })
  const [a, b, dst, count] = f.params
  const offset = f.local('i32')
  f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 16, () => {
    const value = operation(f, v128.load(i32.add(a, offset)), v128.load(i32.add(b, offset)))
    f.emit(v128.store(i32.add(dst, offset), canonical(f, value)))
  })
  return emitChunked(module, name, f, { steps: [8, 8, 8], chunk: CHUNK })
}

/** Emits sums, differences and products of columns. */
export function emitColumnOperations(module: ModuleBuilder): { readonly mulColumns: FunctionRef } {
  emitColumnOperation(module, 'addColumns', (f, a, b) => pack(f, addLazy(f, split(f, a), split(f, b))))
  emitColumnOperation(module, 'subColumns', (f, a, b) => packSigned(f, subLazy(f, split(f, a), split(f, b))))
  const product: Operation = (f, a, b) => packProduct(f, mulLazy(f, a, multiplier(f, b)))
  return { mulColumns: emitColumnOperation(module, 'mulColumns', product) }
}

/** Emits `scaleColumn(a, dst, factor, count)`: every word times one factor. */
export function emitScale(module: ModuleBuilder): void {
  const f = module.function({ params: ['i32', 'i32', 'i64', 'i32'] })
  const [a, dst, factor, count] = f.params
  const offset = f.local('i32')
  const w = multiplier(f, i64x2.splat(factor))
  f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 16, () => {
    const value = packProduct(f, mulLazy(f, v128.load(i32.add(a, offset)), w))
    f.emit(v128.store(i32.add(dst, offset), canonical(f, value)))
  })
  emitChunked(module, 'scaleColumn', f, { steps: [8, 8, 0], chunk: CHUNK })
}

/** Emits `canonicalise(column, count)` in place; count is even. */
export function emitCanonicalise(module: ModuleBuilder): FunctionRef {
  const f = module.function({ params: ['i32', 'i32'] })
  const [column, count] = f.params
  const offset = f.local('i32')
  f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 16, () => {
    const at = f.let(i32.add(column, offset))
    f.emit(v128.store(at, canonical(f, v128.load(at))))
  })
  return emitChunked(module, 'canonicalise', f, { steps: [8], chunk: CHUNK })
}

/** Emits `isCanonical(column, count)`: 1 when every word is below p, else 0; count is even. */
export function emitIsCanonical(module: ModuleBuilder): void {
  const inner = module.function({ params: ['i32', 'i32'], result: 'i32' })
  {
    const f = inner
    const [column, count] = f.params
    const [offset, found] = [f.local('i32'), f.local('v128')]
    f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 16, () => {
      // As signed words, the large ones lie between p - 1 - 2^64 and 0.
      const x = f.let(v128.load(i32.add(column, offset)))
      const isLarge = v128.and(i64x2.gt_s(x, i64x2.const_splat(P - 1n)), i64x2.gt_s(i64x2.const_splat(0n), x))
      f.set(found, v128.or(found, isLarge))
    })
    f.return(i32.eqz(v128.any_true(found)))
  }
  const f = module.function({ params: ['i32', 'i32'], result: 'i32' }, 'isCanonical')
  const [column, count] = f.params
  const done = f.local('i32')
  const result = f.let(i32.const(1))
  f.for(done, i32.const(0), count, CHUNK, () => {
    const rest = f.let(i32.sub(count, done))
    const size = select(i32.lt_u(rest, i32.const(CHUNK)), rest, i32.const(CHUNK))
    f.set(result, i32.and(result, call(inner, i32.add(column, i32.shl(done, i32.const(3))), size)))
  })
  f.return(result)
}
