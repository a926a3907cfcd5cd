/**
 * Extension arithmetic on planar columns: coordinate k of element i is the word at column + k plane + 8 i. Lanes are
 * rows. A product is nine lazy products and three carry fixes; Karatsuba would save products but pay more in carries.
 */
import {
  call,
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i32,
  type Local,
  type ModuleBuilder,
  v128,
} from '../wasm/index.ts'
import { emitChunked } from './chunked.ts'
import {
  addLazy,
  canonical,
  fence,
  type Lazy,
  type Multiplier,
  mulLazy,
  multiplier,
  pack,
  packSigned,
  split,
  subLazy,
} from './lazy.ts'
import { SCRATCH } from './scratch.ts'

const CHUNK = 256

export type Triple<T> = readonly [T, T, T]

/** Which product coordinates a_i b_j adds to, by i + j: x^3 = x + 1 and x^4 = x^2 + x. */
const TARGETS: readonly (readonly number[])[] = [[0], [1], [2], [0, 1], [1, 2]]

/**
 * a b as lazy coordinates; each multiplier is made when it is first wanted and used three times. `inOrder` is called with
 * every partial sum, for a fence.
 */
export function extMulLazy(
  f: FunctionBuilder,
  a: Triple<Expression>,
  b: Triple<() => Multiplier>,
  inOrder: (sum: Lazy) => void = () => {},
): Triple<Lazy> {
  const sums: (Lazy | undefined)[] = [undefined, undefined, undefined]
  for (const [j, make] of b.entries()) {
    const w = make()
    for (const [i, x] of a.entries()) {
      const product = mulLazy(f, x, w)
      for (const k of TARGETS[i + j]!) {
        const sum = sums[k]
        sums[k] = sum === undefined ? product : addLazy(f, sum, product)
        inOrder(sums[k])
      }
    }
  }
  return sums as unknown as Triple<Lazy>
}

/** The three packed coordinates of the elements at `offset` bytes into a planar column. */
export function loadPlanes(column: Expression, plane: Expression, offset: Expression): Triple<Expression> {
  const at = i32.add(column, offset)
  return [v128.load(at), v128.load(i32.add(at, plane)), v128.load(i32.add(i32.add(at, plane), plane))]
}

export function storePlanes(
  f: FunctionBuilder,
  column: Expression,
  plane: Local,
  offset: Local,
  value: Triple<Lazy>,
): void {
  const at = f.let(i32.add(column, offset))
  for (const [k, coordinate] of value.entries()) {
    if (k > 0) f.set(at, i32.add(at, plane))
    f.emit(v128.store(at, canonical(f, packSigned(f, coordinate))))
  }
}

/** Emits `extMulColumns(a, b, dst, plane, count)`. */
function emitExtMul(module: ModuleBuilder, scratch: Expression): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] })
  const [a, b, dst, plane, count] = f.params
  const base = f.let(scratch)
  const offset = f.local('i32')
  f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 16, () => {
    const [a0, a1, a2] = loadPlanes(a, plane, offset)
    const [b0, b1, b2] = loadPlanes(b, plane, offset)
    const product = extMulLazy(
      f,
      [f.let(a0), f.let(a1), f.let(a2)],
      [() => multiplier(f, b0), () => multiplier(f, b1), () => multiplier(f, b2)],
      (sum) => fence(f, sum, base, SCRATCH.state),
    )
    storePlanes(f, dst, plane, offset, product)
  })
  emitChunked(module, 'extMulColumns', f, { steps: [8, 8, 8, 0], chunk: CHUNK })
}

/** Emits `extScaleColumn(a, dst, plane, factor, count)`: times one extension element, three words at `factor`. */
function emitExtScale(module: ModuleBuilder, scratch: Expression): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] })
  const [a, dst, plane, factor, count] = f.params
  const base = f.let(scratch)
  const w = [0, 1, 2].map((k) => multiplier(f, v128.load64_splat(factor, 8 * k)))
  const offset = f.local('i32')
  f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 16, () => {
    const [a0, a1, a2] = loadPlanes(a, plane, offset)
    const product = extMulLazy(f, [f.let(a0), f.let(a1), f.let(a2)], [() => w[0]!, () => w[1]!, () => w[2]!], (sum) =>
      fence(f, sum, base, SCRATCH.state),
    )
    storePlanes(f, dst, plane, offset, product)
  })
  emitChunked(module, 'extScaleColumn', f, { steps: [8, 8, 0, 0], chunk: CHUNK })
}

/** Emits `extAccumulate(column, dst, plane, factor, count)`: a base column times one element, added to dst. */
function emitExtAccumulate(module: ModuleBuilder): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] })
  const [column, dst, plane, factor, count] = f.params
  const weights = [0, 1, 2].map((k) => multiplier(f, v128.load64_splat(factor, 8 * k)))
  const offset = f.local('i32')
  f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 16, () => {
    const x = f.let(v128.load(i32.add(column, offset)))
    const before = loadPlanes(dst, plane, offset)
    const sums = weights.map((w, k) => addLazy(f, mulLazy(f, x, w), split(f, before[k]!)))
    storePlanes(f, dst, plane, offset, sums as unknown as Triple<Lazy>)
  })
  emitChunked(module, 'extAccumulate', f, { steps: [8, 8], chunk: CHUNK })
}

/**
 * Emits `(a, dst, plane, norms, count)`: dst = adjoint, norms = norm, so that 1/a = adjoint / norm. The adjoint is the
 * first column of the adjugate of multiplication by a; see `extInv` in `scalar-ext.ts`. dst may be a.
 */
function emitAdjoint(module: ModuleBuilder): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] })
  const [a, dst, plane, norms, count] = f.params
  const offset = f.local('i32')
  f.for(offset, i32.const(0), i32.shl(count, i32.const(3)), 16, () => {
    const [a0, a1, a2] = loadPlanes(a, plane, offset).map((x) => f.let(x)) as unknown as Triple<Local>
    const s = pack(f, addLazy(f, split(f, a0), split(f, a2)))
    const t = pack(f, addLazy(f, split(f, a1), split(f, a2)))
    const wa1 = multiplier(f, a1)
    const wa2 = multiplier(f, a2)
    const ws = multiplier(f, s)
    const c0 = packSigned(f, subLazy(f, mulLazy(f, s, ws), mulLazy(f, t, wa1)))
    const c1 = packSigned(f, subLazy(f, mulLazy(f, t, wa2), mulLazy(f, a1, ws)))
    const c2 = packSigned(f, subLazy(f, mulLazy(f, a1, wa1), mulLazy(f, s, wa2)))
    const norm = addLazy(f, addLazy(f, mulLazy(f, c0, multiplier(f, a0)), mulLazy(f, c1, wa2)), mulLazy(f, c2, wa1))
    f.emit(v128.store(i32.add(norms, offset), canonical(f, packSigned(f, norm))))
    const at = f.let(i32.add(dst, offset))
    f.emit(v128.store(at, c0))
    f.emit(v128.store(f.let(i32.add(at, plane)), c1))
    f.emit(v128.store(i32.add(i32.add(at, plane), plane), c2))
  })
  return f
}

/**
 * Emits `extInverseColumn(a, dst, plane, work, count)`: 1 when an element is zero (dst is then undefined), else 0. One
 * base inversion column of norms, in the `work` column of `count` words.
 */
function emitExtInverse(module: ModuleBuilder, inverseColumn: FunctionRef, mulColumns: FunctionRef): void {
  const adjoint = emitChunked(module, undefined, emitAdjoint(module), { steps: [8, 8, 0, 8], chunk: CHUNK })
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'], result: 'i32' }, 'extInverseColumn')
  const [a, dst, plane, work, count] = f.params
  f.emit(call(adjoint, a, dst, plane, work, count))
  f.if(call(inverseColumn, work, work, count), () => f.return(i32.const(1)))
  for (const k of [0, 1, 2]) {
    const at = i32.add(dst, i32.mul(plane, i32.const(k)))
    f.emit(call(mulColumns, at, work, at, count))
  }
  f.return(i32.const(0))
}

/** Emits the extension kernels; see the interface `Kernels`. */
export function emitExtension(
  module: ModuleBuilder,
  scratch: Expression,
  { inverseColumn, mulColumns }: { readonly inverseColumn: FunctionRef; readonly mulColumns: FunctionRef },
): void {
  emitExtMul(module, scratch)
  emitExtScale(module, scratch)
  emitExtAccumulate(module)
  emitExtInverse(module, inverseColumn, mulColumns)
}
