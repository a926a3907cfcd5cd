/**
 * Sums of two terms as operations of their own: the terms stay in registers and the packed sum goes to a plane at once,
 * where an accumulator would be read and written for each of them. Longer sums are chains of these.
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
import {
  addLazy,
  addPacked,
  type Lazy,
  type Multiplier,
  mulLazy,
  multiplier,
  packProduct,
  packSigned,
  shiftLeft,
  split,
  subLazy,
  subPacked,
} from './lazy.ts'

/** The first term of a pair: a value a, a product a b of values, or a times a prepared scalar. */
export const PAIR_HEADS = ['value', 'product', 'scaled'] as const
/** The second: none, a value c, or a prepared scalar. */
export const PAIR_TAILS = ['none', 'value', 'scalar'] as const

export type PairHead = (typeof PAIR_HEADS)[number]
export type PairTail = (typeof PAIR_TAILS)[number]

/** Bytes of two vectors: planes are as long as that at least, and rows of a plane behind the last are anything. */
const STEP = 32

/** The word that stands for two terms on the tape; a sign of true subtracts. */
export function pairShape(head: PairHead, minusHead: boolean, tail: PairTail, minusTail: boolean): number {
  const first = 2 * PAIR_HEADS.indexOf(head) + (minusHead ? 1 : 0)
  return 8 * first + 2 * PAIR_TAILS.indexOf(tail) + (minusTail ? 1 : 0)
}

/** Emits the pairs; `places` has the address of the plane, of a, of b, and of c, for values and for scalars. */
export function emitPairs(
  module: ModuleBuilder,
): (f: FunctionBuilder, shape: Expression, places: PairPlaces, size: Expression) => void {
  const bodies = PAIR_HEADS.flatMap((head) =>
    [false, true].map((minusHead) => ({
      head,
      tails: PAIR_TAILS.flatMap((tail) =>
        [false, true].flatMap((minusTail) => {
          if (tail === 'none' && minusTail) return []
          const shape = pairShape(head, minusHead, tail, minusTail)
          return [{ tail, shape, body: emitPair(module, { head, minusHead, tail, minusTail }) }]
        }),
      ),
    })),
  )
  return (f, shape, { plane, value, scalar }, size) => {
    f.block((done) => {
      for (const { head, tails } of bodies)
        f.if(i32.lt_u(shape, i32.const((tails[0]!.shape | 7) + 1)), () => {
          for (const { tail, shape: code, body } of tails)
            f.if(i32.eq(shape, i32.const(code)), () => {
              const b = head === 'scaled' ? scalar(1) : value(1)
              const c = tail === 'scalar' ? scalar(2) : value(2)
              f.emit(call(body, plane, value(0), b, c, size))
              f.branch(done)
            })
        })
    })
  }
}

/** Addresses of the operands of a pair: operand 0 is a, 1 is b, 2 is c. */
export interface PairPlaces {
  readonly plane: Expression
  readonly value: (operand: number) => Expression
  readonly scalar: (operand: number) => Expression
}

interface PairTerms {
  readonly head: PairHead
  readonly minusHead: boolean
  readonly tail: PairTail
  readonly minusTail: boolean
}

/** `(plane, a, b, c, size)`. */
function emitPair(module: ModuleBuilder, { head, minusHead, tail, minusTail }: PairTerms): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] })
  const [plane, a, b, c, size] = f.params
  const scale: Multiplier | undefined =
    head === 'scaled' ? { straight: f.let(v128.load(b)), crossed: f.let(v128.load(b, 16)) } : undefined
  const constant: Lazy | undefined =
    tail === 'scalar' ? { lo: f.let(v128.load(c, 32)), hi: f.let(v128.load(c, 48)) } : undefined
  const packedConstant = constant && f.let(v128.or(constant.lo, shiftLeft(constant.hi, 32)))
  const headAt = (at: Local, vector: number): Lazy => {
    const x = v128.load(i32.add(a, at), vector)
    return mulLazy(f, x, scale ?? multiplier(f, v128.load(i32.add(b, at), vector)))
  }
  const tailAt = (at: Local, vector: number): Lazy => constant ?? split(f, v128.load(i32.add(c, at), vector))
  const sumOfValues = (at: Local, vector: number): Expression => {
    const x = v128.load(i32.add(a, at), vector)
    const zero = f.local('v128')
    const first = minusHead ? subPacked(f, zero, x) : x
    if (tail === 'none') return first
    const second = packedConstant ?? v128.load(i32.add(c, at), vector)
    if (minusHead && !minusTail) return subPacked(f, second, x)
    return (minusTail ? subPacked : addPacked)(f, first, second)
  }
  const sumAt = (at: Local, vector: number): Expression => {
    if (head === 'value') return sumOfValues(at, vector)
    const first = headAt(at, vector)
    if (tail === 'none') return minusHead ? packSigned(f, negate(f, first)) : packProduct(f, first)
    const second = tailAt(at, vector)
    if (!minusHead) return packSigned(f, (minusTail ? subLazy : addLazy)(f, first, second))
    return packSigned(f, minusTail ? negate(f, addLazy(f, first, second)) : subLazy(f, second, first))
  }
  const at = f.local('i32')
  f.for(at, i32.const(0), size, STEP, () => {
    const to = f.let(i32.add(plane, at))
    // One after the other: the plane may be an operand, and two sums at a time are more than V8 has registers for.
    for (let vector = 0; vector < STEP; vector += 16) f.emit(v128.store(to, sumAt(at, vector), vector))
  })
  return f
}

function negate(f: FunctionBuilder, x: Lazy): Lazy {
  const zero = f.local('v128')
  return subLazy(f, { lo: zero, hi: zero }, x)
}
