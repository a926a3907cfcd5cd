/**
 * Weights of columns in the form that `combineColumns` multiplies by: for each coordinate, each vector of a row (a pair of
 * columns) and each of six digits, eight signed 16-bit multipliers, one for each 16-bit limb of the two cells; then the
 * three constants that make up for the limbs being taken as signed.
 *
 * A cell is the sum of its limbs x_i 2^(16 i), so cell times weight is the sum of x_i c_i with c_i = 2^(16 i) weight mod
 * p. The 32-bit halves of c_i break into three signed digits of 11 bits each, at bits 0, 11 and 22.
 */
import { type Ext, P } from '../goldilocks.ts'
import type { Offset } from './kernels.ts'
import { COMBINATION_BIAS, DIGIT_BITS, DIGITS, WEIGHT_PAIR_BYTES } from './weighted-sums.ts'

const COLUMNS_PER_VECTOR = 2
const LIMBS = 4
const RADIX = 2 ** DIGIT_BITS
/** The words that `combineColumns` adds at the end, and their padding. */
const CONSTANTS_BYTES = 32
/** What 2^15 in every limb stands for. */
const LIMB_OFFSETS = 0x8000_8000_8000_8000n

/** Size of the prepared weights of so many vectors. */
export function columnWeightsBytes(vectorCount: number): number {
  return 3 * WEIGHT_PAIR_BYTES * vectorCount + CONSTANTS_BYTES
}

/** Writes weight j for column j, columns counted through all vectors; columns without a weight get zero. */
export function writeColumnWeights(
  memory: ArrayBufferLike,
  dst: Offset,
  vectorCount: number,
  weights: readonly Ext[],
): void {
  const plane = WEIGHT_PAIR_BYTES * vectorCount
  const multipliers = new Int16Array(memory, dst, (3 * plane) / 2).fill(0)
  const sums = [0n, 0n, 0n]
  for (const [column, weight] of weights.entries()) {
    for (const [k, coordinate] of weight.entries()) {
      sums[k]! += coordinate
      const vector = Math.floor(column / COLUMNS_PER_VECTOR)
      const at = (k * plane + vector * WEIGHT_PAIR_BYTES) / 2 + LIMBS * (column % COLUMNS_PER_VECTOR)
      for (let i = 0; i < LIMBS; i++) {
        const c = (coordinate << BigInt(16 * i)) % P
        writeDigits(multipliers, at + i, Number(c & 0xffff_ffffn))
        writeDigits(multipliers, at + i + (DIGITS / 2) * 2 * LIMBS, Number(c >> 32n))
      }
    }
  }
  const constants = sums.map((sum) => (sum * LIMB_OFFSETS + P * COMBINATION_BIAS - COMBINATION_BIAS) % P)
  new BigUint64Array(memory, dst + 3 * plane, CONSTANTS_BYTES / 8).set([...constants, 0n])
}

/** The three digits of a 32-bit word, the lower two in -2^10 .. 2^10 - 1, the last one at most 2^10; eight places apart. */
export function writeDigits(multipliers: Int16Array, at: number, word: number): void {
  let rest = word
  let place = at
  for (let digit = 1; digit < DIGITS / 2; digit++) {
    const low = rest & (RADIX - 1)
    const value = low < RADIX / 2 ? low : low - RADIX
    multipliers[place] = value
    rest = (rest - value) / RADIX
    place += 2 * LIMBS
  }
  multipliers[place] = rest
}
