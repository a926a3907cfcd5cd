/** The witness of `arith_product.pil`: chunks and the limbs of a product, as doubles that stay below 2^53. */

const LIMB = 2 ** 32

/** Splits a number, given as two 32-bit limbs, into chunks of 16 bits, written to `chunks`. */
export function splitChunks(low: number, high: number, chunks: Float64Array): void {
  chunks[0] = low & 0xffff
  chunks[1] = low >>> 16
  chunks[2] = high & 0xffff
  chunks[3] = high >>> 16
}

/** What the product of `a` and `b` (chunks of 16 bits) has at the weight 2^(32 * limb), without carries. */
export function productLimb(a: Float64Array, b: Float64Array, limb: number): number {
  let even = 0
  let odd = 0
  for (let i = Math.max(0, 2 * limb - 3); i < 4 && i <= 2 * limb + 1; i++) {
    const j = 2 * limb - i
    if (j >= 0) even += a[i]! * b[j]!
    if (j + 1 < 4) odd += a[i]! * b[j + 1]!
  }
  return even + 0x1_0000 * odd
}

/** Columns of a carry: its low 16 bits, and what is above, which may be -1. */
export interface CarryColumns {
  readonly low: Uint32Array
  readonly high: Uint32Array
}

/** Writes a carry in [-2^16, 2^18) at word index `at` of its columns. */
export function writeCarry({ low, high }: CarryColumns, at: number, carry: number): void {
  const above = Math.floor(carry / 0x1_0000)
  low[at] = carry - 0x1_0000 * above
  high[at] = above
  // p - 1 is 2^32 * (2^32 - 1).
  if (above < 0) {
    high[at] = 0
    high[at + 1] = LIMB - 1
  }
}
