/**
 * Evaluation domains. A codeword of length 2^n lists the values of a polynomial on the coset 7 * <w_n> in bit-reversed
 * order: position p holds the value at 7 * w_n^rev(p). Neighbours then fold together, and position p of a codeword
 * stands above position p >> k of one that is 2^k times shorter. Folding reads the same values as those of f(7 X) on the
 * subgroup itself, so that no shift has to be tracked.
 */
import { type Felt, GENERATOR, mul, pow, rootOfUnity } from '@zisk/field'

/** The `bits` <= 32 low bits of `value` in reverse order. */
export function reverseBits(value: number, bits: number): number {
  if (bits === 0) return 0
  let reversed = value
  // Neighbours change places, then pairs, and so on; shifts by 32 - bits drop the bits above.
  reversed = ((reversed >>> 1) & 0x5555_5555) | ((reversed & 0x5555_5555) << 1)
  reversed = ((reversed >>> 2) & 0x3333_3333) | ((reversed & 0x3333_3333) << 2)
  reversed = ((reversed >>> 4) & 0x0f0f_0f0f) | ((reversed & 0x0f0f_0f0f) << 4)
  reversed = ((reversed >>> 8) & 0x00ff_00ff) | ((reversed & 0x00ff_00ff) << 8)
  reversed = (reversed >>> 16) | (reversed << 16)
  return reversed >>> (32 - bits)
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
