/**
 * Constants of the Goldilocks field F_p, p = 2^64 - 2^32 + 1, and of its cubic extension F_p[x]/(x^3 - x - 1).
 *
 * The tower of roots of unity is the one of pil2 (W[32] = 7277203076849721926): in it the roots of order 4, 8, 16, 32
 * and 64 are 2^48, 2^24, 2^12, 2^6 and 2^3, so that small transforms multiply by shifts.
 * Source: pil2-proofman `fields/src/goldilocks.rs`.
 */

/** A field element: canonical, 0 <= x < {@link P}. */
export type Felt = bigint

/** An element a0 + a1 x + a2 x^2 of the cubic extension, canonical coordinates, lowest degree first. */
export type Ext = readonly [Felt, Felt, Felt]

/** The field order. */
export const P: bigint = 0xffff_ffff_0000_0001n

/** 2^64 - p = 2^32 - 1: what a carry out of 64 bits is worth. */
export const EPSILON: bigint = 0xffff_ffffn

/** log2 of the largest power of two that divides p - 1. */
export const TWO_ADICITY = 32

/** A generator of the multiplicative group, and the shift of the evaluation coset. */
export const GENERATOR: Felt = 7n

/** Number of base coordinates of an extension element. */
export const EXT_DEGREE = 3

/** Root of unity of order 2^32; every other root of the tower is a power of it. */
const ROOT_2_32: Felt = 7277203076849721926n

/** ROOTS_OF_UNITY[k] has order exactly 2^k; each is the square of the next. */
export const ROOTS_OF_UNITY: readonly Felt[] = (() => {
  const roots = [ROOT_2_32]
  for (let k = TWO_ADICITY; k > 0; k--) roots.unshift((roots[0]! * roots[0]!) % P)
  return roots
})()

/**
 * The primitive root of unity of order 2^logN.
 * @throws {RangeError} when logN is not an integer in 0..32.
 */
export function rootOfUnity(logN: number): Felt {
  const root = ROOTS_OF_UNITY[logN]
  if (root === undefined) throw new RangeError(`expected log2 of a domain size in 0..${TWO_ADICITY}, got ${logN}`)
  return root
}
