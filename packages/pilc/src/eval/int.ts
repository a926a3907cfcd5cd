/**
 * Unbounded integers with a fast small form: a value is a `number` exactly when it is a safe integer, else a `bigint`.
 * Equal integers are therefore equal under `===`.
 */

/** An integer in normal form. */
export type Int = number | bigint

/** Longest integer, in bits: a bound on memory and time of one operation. */
export const MAX_INT_BITS: number = 1 << 20

/** Thrown by an operation that has no result; the evaluator adds the place. */
export class IntError extends Error {
  override readonly name = 'IntError'
}

const MAX = Number.MAX_SAFE_INTEGER
const BIG_MAX = BigInt(MAX)
const TWO32 = 4294967296

/** Normal form of a bigint. */
export function normalizeInt(value: bigint): Int {
  return value <= BIG_MAX && value >= -BIG_MAX ? Number(value) : value
}

export function intAdd(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (sum <= MAX && sum >= -MAX) return sum
  }
  return normalizeInt(BigInt(a) + BigInt(b))
}

export function intSub(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (difference <= MAX && difference >= -MAX) return difference
  }
  return normalizeInt(BigInt(a) - BigInt(b))
}

export function intNeg(a: Int): Int {
  return typeof a === 'number' ? 0 - a : normalizeInt(-a)
}

export function intMul(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    // + 0 turns -0 into 0.
    if (product <= MAX && product >= -MAX) return product + 0
  }
  const x = BigInt(a)
  const y = BigInt(b)
  checkBits(bitLength(a) + bitLength(b))
  return normalizeInt(x * y)
}

/** Quotient, rounded towards zero. */
export function intDiv(a: Int, b: Int): Int {
  if (b === 0) throw new IntError('division by zero')
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b + 0
  return normalizeInt(BigInt(a) / BigInt(b))
}

/** Remainder in `[0, |b|)`. */
export function intMod(a: Int, b: Int): Int {
  if (b === 0) throw new IntError('remainder by zero')
  if (typeof a === 'number' && typeof b === 'number') {
    const remainder = a % b
    return remainder < 0 ? remainder + Math.abs(b) : remainder + 0
  }
  const modulus = BigInt(b) < 0n ? -BigInt(b) : BigInt(b)
  const remainder = BigInt(a) % modulus
  return normalizeInt(remainder < 0n ? remainder + modulus : remainder)
}

export function intPow(a: Int, b: Int): Int {
  if (b < 0) throw new IntError('a power needs an exponent that is not negative')
  if (a === 0 || a === 1) return b === 0 ? 1 : a
  if (a === -1) return intMod(b, 2) === 0 ? 1 : -1
  if (typeof b !== 'number' || b > MAX_INT_BITS) checkBits(MAX_INT_BITS + 1)
  const bits = typeof a === 'number' ? Math.log2(Math.abs(a)) : bitLength(a)
  checkBits(Math.floor(bits * Number(b)))
  if (a === 2 && typeof b === 'number' && b < 53) return 2 ** b
  return normalizeInt(BigInt(a) ** BigInt(b))
}

export function intShl(a: Int, b: Int): Int {
  if (b < 0) throw new IntError('a shift needs a count that is not negative')
  if (typeof a === 'number' && typeof b === 'number' && b < 53) {
    const shifted = a * 2 ** b
    if (shifted <= MAX && shifted >= -MAX) return shifted
  }
  if (a === 0) return 0
  if (typeof b !== 'number') checkBits(MAX_INT_BITS + 1)
  checkBits(bitLength(a) + Number(b))
  return normalizeInt(BigInt(a) << BigInt(b))
}

/** Shift to the right, rounding towards minus infinity. */
export function intShr(a: Int, b: Int): Int {
  if (b < 0) throw new IntError('a shift needs a count that is not negative')
  if (typeof a === 'number') return b >= 54 ? (a < 0 ? -1 : 0) : Math.floor(a / 2 ** Number(b))
  return b > MAX_INT_BITS ? (a < 0n ? -1 : 0) : normalizeInt(a >> BigInt(b))
}

export function intAnd(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number' && a >= 0 && b >= 0) {
    if (a < TWO32 && b < TWO32) return (a & b) >>> 0
    return (((a / TWO32) & (b / TWO32)) >>> 0) * TWO32 + ((a & b) >>> 0)
  }
  return normalizeInt(BigInt(a) & BigInt(b))
}

export function intOr(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number' && a >= 0 && b >= 0) {
    if (a < TWO32 && b < TWO32) return (a | b) >>> 0
    return (((a / TWO32) | (b / TWO32)) >>> 0) * TWO32 + ((a | b) >>> 0)
  }
  return normalizeInt(BigInt(a) | BigInt(b))
}

export function intXor(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number' && a >= 0 && b >= 0) {
    if (a < TWO32 && b < TWO32) return (a ^ b) >>> 0
    return (((a / TWO32) ^ (b / TWO32)) >>> 0) * TWO32 + ((a ^ b) >>> 0)
  }
  return normalizeInt(BigInt(a) ^ BigInt(b))
}

/** Smallest k with 2^k >= a: how many bits index `a` values; the exact logarithm of a power of two. */
export function intLog2(a: Int): number {
  if (a <= 0) throw new IntError('log2 needs a positive number')
  return a === 1 ? 0 : bitLength(intSub(a, 1))
}

/** Bits of the magnitude; 0 for 0. */
export function bitLength(a: Int): number {
  if (typeof a === 'number') {
    const magnitude = Math.abs(a)
    return magnitude < TWO32 ? 32 - Math.clz32(magnitude) : 64 - Math.clz32(magnitude / TWO32)
  }
  const digits = (a < 0n ? -a : a).toString(16)
  return (digits.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(digits[0]!, 16)))
}

function checkBits(bits: number): void {
  if (bits > MAX_INT_BITS) throw new IntError(`an integer would exceed ${MAX_INT_BITS} bits`)
}
