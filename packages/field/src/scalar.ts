/**
 * The base field for the verifier and for edges (setup, JSON, challenges): bigint scalars, canonical in and out.
 * Loops over columns use the kernels instead; one scalar product costs about 50 ns.
 */
import type { FieldOps } from './field-ops.ts'
import { type Felt, P } from './goldilocks.ts'

/** Whether x is the canonical encoding of an element: 0 <= x < p. */
export function isCanonical(x: bigint): boolean {
  return x >= 0n && x < P
}

/** The canonical representative of any 64-bit word or integer. */
export function toFelt(x: bigint): Felt {
  const r = x % P
  return r < 0n ? r + P : r
}

export function add(a: Felt, b: Felt): Felt {
  const r = a + b
  return r >= P ? r - P : r
}

export function sub(a: Felt, b: Felt): Felt {
  const r = a - b
  return r < 0n ? r + P : r
}

export function neg(a: Felt): Felt {
  return a === 0n ? 0n : P - a
}

export function mul(a: Felt, b: Felt): Felt {
  return (a * b) % P
}

/** a^e for e >= 0. @throws {RangeError} on a negative exponent. */
export function pow(a: Felt, e: bigint): Felt {
  if (e < 0n) throw new RangeError(`expected an exponent >= 0, got ${e}`)
  let result = 1n
  for (let square = a; e > 0n; e >>= 1n, square = (square * square) % P) {
    if (e & 1n) result = (result * square) % P
  }
  return result
}

/** 1/a by the extended Euclidean algorithm. @throws {RangeError} on zero. */
export function inv(a: Felt): Felt {
  if (a === 0n) throw new RangeError('zero has no inverse')
  let [r, s] = [P, a]
  let [t, u] = [0n, 1n]
  while (s !== 0n) {
    const q = r / s
    ;[r, s] = [s, r - q * s]
    ;[t, u] = [u, t - q * u]
  }
  return t < 0n ? t + P : t
}

/** Inverses of all elements with one inversion. @throws {RangeError} when one of them is zero. */
export function batchInverse(values: readonly Felt[]): Felt[] {
  const prefix: Felt[] = []
  let product = 1n
  for (const value of values) {
    prefix.push(product)
    product = mul(product, value)
  }
  let suffix = inv(product)
  const inverses = new Array<Felt>(values.length)
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = mul(suffix, prefix[i]!)
    suffix = mul(suffix, values[i]!)
  }
  return inverses
}

/** The base field as a value. */
export const field: FieldOps<Felt> = {
  zero: 0n,
  one: 1n,
  fromInteger: toFelt,
  add,
  sub,
  neg,
  mul,
  inv,
  equals: (a, b) => a === b,
}
