/** Number-theoretic transforms on plain bigints: short, obviously right, slow. */
import { GENERATOR, inv, mul, P, pow, rootOfUnity } from '@zisk/field'
import { reverseBits } from '@zisk/verifier'

/** Coefficients of the polynomial with these values on the subgroup, in natural order. */
export function interpolate(values: ArrayLike<bigint>): bigint[] {
  const logN = Math.log2(values.length)
  const scale = inv(BigInt(values.length))
  return transform(Array.from(values), inv(rootOfUnity(logN))).map((value) => mul(value, scale))
}

/** Values on the coset 7 * <w> of order 2^logLength, in bit-reversed order. */
export function extend(coefficients: readonly bigint[], logLength: number): BigUint64Array {
  const padded = new Array<bigint>(2 ** logLength).fill(0n)
  for (let i = 0, shift = 1n; i < coefficients.length; i++, shift = mul(shift, GENERATOR))
    padded[i] = mul(coefficients[i]!, shift)
  const values = transform(padded, rootOfUnity(logLength))
  return BigUint64Array.from(values, (_, position) => values[reverseBits(position, logLength)]!)
}

/** Coefficients of the polynomial with these values on the coset 7 * <w>, in bit-reversed order. */
export function interpolateCoset(values: ArrayLike<bigint>): bigint[] {
  const unshift = inv(GENERATOR)
  return interpolateReversed(values).map((value, i) => mul(value, pow(unshift, BigInt(i))))
}

/** Coefficients of the polynomial with these values on the subgroup, in bit-reversed order. */
export function interpolateReversed(values: ArrayLike<bigint>): bigint[] {
  const logN = Math.log2(values.length)
  return interpolate(Array.from(values, (_, exponent) => values[reverseBits(exponent, logN)]!))
}

/** Sum over j of a[j] root^(i j), for every i. */
export function transform(a: bigint[], root: bigint): bigint[] {
  const n = a.length
  if (n === 1) return a
  const square = mul(root, root)
  const even = transform(
    a.filter((_, i) => i % 2 === 0),
    square,
  )
  const odd = transform(
    a.filter((_, i) => i % 2 === 1),
    square,
  )
  const out = new Array<bigint>(n)
  for (let i = 0, x = 1n; i < n / 2; i++, x = mul(x, root)) {
    const twisted = mul(x, odd[i]!)
    out[i] = (even[i]! + twisted) % P
    out[i + n / 2] = (even[i]! + P - twisted) % P
  }
  return out
}
