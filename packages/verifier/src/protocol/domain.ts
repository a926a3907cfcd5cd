/**
 * Evaluation domains. A codeword of length 2^n lists the values of a polynomial on the coset 7 * <w_n> in bit-reversed
 * order: position p holds the value at 7 * w_n^rev(p). Neighbours then fold together, and position p of a codeword
 * stands above position p >> k of one that is 2^k times shorter. Folding reads the same values as those of f(7 X) on the
 * subgroup itself, so that no shift has to be tracked.
 */
import { type Felt, GENERATOR, mul, pow, rootOfUnity } from '@zisk/field'

/** The `bits` low bits of `value` in reverse order. */
export function reverseBits(value: number, bits: number): number {
  let reversed = 0
  for (let i = 0, rest = value; i < bits; i++, rest = Math.floor(rest / 2)) reversed = reversed * 2 + (rest % 2)
  return reversed
}

/** Point of the subgroup of order 2^logLength at a bit-reversed position. */
export function subgroupPoint(logLength: number, position: number): Felt {
  return pow(rootOfUnity(logLength), BigInt(reverseBits(position, logLength)))
}

/** Inverse of that point. */
export function inverseSubgroupPoint(logLength: number, position: number): Felt {
  const exponent = reverseBits(position, logLength)
  return exponent === 0 ? 1n : pow(rootOfUnity(logLength), BigInt(2 ** logLength - exponent))
}

/** Point of the evaluation coset at a bit-reversed position. */
export function cosetPoint(logLength: number, position: number): Felt {
  return mul(GENERATOR, subgroupPoint(logLength, position))
}
