/**
 * The oracle: Goldilocks and its cubic extension in the most obvious bigint arithmetic, each function a direct reading
 * of its definition. It is slow; tests compare every other tier against it.
 */
import type { FieldOps } from './field-ops.ts'
import { type Ext, type Felt, P } from './goldilocks.ts'

/** The representative of any integer in 0..p-1. */
export function reduce(x: bigint): Felt {
  return ((x % P) + P) % P
}

/** a^e in any field, e >= 0, by repeated squaring. */
export function power<T>(field: FieldOps<T>, a: T, e: bigint): T {
  let result = field.one
  for (let square = a; e > 0n; e >>= 1n, square = field.mul(square, square)) {
    if (e & 1n) result = field.mul(result, square)
  }
  return result
}

/** The base field by definition: inverse is a^(p-2). */
export const referenceField: FieldOps<Felt> = {
  zero: 0n,
  one: 1n,
  fromInteger: reduce,
  add: (a, b) => reduce(a + b),
  sub: (a, b) => reduce(a - b),
  neg: (a) => reduce(-a),
  mul: (a, b) => reduce(a * b),
  inv: (a) => {
    if (reduce(a) === 0n) throw new RangeError('zero has no inverse')
    return power(referenceField, a, P - 2n)
  },
  equals: (a, b) => reduce(a - b) === 0n,
}

/** Product of polynomials, then x^4 = x^2 + x and x^3 = x + 1. */
function multiplyModulo(a: Ext, b: Ext): Ext {
  const c = [0n, 0n, 0n, 0n, 0n]
  for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) c[i + j]! += a[i]! * b[j]!
  return [reduce(c[0]! + c[3]!), reduce(c[1]! + c[3]! + c[4]!), reduce(c[2]! + c[4]!)]
}

/** The extension by definition: inverse is a^(p^3-2). */
export const referenceExt: FieldOps<Ext> = {
  zero: [0n, 0n, 0n],
  one: [1n, 0n, 0n],
  fromInteger: (x) => [reduce(x), 0n, 0n],
  add: (a, b) => [reduce(a[0] + b[0]), reduce(a[1] + b[1]), reduce(a[2] + b[2])],
  sub: (a, b) => [reduce(a[0] - b[0]), reduce(a[1] - b[1]), reduce(a[2] - b[2])],
  neg: (a) => [reduce(-a[0]), reduce(-a[1]), reduce(-a[2])],
  mul: multiplyModulo,
  inv: (a) => {
    if (referenceExt.equals(a, referenceExt.zero)) throw new RangeError('zero has no inverse')
    return power(referenceExt, a, P ** 3n - 2n)
  },
  equals: (a, b) => a.every((x, i) => reduce(x - b[i]!) === 0n),
}

/** Values of the polynomial with coefficients `c` (lowest first) on shift * <root>, in natural order. */
export function evaluateOnCoset(c: readonly Felt[], root: Felt, shift: Felt, size: number): Felt[] {
  const values: Felt[] = []
  let x = shift
  for (let i = 0; i < size; i++) {
    values.push(c.reduceRight((acc, ci) => reduce(acc * x + ci), 0n))
    x = reduce(x * root)
  }
  return values
}
