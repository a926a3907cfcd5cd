/** Batched operations on columns of u64 words: two lanes at a time, any representatives in, canonical words out. */
import {
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i32,
  i64x2,
  type ModuleBuilder,
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
