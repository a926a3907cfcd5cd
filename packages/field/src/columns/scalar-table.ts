/** Scalars of a column program in the forms that the operations of its tape read; the table follows the tape. */

import { P } from '../goldilocks.ts'
import { DIGIT_START, TERM_BYTES } from '../kernels/column-combine.ts'
import { writeDigits } from '../kernels/column-weights.ts'
import type { Offset } from '../kernels/kernels.ts'
import { DIGIT_BITS, DIGITS } from '../kernels/weighted-sums.ts'

/** A weight: the extension scalar in places `scalar`, `scalar + 1` and `scalar + 2`, times x^power, maybe negated. */
export interface Weight {
  readonly scalar: number
  readonly power: number
  readonly negative: boolean
}

/** What the table consists of: base scalars by place, then the weights of combinations. Plain data, without objects. */
export interface PreparedScalars {
  /** Pairs of a place among the scalars and one in the table. */
  readonly singles: Int32Array
  /**
   * One after the other: place in the table, number of weights, number of constants; the weights (scalar, power,
   * negative) and what is added once (scalar, width, negative).
   */
  readonly combinations: Int32Array
  readonly bytes: number
}

/** The scalar in places `scalar` to `scalar + width - 1`, maybe negated. */
export interface Constant {
  readonly scalar: number
  readonly width: 1 | 3
  readonly negative: boolean
}

/** Straight and crossed multiplier, lower and upper half. */
const SINGLE_BYTES = 64
const CONSTANT_BYTES = 32
const LIMBS = 4
/** From the digits of a lower half to those of the upper. */
const UPPER_HALF = (8 * DIGITS) / 2
/** What 2^15 in every limb stands for. */
const LIMB_OFFSETS = 0x8000_8000_8000_8000n
/** What the sums of all digits begin with. */
const START = (2n * BigInt(DIGIT_START) * (1n + (1n << BigInt(DIGIT_BITS)) + (1n << BigInt(2 * DIGIT_BITS)))) % P
const SUM_START = (START * (1n + (1n << 32n))) % P

/** Places in the table, given out while a tape is planned: singles from its start, combinations behind its end. */
export class ScalarTable {
  readonly #singles = new Map<number, number>()
  readonly #combinations: number[] = []
  #bytes = 0

  /** Of the base scalar at a place. */
  single(place: number): number {
    const known = this.#singles.get(place)
    if (known !== undefined) return known
    const at = this.#reserve(SINGLE_BYTES)
    this.#singles.set(place, at)
    return at
  }

  /** Of one combination. */
  combination(weights: readonly Weight[], constants: readonly Constant[]): number {
    const at = this.#reserve(3 * (weights.length * TERM_BYTES + CONSTANT_BYTES))
    this.#combinations.push(at, weights.length, constants.length)
    for (const { scalar, power, negative } of weights) this.#combinations.push(scalar, power, negative ? 1 : 0)
    for (const { scalar, width, negative } of constants) this.#combinations.push(scalar, width, negative ? 1 : 0)
    return at
  }

  prepared(): PreparedScalars {
    return {
      singles: Int32Array.from([...this.#singles].flat()),
      combinations: Int32Array.from(this.#combinations),
      bytes: this.#bytes,
    }
  }

  #reserve(bytes: number): number {
    this.#bytes += bytes
    return this.#bytes - bytes
  }
}

/** Writes a table; `scalars` are canonical words by place, an extension scalar being three in a row. */
export function writeScalars(
  memory: ArrayBufferLike,
  dst: Offset,
  { singles, combinations }: PreparedScalars,
  scalars: readonly bigint[],
): void {
  for (let i = 0; i < singles.length; i += 2)
    new BigUint64Array(memory, dst + singles[i + 1]!, SINGLE_BYTES / 8).set(singleWords(scalars[singles[i]!]!))
  for (let i = 0; i < combinations.length; ) {
    const [at, weights, constants] = [combinations[i]!, combinations[i + 1]!, combinations[i + 2]!]
    i += 3
    const plane = weights * TERM_BYTES
    const digits = new Int16Array(memory, dst + at, (3 * plane) / 2)
    const sums: [bigint, bigint, bigint] = [0n, 0n, 0n]
    for (let t = 0; t < weights; t++, i += 3) {
      const coordinates = coordinatesOf(scalars, combinations[i]!, combinations[i + 1]!, combinations[i + 2]! === 1)
      for (let k = 0; k < 3; k++) {
        sums[k]! += coordinates[k]!
        writeTerm(digits, (k * plane + t * TERM_BYTES) / 2, coordinates[k]!)
      }
    }
    const added = sums.map((sum) => sum * LIMB_OFFSETS + P - SUM_START)
    for (let c = 0; c < constants; c++, i += 3) {
      const [scalar, width, negative] = [combinations[i]!, combinations[i + 1]!, combinations[i + 2]! === 1]
      for (let k = 0; k < width; k++) added[k]! += negative ? P - scalars[scalar + k]! : scalars[scalar + k]!
    }
    const words = added.flatMap((constant) => singleWords(constant % P).slice(4))
    new BigUint64Array(memory, dst + at + 3 * plane, (3 * CONSTANT_BYTES) / 8).set(words)
  }
}

/** Straight and crossed multiplier, lower half, upper half: a vector each. */
function singleWords(scalar: bigint): bigint[] {
  const low = scalar & 0xffff_ffffn
  const high = scalar >> 32n
  const [lows, highs] = [low | (low << 32n), high | (high << 32n)]
  return [lows, highs, highs, lows, low, low, high, high]
}

/** The extension scalar at a place times x^power, maybe negated: x^3 = x + 1. */
function coordinatesOf(
  scalars: readonly bigint[],
  scalar: number,
  power: number,
  negative: boolean,
): readonly bigint[] {
  let [c0, c1, c2] = [scalars[scalar]!, scalars[scalar + 1]!, scalars[scalar + 2]!]
  for (let i = 0; i < power; i++) [c0, c1, c2] = [c2, (c0 + c2) % P, c1]
  return negative ? [c0, c1, c2].map((c) => (P - c) % P) : [c0, c1, c2]
}

/** The digits of a weight and of its products with 2^16, 2^32 and 2^48, for both rows of a vector. */
function writeTerm(digits: Int16Array, at: number, weight: bigint): void {
  let low = Number(weight & 0xffff_ffffn)
  let high = Number(weight >> 32n)
  for (let i = 0; i < LIMBS; i++) {
    writeDigits(digits, at + i, low)
    writeDigits(digits, at + i + UPPER_HALF, high)
    ;[low, high] = timesTwoTo16(low, high)
  }
  for (let place = at; place < at + 2 * UPPER_HALF; place += 2 * LIMBS)
    for (let i = place; i < place + LIMBS; i++) digits[i + LIMBS] = digits[i]!
}

/** (low + 2^32 high) 2^16 mod p, not canonical: what leaves at the top comes back as so many times 2^32 - 1. */
function timesTwoTo16(low: number, high: number): [low: number, high: number] {
  const carry = high >>> 16
  const below = ((low << 16) >>> 0) - carry
  const above = (((high << 16) | (low >>> 16)) >>> 0) + carry
  const borrowed: [number, number] = below < 0 ? [below + 2 ** 32, above - 1] : [below, above]
  if (borrowed[1] < 2 ** 32) return borrowed
  // Only once: the rest is below 2^16.
  const rest: [number, number] = [borrowed[0] - 1, borrowed[1] - 2 ** 32 + 1]
  return rest[0] < 0 ? [rest[0] + 2 ** 32, rest[1] - 1] : rest
}
