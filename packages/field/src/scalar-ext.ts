/**
 * The cubic extension F_p[x]/(x^3 - x - 1) for the verifier and for edges: triples of bigints, canonical in and out.
 * One reduction per coordinate; the inverse goes through the norm, with one base inversion.
 */
import type { FieldOps } from './field-ops.ts'
import { type Ext, type Felt, P } from './goldilocks.ts'
import { add, inv, neg, sub, toFelt } from './scalar.ts'

export const EXT_ZERO: Ext = [0n, 0n, 0n]
export const EXT_ONE: Ext = [1n, 0n, 0n]

/** The base element a as an extension element. */
export function extFromFelt(a: Felt): Ext {
  return [a, 0n, 0n]
}

export function extEquals(a: Ext, b: Ext): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2]
}

export function extAdd(a: Ext, b: Ext): Ext {
  return [add(a[0], b[0]), add(a[1], b[1]), add(a[2], b[2])]
}

export function extSub(a: Ext, b: Ext): Ext {
  return [sub(a[0], b[0]), sub(a[1], b[1]), sub(a[2], b[2])]
}

export function extNeg(a: Ext): Ext {
  return [neg(a[0]), neg(a[1]), neg(a[2])]
}

/** Product modulo x^3 - x - 1: x^3 = x + 1 and x^4 = x^2 + x fold the upper two coefficients back. */
export function extMul(a: Ext, b: Ext): Ext {
  const [a0, a1, a2] = a
  const [b0, b1, b2] = b
  const c3 = a1 * b2 + a2 * b1
  const c4 = a2 * b2
  return [(a0 * b0 + c3) % P, (a0 * b1 + a1 * b0 + c3 + c4) % P, (a0 * b2 + a1 * b1 + a2 * b0 + c4) % P]
}

/** Product with a base element. */
export function extScale(a: Ext, s: Felt): Ext {
  return [(a[0] * s) % P, (a[1] * s) % P, (a[2] * s) % P]
}

/** a^e for e >= 0. @throws {RangeError} on a negative exponent. */
export function extPow(a: Ext, e: bigint): Ext {
  if (e < 0n) throw new RangeError(`expected an exponent >= 0, got ${e}`)
  let result = EXT_ONE
  for (let square = a; e > 0n; e >>= 1n, square = extMul(square, square)) {
    if (e & 1n) result = extMul(result, square)
  }
  return result
}

/**
 * 1/a. Multiplication by a is the matrix with columns a, a x, a x^2; the first column of its inverse is the inverse of
 * a, by Cramer's rule, and its determinant is the norm.
 * @throws {RangeError} on zero.
 */
export function extInv(a: Ext): Ext {
  const [a0, a1, a2] = a
  const [s, t] = [a0 + a2, a1 + a2]
  const c0 = toFelt(s * s - t * a1)
  const c1 = toFelt(t * a2 - a1 * s)
  const c2 = toFelt(a1 * a1 - s * a2)
  return extScale([c0, c1, c2], inv((a0 * c0 + a2 * c1 + a1 * c2) % P))
}

/**
 * Sum of base[i] * weights[i], reduced once at the end: the inner loop of a DEEP query.
 * @throws {RangeError} when the lengths differ.
 */
export function extDot(base: readonly Felt[], weights: readonly Ext[]): Ext {
  if (base.length !== weights.length) throw new RangeError(`expected ${base.length} weights, got ${weights.length}`)
  let [r0, r1, r2] = [0n, 0n, 0n]
  for (let i = 0; i < base.length; i++) {
    const x = base[i]!
    const w = weights[i]!
    r0 += x * w[0]
    r1 += x * w[1]
    r2 += x * w[2]
  }
  return [r0 % P, r1 % P, r2 % P]
}

/** The extension as a value. */
export const extField: FieldOps<Ext> = {
  zero: EXT_ZERO,
  one: EXT_ONE,
  fromInteger: (x) => [toFelt(x), 0n, 0n],
  add: extAdd,
  sub: extSub,
  neg: extNeg,
  mul: extMul,
  inv: extInv,
  equals: extEquals,
}
