/**
 * Values of a program while it is generated: packed, lazy or both, for each coordinate. Sums stay lazy as long as their
 * bounds allow, so that a sum of products costs one carry fix, when it is multiplied or stored.
 */
import {
  addBias,
  addLazy,
  fence,
  type Lazy,
  type Multiplier,
  mulLazy,
  multiplier,
  pack,
  packProduct,
  split,
  subLazy,
} from '../kernels/lazy.ts'
import { type Expression, type FunctionBuilder, i64x2, type Local } from '../wasm/index.ts'

/** Largest |lo| and |hi| that adding the bias makes non-negative. */
const MAX_BOUND = 2 ** 59
const SPLIT_BOUND = 2 ** 32
const PRODUCT_BOUND = 2 ** 34

/** One coordinate of a node. Forms are made when they are wanted, once. */
export class LaneValue {
  readonly #f: FunctionBuilder
  #packed: Local | undefined
  #lazy: { readonly value: Lazy; readonly bound: number; readonly isProduct: boolean } | undefined
  #multiplier: Multiplier | undefined

  private constructor(f: FunctionBuilder) {
    this.#f = f
  }

  static packed(f: FunctionBuilder, value: Expression): LaneValue {
    const lane = new LaneValue(f)
    lane.#packed = f.let(value)
    return lane
  }

  /** A scalar, whose forms lie in a table: multiplier, then lazy halves. */
  static scalar(f: FunctionBuilder, form: Multiplier, value: Lazy): LaneValue {
    const lane = new LaneValue(f)
    lane.#multiplier = form
    lane.#lazy = { value, bound: SPLIT_BOUND, isProduct: false }
    return lane
  }

  static product(a: LaneValue, b: LaneValue): LaneValue {
    const lane = new LaneValue(a.#f)
    // The operand that is a scalar, or already a multiplier, is the multiplier.
    const [x, w] = a.#multiplier !== undefined && b.#multiplier === undefined ? [b, a] : [a, b]
    lane.#lazy = { value: mulLazy(a.#f, x.packed(), w.multiplier()), bound: PRODUCT_BOUND, isProduct: true }
    return lane
  }

  static sum(a: LaneValue, b: LaneValue): LaneValue {
    return LaneValue.#combine(a, b, addLazy)
  }

  static difference(a: LaneValue, b: LaneValue): LaneValue {
    return LaneValue.#combine(a, b, subLazy)
  }

  static negation(a: LaneValue): LaneValue {
    const zero = i64x2.const_splat(0n)
    const lane = new LaneValue(a.#f)
    const { value, bound } = a.#asLazy(MAX_BOUND)
    lane.#lazy = { value: subLazy(a.#f, { lo: zero, hi: zero }, value), bound, isProduct: false }
    return lane
  }

  /** The value as packed words. */
  packed(): Local {
    this.#packed ??= this.#pack()
    return this.#packed
  }

  /** A {@link fence} behind the value, unless it is packed. */
  fence(address: Expression, offset: number): void {
    if (this.#lazy !== undefined) fence(this.#f, this.#lazy.value, address, offset)
  }

  multiplier(): Multiplier {
    this.#multiplier ??= multiplier(this.#f, this.packed())
    return this.#multiplier
  }

  static #combine(a: LaneValue, b: LaneValue, operation: typeof addLazy): LaneValue {
    const lane = new LaneValue(a.#f)
    const [x, y] = [a.#asLazy(MAX_BOUND / 2), b.#asLazy(MAX_BOUND / 2)]
    lane.#lazy = { value: operation(a.#f, x.value, y.value), bound: x.bound + y.bound, isProduct: false }
    return lane
  }

  #asLazy(limit: number): { readonly value: Lazy; readonly bound: number } {
    if (this.#lazy === undefined || this.#lazy.bound > limit) {
      this.#lazy = { value: split(this.#f, this.packed()), bound: SPLIT_BOUND, isProduct: false }
    }
    return this.#lazy
  }

  #pack(): Local {
    const { value, isProduct } = this.#lazy!
    return isProduct ? packProduct(this.#f, value) : pack(this.#f, addBias(this.#f, value))
  }
}
