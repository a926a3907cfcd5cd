/**
 * Carry-free Goldilocks arithmetic in SIMD lanes, as code that generators emit.
 *
 * A *packed* vector holds two 64-bit words, any representatives. A *lazy* pair (lo, hi) stands for lo + 2^32 hi in each
 * lane; lo and hi are signed 64-bit lanes with slack, so sums, differences and small shifts need no carries. A product
 * comes out lazy with lo in (-2^33, 2^32) and hi in [0, 2^34). `pack` wants 0 <= lo and 0 <= hi < 2^62; adding
 * {@link BIAS}, which is 0 mod p, makes any lanes above -2^60 non-negative.
 */
import { P } from '../goldilocks.ts'
import { type Expression, type FunctionBuilder, i32, i32x4, i64x2, type Local, shuffler, v128 } from '../wasm/index.ts'

/** Sum of lo + 2^32 hi, lane by lane. */
export interface Lazy {
  readonly lo: Expression
  readonly hi: Expression
}

/** A multiplier as the product wants it: 32-bit halves (w0 w0' w1 w1') and swapped (w1 w1' w0 w0'). */
export interface Multiplier {
  readonly straight: Expression
  readonly crossed: Expression
}

/** lo + 2^32 hi = 0 mod p with both halves large: lo = 3 * 2^60 - 2^32 * 15/16 + 1 or so, hi = 2^60 + 3 * 2^30. */
export const BIAS: { readonly lo: bigint; readonly hi: bigint } = {
  lo: 0x2fff_ffff_1000_0001n,
  hi: 0x1000_0000_c000_0000n,
}

const LOW_HALF = 0xffff_ffffn
const SIGN = 1n << 63n

const BIAS_VECTORS: Lazy = { lo: i64x2.const_splat(BIAS.lo), hi: i64x2.const_splat(BIAS.hi) }
const LOW_HALVES = i64x2.const_splat(LOW_HALF)
const HALF_BITS = i32.const(32)
/** Lanes (x0 x0' x1 x1') and (x1 x1' x0 x0') of two words x, x' with halves x0, x1. */
const toHalves = shuffler([0, 2, 1, 3])
const toCrossedHalves = shuffler([1, 3, 0, 2])

export function lowHalf(x: Expression): Expression {
  return v128.and(x, LOW_HALVES)
}

export function highHalf(x: Expression): Expression {
  return i64x2.shr_u(x, HALF_BITS)
}

/** Left shift of both lanes by a constant. */
export function shiftLeft(x: Expression, bits: number): Expression {
  return i64x2.shl(x, i32.const(bits))
}

/** A packed vector as a lazy pair. */
export function split(f: FunctionBuilder, packed: Expression): Lazy {
  const x = f.let(packed)
  return { lo: lowHalf(x), hi: highHalf(x) }
}

export function addLazy(f: FunctionBuilder, a: Lazy, b: Lazy): Lazy {
  return { lo: f.let(i64x2.add(a.lo, b.lo)), hi: f.let(i64x2.add(a.hi, b.hi)) }
}

export function subLazy(f: FunctionBuilder, a: Lazy, b: Lazy): Lazy {
  return { lo: f.let(i64x2.sub(a.lo, b.lo)), hi: f.let(i64x2.sub(a.hi, b.hi)) }
}

/** Evaluates both halves once. */
export function hold(f: FunctionBuilder, a: Lazy): Lazy {
  return { lo: f.let(a.lo), hi: f.let(a.hi) }
}

export function addBias(f: FunctionBuilder, a: Lazy): Lazy {
  return addLazy(f, a, BIAS_VECTORS)
}

/** The multiplier of a packed vector, or of a scalar that was loaded into both lanes. */
export function multiplier(f: FunctionBuilder, packed: Expression): Multiplier {
  const w = f.let(packed)
  return { straight: f.let(toHalves(w, w)), crossed: f.let(toCrossedHalves(w, w)) }
}

/**
 * Product of a packed vector and a multiplier: four 32 x 32 products, schoolbook carries into h = upper 64 bits and
 * t1 = bits 32..95, then 2^64 = 2^32 - 1: lo = l0 - h0 - h1, hi = t1 low + h0.
 */
export function mulLazy(f: FunctionBuilder, packed: Expression, w: Multiplier): Lazy {
  const x = f.let(packed)
  return mulShuffled(f, f.let(toHalves(x, x)), w)
}

/** The square of a packed vector, from its multiplier: the mixed products are one. */
export function squareLazy(f: FunctionBuilder, w: Multiplier): Lazy {
  const straight = f.let(w.straight)
  const mixed = f.let(i64x2.extmul_low_i32x4_u(straight, w.crossed))
  const ll = f.let(i64x2.extmul_low_i32x4_u(straight, straight))
  const hh = f.let(i64x2.extmul_high_i32x4_u(straight, straight))
  return reduceProducts(f, { ll, lh: mixed, hl: mixed, hh })
}

/** {@link mulLazy} of a vector whose halves are in the order (x0 x0' x1 x1') already. */
export function mulShuffled(f: FunctionBuilder, halves: Expression, w: Multiplier): Lazy {
  const crossed = f.let(w.crossed)
  const straight = f.let(w.straight)
  const ll = f.let(i64x2.extmul_low_i32x4_u(halves, straight))
  const hl = f.let(i64x2.extmul_high_i32x4_u(halves, crossed))
  const lh = f.let(i64x2.extmul_low_i32x4_u(halves, crossed))
  const hh = f.let(i64x2.extmul_high_i32x4_u(halves, straight))
  return reduceProducts(f, { ll, lh, hl, hh })
}

function reduceProducts(
  f: FunctionBuilder,
  { ll, lh, hl, hh }: Readonly<Record<'ll' | 'lh' | 'hl' | 'hh', Local>>,
): Lazy {
  const t0 = f.let(i64x2.add(hl, highHalf(ll)))
  const t1 = f.let(i64x2.add(lh, lowHalf(t0)))
  const h = f.let(i64x2.add(i64x2.add(hh, highHalf(t0)), highHalf(t1)))
  const h0 = f.let(lowHalf(h))
  return {
    lo: f.let(i64x2.sub(i64x2.sub(lowHalf(ll), h0), highHalf(h))),
    hi: f.let(i64x2.add(lowHalf(t1), h0)),
  }
}

/** All ones in the low half of each lane whose bit 63 is set in `x`, zero elsewhere. */
function epsilonWhereTop(x: Expression): Expression {
  return highHalf(i32x4.shr_s(x, i32.const(31)))
}

/**
 * The packed word of a lazy pair with 0 <= lo, 0 <= hi < 2^62. With w the low 64 bits of the value and k < 2^31 the
 * rest, it is w + k (2^32 - 1); the second term is below 2^63, so a carry shows in bit 63, and it cannot carry again.
 */
export function pack(f: FunctionBuilder, { lo, hi }: Lazy): Local {
  const low = f.let(lo)
  const high = f.let(hi)
  const k = f.let(highHalf(i64x2.add(highHalf(low), high)))
  const w = f.let(i64x2.add(shiftLeft(high, 32), low))
  const r = f.let(i64x2.add(w, i64x2.sub(shiftLeft(k, 32), k)))
  return f.let(i64x2.add(r, epsilonWhereTop(v128.andnot(w, r))))
}

/**
 * The packed word of one product. Its value lies in (-2^33, 2^65 - 2^32), so k = floor(value / 2^64) is -1, 0 or 1 and
 * adding k (2^32 - 1) never carries; lo is shifted up by 2^34 to find k + 1 without signs.
 */
export function packProduct(f: FunctionBuilder, { lo, hi }: Lazy): Local {
  const low = f.let(i64x2.add(lo, i64x2.const_splat(1n << 34n)))
  const high = f.let(hi)
  const sum = i64x2.add(i64x2.add(highHalf(low), high), i64x2.const_splat((1n << 32n) - 4n))
  const k = f.let(highHalf(sum))
  const upper = shiftLeft(i64x2.add(high, k), 32)
  const lower = i64x2.sub(i64x2.sub(low, k), i64x2.const_splat((1n << 34n) + LOW_HALF))
  return f.let(i64x2.add(upper, lower))
}

/** All ones in each lane where x < y as unsigned words. */
function isBelow(x: Expression, y: Expression): Expression {
  return i64x2.gt_s(v128.xor(y, i64x2.const_splat(SIGN)), v128.xor(x, i64x2.const_splat(SIGN)))
}

/**
 * Sum of two packed vectors. What carries out of 64 bits comes back as 2^32 - 1; where that carries too, the word that it
 * makes is below 2^32, so that it cannot carry a third time.
 */
export function addPacked(f: FunctionBuilder, a: Expression, b: Expression): Local {
  const x = f.let(a)
  const sum = f.let(i64x2.add(x, b))
  const once = f.let(i64x2.add(sum, highHalf(isBelow(sum, x))))
  return f.let(i64x2.add(once, epsilonWhereTop(v128.andnot(sum, once))))
}

/** Difference of two packed vectors: what is borrowed is taken away as 2^32 - 1, at most twice. */
export function subPacked(f: FunctionBuilder, a: Expression, b: Expression): Local {
  const [x, y] = [f.let(a), f.let(b)]
  const difference = f.let(i64x2.sub(x, y))
  const once = f.let(i64x2.sub(difference, highHalf(isBelow(x, y))))
  return f.let(i64x2.sub(once, epsilonWhereTop(v128.andnot(once, difference))))
}

/** The canonical words of a packed vector: adds 2^32 - 1 where x > p - 1, compared as signed words. */
export function canonical(f: FunctionBuilder, packed: Expression): Local {
  const x = f.let(packed)
  const isLarge = i64x2.gt_s(v128.xor(x, i64x2.const_splat(SIGN)), i64x2.const_splat((P - 1n) ^ SIGN))
  return f.let(i64x2.add(x, lowHalf(isLarge)))
}

/** {@link pack} of a pair that may be negative, down to -2^60. */
export function packSigned(f: FunctionBuilder, a: Lazy): Local {
  return pack(f, addBias(f, a))
}

/**
 * Stores a lazy pair to memory that nobody reads. V8 moves pure instructions down to their first use but keeps loads and
 * stores in order, so such stores keep a long computation in the order in which it was written, and its loads near their
 * uses; without them V8 loads everything first and spills it.
 */
export function fence(f: FunctionBuilder, { lo, hi }: Lazy, address: Expression, offset: number): void {
  f.emit(v128.store(address, lo, offset))
  f.emit(v128.store(address, hi, offset + 16))
}
