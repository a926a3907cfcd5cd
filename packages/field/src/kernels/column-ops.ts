/**
 * Column programs: a tape of operations on planes of {@link BLOCK_ROWS} values, which one interpreter runs block after
 * block. Everything is a sum: operations add lazy values to an *accumulator* in memory (for each coordinate a plane of
 * lower and a plane of upper parts, see `lazy.ts`), and a sum is packed into a *plane* when it is complete. An operation
 * works on a whole block, so what it takes to get to it does not count; planes of a program stay in the first two caches.
 * Where no sum over the extension is wanted, planes become sums without an accumulator.
 */
import {
  call,
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i32,
  i64,
  i64x2,
  type Local,
  type ModuleBuilder,
  select,
  v128,
} from '../wasm/index.ts'
import { emitCombine } from './column-combine.ts'
import { emitPairs } from './column-pairs.ts'
import { ACCUMULATOR, forPairs, PLANE } from './column-planes.ts'
import { extMulLazy, type Triple } from './extension.ts'
import {
  addLazy,
  canonical,
  fence,
  type Lazy,
  type Multiplier,
  mulLazy,
  multiplier,
  packSigned,
  split,
  subLazy,
} from './lazy.ts'
import { SCRATCH } from './scratch.ts'

/**
 * Operations; the words of each on the tape. Places are bytes into the work area; a sign of 1 subtracts; `scalar` is the
 * place of a prepared scalar behind the tape, `weights` of prepared weights.
 */
export const COLUMN_OP = {
  /** plane, column, row offset, stride: copies rows of a column. */
  load: 0,
  /** accumulator, a, b, sign: adds a b. */
  mul: 1,
  /** accumulator, a, b, sign: the same for two elements of the extension. */
  extMul: 2,
  /** accumulator, a, b, sign: a over the extension times b over the base field. */
  extScale: 3,
  /** accumulator, a, scalar, sign: one coordinate. */
  scale: 4,
  /** accumulator, a, sign: one coordinate. */
  add: 5,
  /** accumulator, scalar, sign: one coordinate. */
  constant: 6,
  /** accumulator, weights, count, then the place of each term: adds a constant and base values times extension weights. */
  combine: 7,
  /** plane, accumulator: one coordinate; the accumulator is zero again. */
  pack: 8,
  /** output coordinate, accumulator; the accumulator is zero again. */
  store: 9,
  /** plane, shape, a, b, c: one coordinate of a sum of two terms; see `column-pairs.ts`. */
  pair: 10,
  /** plane, weights, count, the places of the terms: as `combine`, but three planes become the sum. */
  combineTo: 11,
  /** plane, a, b: three planes become the product of two elements of the extension. */
  extMulTo: 12,
} as const

const ZERO = i64x2.const_splat(0n)

/** Emits `runColumns(tape, end, scalars, work, columns, outputs, accumulate, mask, row, count)`; see the interface `Kernels`. */
export function emitColumnOps(module: ModuleBuilder, scratch: Expression): void {
  const copy = emitCopy(module)
  const mul = bothSigns((sign) => emitMul(module, sign))
  const extMul = bothSigns((sign) => emitExtMul(module, scratch, sign))
  const extScale = bothSigns((sign) => emitExtScale(module, sign))
  const scale = bothSigns((sign) => emitScale(module, sign))
  const add = bothSigns((sign) => emitAdd(module, sign))
  const constant = bothSigns((sign) => emitConstant(module, sign))
  const combine = emitCombine(module, 'accumulator')
  const combineTo = emitCombine(module, 'plane')
  const extMulTo = emitExtMulTo(module, scratch)
  const pack = emitPack(module)
  const stores = [emitStore(module, false), emitStore(module, true)] as const
  const pair = emitPairs(module)

  const f = module.function(
    { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] },
    'runColumns',
  )
  const [tape, end, scalars, work, columns, outputs, accumulate, mask, row, count] = f.params
  const size = f.let(i32.shl(count, i32.const(3)))
  const op = f.local('i32')
  const word = (i: number): Expression => i32.load(tape, 4 * i)
  const place = (i: number): Expression => i32.add(work, word(i))
  const prepared = (i: number): Expression => i32.add(scalars, word(i))
  const signed = (i: number, [plus, minus]: Signed, ...args: readonly Expression[]): void =>
    f.if(
      word(i),
      () => f.emit(call(minus, ...args)),
      () => f.emit(call(plus, ...args)),
    )
  const step = (words: number | Expression): void =>
    f.set(tape, i32.add(tape, typeof words === 'number' ? i32.const(4 * words) : words))
  const cases: readonly (readonly [number, () => void])[] = [
    [
      COLUMN_OP.pair,
      () => {
        const operands = { value: (i: number) => place(3 + i), scalar: (i: number) => prepared(3 + i) }
        pair(f, f.let(word(2)), { plane: place(1), ...operands }, size)
        step(6)
      },
    ],
    [
      COLUMN_OP.mul,
      () => {
        signed(4, mul, place(1), place(2), place(3), size)
        step(5)
      },
    ],
    [
      COLUMN_OP.add,
      () => {
        signed(3, add, place(1), place(2), size)
        step(4)
      },
    ],
    [
      COLUMN_OP.pack,
      () => {
        f.emit(call(pack, place(1), place(2), size))
        step(3)
      },
    ],
    [
      COLUMN_OP.load,
      () => {
        const column = f.let(i32.load(i32.add(columns, i32.shl(word(2), i32.const(2)))))
        const first = f.let(i32.and(i32.add(row, word(3)), mask))
        const left = f.let(i32.sub(i32.add(mask, i32.const(1)), first))
        const upper = f.let(select(i32.lt_u(left, count), left, count))
        const stride = f.let(word(4))
        const plane = f.let(place(1))
        f.emit(call(copy, i32.add(column, i32.mul(first, stride)), stride, plane, upper))
        f.if(i32.lt_u(upper, count), () => {
          const rest = i32.add(plane, i32.shl(upper, i32.const(3)))
          f.emit(call(copy, column, stride, rest, i32.sub(count, upper)))
        })
        step(5)
      },
    ],
    [
      COLUMN_OP.scale,
      () => {
        signed(4, scale, place(1), place(2), prepared(3), size)
        step(5)
      },
    ],
    [
      COLUMN_OP.constant,
      () => {
        signed(3, constant, place(1), prepared(2), size)
        step(4)
      },
    ],
    [
      COLUMN_OP.combine,
      () => {
        const terms = f.let(word(3))
        f.emit(call(combine, place(1), prepared(2), terms, i32.add(tape, i32.const(16)), work, size))
        step(i32.add(i32.shl(terms, i32.const(2)), i32.const(16)))
      },
    ],
    [
      COLUMN_OP.combineTo,
      () => {
        const terms = f.let(word(3))
        f.emit(call(combineTo, place(1), prepared(2), terms, i32.add(tape, i32.const(16)), work, size))
        step(i32.add(i32.shl(terms, i32.const(2)), i32.const(16)))
      },
    ],
    [
      COLUMN_OP.extMulTo,
      () => {
        f.emit(call(extMulTo, place(1), place(2), place(3), size))
        step(4)
      },
    ],
    [
      COLUMN_OP.extMul,
      () => {
        signed(4, extMul, place(1), place(2), place(3), size)
        step(5)
      },
    ],
    [
      COLUMN_OP.extScale,
      () => {
        signed(4, extScale, place(1), place(2), place(3), size)
        step(5)
      },
    ],
    [
      COLUMN_OP.store,
      () => {
        const out = i32.add(i32.load(i32.add(outputs, i32.shl(word(1), i32.const(2)))), i32.shl(row, i32.const(3)))
        const [plain, adding] = stores
        const args = [out, place(2), size] as const
        f.if(
          accumulate,
          () => f.emit(call(adding, ...args)),
          () => f.emit(call(plain, ...args)),
        )
        step(3)
      },
    ],
  ]
  f.block((done) => {
    f.loop((again) => {
      f.branchIf(done, i32.ge_u(tape, end))
      f.set(op, i32.load(tape))
      for (const [code, body] of cases)
        f.if(i32.eq(op, i32.const(code)), () => {
          body()
          f.branch(again)
        })
    })
  })
}

/** A function that adds and one that subtracts. */
type Signed = readonly [plus: FunctionRef, minus: FunctionRef]
type Accumulate = typeof addLazy

function bothSigns(emit: (accumulate: Accumulate) => FunctionRef): Signed {
  return [emit(addLazy), emit(subLazy)]
}

function addTo(f: FunctionBuilder, accumulator: Expression, accumulate: Accumulate, value: Lazy, coordinate = 0): void {
  const at = ACCUMULATOR * coordinate
  const sum = accumulate(f, { lo: v128.load(accumulator, at), hi: v128.load(accumulator, at + PLANE) }, value)
  f.emit(v128.store(accumulator, sum.lo, at))
  f.emit(v128.store(accumulator, sum.hi, at + PLANE))
}

/** `(src, stride, dst, count)`: copies words that are `stride` bytes apart. */
function emitCopy(module: ModuleBuilder): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32'] })
  const [src, stride, dst, count] = f.params
  const UNROLLED = 4
  const end = f.let(i32.add(dst, i32.shl(count, i32.const(3))))
  const whole = f.let(i32.sub(end, i32.const(8 * (UNROLLED - 1))))
  f.block((done) => {
    f.loop((again) => {
      f.branchIf(done, i32.ge_u(dst, whole))
      for (let i = 0; i < UNROLLED; i++) {
        f.emit(i64.store(dst, i64.load(src), 8 * i))
        f.set(src, i32.add(src, stride))
      }
      f.set(dst, i32.add(dst, i32.const(8 * UNROLLED)))
      f.branch(again)
    })
  })
  f.block((done) => {
    f.loop((again) => {
      f.branchIf(done, i32.ge_u(dst, end))
      f.emit(i64.store(dst, i64.load(src)))
      f.set(src, i32.add(src, stride))
      f.set(dst, i32.add(dst, i32.const(8)))
      f.branch(again)
    })
  })
  return f
}

/** `(accumulator, a, b, size)`. */
function emitMul(module: ModuleBuilder, accumulate: Accumulate): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32'] })
  const [accumulator, a, b, size] = f.params
  forPairs(f, size, (offset) => {
    const w = multiplier(f, v128.load(i32.add(b, offset)))
    const product = mulLazy(f, v128.load(i32.add(a, offset)), w)
    addTo(f, f.let(i32.add(accumulator, offset)), accumulate, product)
  })
  return f
}

function loadTriple(f: FunctionBuilder, a: Expression, offset: Expression): Triple<Local> {
  const at = f.let(i32.add(a, offset))
  return [f.let(v128.load(at)), f.let(v128.load(at, PLANE)), f.let(v128.load(at, 2 * PLANE))]
}

/** `(accumulator, a, b, size)`. */
function emitExtMul(module: ModuleBuilder, scratch: Expression, accumulate: Accumulate): FunctionRef {
  return emitProducts(module, scratch, (f, at, product, k) => addTo(f, at, accumulate, product, k))
}

/** `(plane, a, b, size)`. */
function emitExtMulTo(module: ModuleBuilder, scratch: Expression): FunctionRef {
  return emitProducts(module, scratch, (f, at, product, k) => f.emit(v128.store(at, packSigned(f, product), PLANE * k)))
}

/** `(to, a, b, size)`: does something with every coordinate of the products of two elements of the extension. */
function emitProducts(
  module: ModuleBuilder,
  scratch: Expression,
  use: (f: FunctionBuilder, at: Local, product: Lazy, coordinate: number) => void,
): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32'] })
  const [to, a, b, size] = f.params
  const base = f.let(scratch)
  forPairs(f, size, (offset) => {
    const x = loadTriple(f, a, offset)
    const y = f.let(i32.add(b, offset))
    const w = (k: number) => (): Multiplier => multiplier(f, v128.load(y, PLANE * k))
    const products = extMulLazy(f, x, [w(0), w(1), w(2)], (sum) => fence(f, sum, base, SCRATCH.state))
    const at = f.let(i32.add(to, offset))
    for (const [k, product] of products.entries()) use(f, at, product, k)
  })
  return f
}

/** `(accumulator, a, b, size)`: a over the extension. */
function emitExtScale(module: ModuleBuilder, accumulate: Accumulate): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32'] })
  const [accumulator, a, b, size] = f.params
  forPairs(f, size, (offset) => {
    const w = multiplier(f, v128.load(i32.add(b, offset)))
    const x = f.let(i32.add(a, offset))
    const at = f.let(i32.add(accumulator, offset))
    for (const k of [0, 1, 2]) addTo(f, at, accumulate, mulLazy(f, v128.load(x, PLANE * k), w), k)
  })
  return f
}

/** `(accumulator, a, scalar, size)`. */
function emitScale(module: ModuleBuilder, accumulate: Accumulate): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32'] })
  const [accumulator, a, scalar, size] = f.params
  const w: Multiplier = { straight: f.let(v128.load(scalar)), crossed: f.let(v128.load(scalar, 16)) }
  forPairs(f, size, (offset) => {
    const product = mulLazy(f, v128.load(i32.add(a, offset)), w)
    addTo(f, f.let(i32.add(accumulator, offset)), accumulate, product)
  })
  return f
}

/** `(accumulator, a, size)`. */
function emitAdd(module: ModuleBuilder, accumulate: Accumulate): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32'] })
  const [accumulator, a, size] = f.params
  forPairs(f, size, (offset) => {
    const x = split(f, v128.load(i32.add(a, offset)))
    addTo(f, f.let(i32.add(accumulator, offset)), accumulate, x)
  })
  return f
}

/** `(accumulator, scalar, size)`. */
function emitConstant(module: ModuleBuilder, accumulate: Accumulate): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32'] })
  const [accumulator, scalar, size] = f.params
  const value: Lazy = { lo: f.let(v128.load(scalar, 32)), hi: f.let(v128.load(scalar, 48)) }
  forPairs(f, size, (offset) => addTo(f, f.let(i32.add(accumulator, offset)), accumulate, value))
  return f
}

/** `(plane, accumulator, size)`. */
function emitPack(module: ModuleBuilder): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32'] })
  const [plane, accumulator, size] = f.params
  forPairs(f, size, (offset) => {
    const value = takeFrom(f, f.let(i32.add(accumulator, offset)))
    f.emit(v128.store(i32.add(plane, offset), packSigned(f, value)))
  })
  return f
}

/** `(output, accumulator, size)`. */
function emitStore(module: ModuleBuilder, accumulate: boolean): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32'] })
  const [output, accumulator, size] = f.params
  forPairs(f, size, (offset) => {
    const value = takeFrom(f, f.let(i32.add(accumulator, offset)))
    const at = f.let(i32.add(output, offset))
    const sum = accumulate ? addLazy(f, value, split(f, v128.load(at))) : value
    f.emit(v128.store(at, canonical(f, packSigned(f, sum))))
  })
  return f
}

/** Reads an accumulator and clears it. */
function takeFrom(f: FunctionBuilder, accumulator: Local): Lazy {
  const value = { lo: f.let(v128.load(accumulator)), hi: f.let(v128.load(accumulator, PLANE)) }
  f.emit(v128.store(accumulator, ZERO))
  f.emit(v128.store(accumulator, ZERO, PLANE))
  return value
}
