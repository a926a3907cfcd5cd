/**
 * Multiplication and division on 64-bit values as pairs of signed 32-bit halves.
 */

import { hex, OP } from '@zisk/core'
import { GuestTrap } from '../faults.ts'

/** Result of the last call: low half, high half. */
export const wide: Int32Array = new Int32Array(2)

const TWO_32 = 2 ** 32
/** Numbers below 2^53 whose high half is below this divide exactly in double precision. */
const HIGH_LIMIT = 2 ** 21
/** High half of 2^62. */
const QUARTER_HIGH = 2 ** 30

/**
 * Computes one of the operations 0xb0..0xbf into {@link wide} and returns the flag (0 or 1), which only division by zero sets.
 *
 * @throws {GuestTrap} when the code is not assigned
 */
export function computeWide(op: number, aLow: number, aHigh: number, bLow: number, bHigh: number): number {
  switch (op) {
    case OP.MULU:
    case OP.MUL:
      multiplyLow(aLow, aHigh, bLow, bHigh)
      return 0
    case OP.MULUH:
      multiplyHigh(aLow, aHigh, bLow, bHigh)
      return 0
    case OP.MULH:
      multiplyHigh(aLow, aHigh, bLow, bHigh)
      if (aHigh < 0) subtract(bLow, bHigh)
      if (bHigh < 0) subtract(aLow, aHigh)
      return 0
    case OP.MULSUH:
      multiplyHigh(aLow, aHigh, bLow, bHigh)
      if (aHigh < 0) subtract(bLow, bHigh)
      return 0
    case OP.MUL_W:
      setWord(Math.imul(aLow, bLow))
      return 0
    case OP.DIVU:
    case OP.REMU:
      if ((bLow | bHigh) === 0) return divideByZero(aLow, aHigh, op === OP.REMU)
      divideUnsigned(aLow, aHigh, bLow, bHigh, op === OP.REMU)
      return 0
    case OP.DIV:
    case OP.REM:
      if ((bLow | bHigh) === 0) return divideByZero(aLow, aHigh, op === OP.REM)
      divideSigned(aLow, aHigh, bLow, bHigh, op === OP.REM)
      return 0
    case OP.DIVU_W:
    case OP.REMU_W:
      if (bLow === 0) return divideByZero(aLow, aLow >> 31, op === OP.REMU_W)
      setWord(op === OP.REMU_W ? (aLow >>> 0) % (bLow >>> 0) : (aLow >>> 0) / (bLow >>> 0))
      return 0
    case OP.DIV_W:
    case OP.REM_W:
      if (bLow === 0) return divideByZero(aLow, aLow >> 31, op === OP.REM_W)
      setWord(op === OP.REM_W ? aLow % bLow : aLow / bLow)
      return 0
    default:
      throw new GuestTrap('ILLEGAL_INSTRUCTION', `operation code ${hex(op)} is not assigned`)
  }
}

/** Quotient all ones, remainder a. */
function divideByZero(aLow: number, aHigh: number, wantRemainder: boolean): 1 {
  wide[0] = wantRemainder ? aLow : -1
  wide[1] = wantRemainder ? aHigh : -1
  return 1
}

/** Sets the result to a 32-bit value, sign-extended; a fraction is cut off. */
function setWord(value: number): void {
  wide[0] = value
  wide[1] = wide[0]! >> 31
}

/** High half of the unsigned 64-bit product of two 32-bit values, as a signed 32-bit number. */
function highProduct(a: number, b: number): number {
  const a0 = a & 0xffff
  const a1 = a >>> 16
  const b0 = b & 0xffff
  const b1 = b >>> 16
  // (2^16 - 1)^2 + 2^16 - 1 is below 2^32: no sum loses a bit.
  const middle = a1 * b0 + ((a0 * b0) >>> 16)
  const middle2 = a0 * b1 + (middle & 0xffff)
  return (a1 * b1 + (middle >>> 16) + (middle2 >>> 16)) | 0
}

/** Low 64 bits of a * b. */
function multiplyLow(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  wide[0] = Math.imul(aLow, bLow)
  wide[1] = (highProduct(aLow, bLow) + Math.imul(aLow, bHigh) + Math.imul(aHigh, bLow)) | 0
}

/** High 64 bits of the unsigned product a * b. */
function multiplyHigh(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  const middle = (highProduct(aLow, bLow) >>> 0) + (Math.imul(aLow, bHigh) >>> 0) + (Math.imul(aHigh, bLow) >>> 0)
  const low =
    (Math.imul(aHigh, bHigh) >>> 0) +
    (highProduct(aLow, bHigh) >>> 0) +
    (highProduct(aHigh, bLow) >>> 0) +
    Math.floor(middle / TWO_32)
  wide[0] = low
  wide[1] = (highProduct(aHigh, bHigh) + Math.floor(low / TWO_32)) | 0
}

/** Subtracts (low, high) from the result: turns an unsigned high product into a signed one. */
function subtract(low: number, high: number): void {
  const borrow = wide[0]! >>> 0 < low >>> 0 ? 1 : 0
  wide[0] = wide[0]! - low
  wide[1] = wide[1]! - high - borrow
}

/** Negates the result. */
function negate(): void {
  wide[0] = -wide[0]!
  wide[1] = ~wide[1]! + (wide[0] === 0 ? 1 : 0)
}

/** Unsigned quotient (or remainder) of a by a b that is not 0. */
function divideUnsigned(aLow: number, aHigh: number, bLow: number, bHigh: number, wantRemainder: boolean): void {
  const a = (aHigh >>> 0) * TWO_32 + (aLow >>> 0)
  const b = (bHigh >>> 0) * TWO_32 + (bLow >>> 0)
  if (aHigh >>> 0 < HIGH_LIMIT && bHigh >>> 0 < HIGH_LIMIT) {
    // Both below 2^53: the rounded quotient never reaches the next integer, so its floor is exact.
    const quotient = Math.floor(a / b)
    setWide(wantRemainder ? a - quotient * b : quotient)
  } else if (bHigh >>> 0 >= QUARTER_HIGH) {
    divideBySubtraction(aLow, aHigh, bLow, bHigh, wantRemainder)
  } else {
    // a and b are rounded to 53 bits, so the quotient is wrong by less than 1 + 2^13 / b, and the remainder that
    // belongs to it lies in -(2^62 + 2^13) .. 2^62 + 2^13: signed 64-bit arithmetic holds it. Dividing that remainder
    // leaves an error of at most 1 for the last correction.
    const first = Math.floor(a / b)
    const firstHigh = Math.floor(first / TWO_32) | 0
    multiplyLow(first | 0, firstHigh, bLow, bHigh)
    subtractFrom(aLow, aHigh)
    const second = Math.floor((wide[1]! * TWO_32 + (wide[0]! >>> 0)) / b)
    const remainderLow = wide[0]!
    const remainderHigh = wide[1]!
    multiplyLow(second | 0, second < 0 ? -1 : 0, bLow, bHigh)
    subtractFrom(remainderLow, remainderHigh)
    const third = wide[1]! < 0 ? -1 : isBelow(wide[0]!, wide[1]!, bLow, bHigh) ? 0 : 1
    if (wantRemainder) {
      if (third === 1) subtract(bLow, bHigh)
      else if (third === -1) add(bLow, bHigh)
    } else {
      wide[0] = first
      wide[1] = firstHigh
      const rest = second + third
      add(rest, rest < 0 ? -1 : 0)
    }
  }
}

/** Quotient (or remainder) by a b of at least 2^62: the quotient is at most 3. */
function divideBySubtraction(aLow: number, aHigh: number, bLow: number, bHigh: number, wantRemainder: boolean): void {
  let quotient = 0
  wide[0] = aLow
  wide[1] = aHigh
  while (!isBelow(wide[0]!, wide[1]!, bLow, bHigh)) {
    subtract(bLow, bHigh)
    quotient++
  }
  if (!wantRemainder) setWide(quotient)
}

/** Whether a < b, unsigned. */
function isBelow(aLow: number, aHigh: number, bLow: number, bHigh: number): boolean {
  return aHigh >>> 0 < bHigh >>> 0 || (aHigh === bHigh && aLow >>> 0 < bLow >>> 0)
}

/** Adds (low, high) to the result. */
function add(low: number, high: number): void {
  wide[0] = wide[0]! + low
  wide[1] = wide[1]! + high + (wide[0]! >>> 0 < low >>> 0 ? 1 : 0)
}

/** Replaces the result by (low, high) minus the result. */
function subtractFrom(low: number, high: number): void {
  const borrow = low >>> 0 < wide[0]! >>> 0 ? 1 : 0
  wide[0] = low - wide[0]!
  wide[1] = high - wide[1]! - borrow
}

/** Signed quotient, or remainder with the sign of a, of a by a b that is not 0. MIN / -1 wraps to MIN. */
function divideSigned(aLow: number, aHigh: number, bLow: number, bHigh: number, wantRemainder: boolean): void {
  wide[0] = bLow
  wide[1] = bHigh
  if (bHigh < 0) negate()
  const divisorLow = wide[0]!
  const divisorHigh = wide[1]!
  wide[0] = aLow
  wide[1] = aHigh
  if (aHigh < 0) negate()
  divideUnsigned(wide[0]!, wide[1]!, divisorLow, divisorHigh, wantRemainder)
  if (wantRemainder ? aHigh < 0 : aHigh < 0 !== bHigh < 0) negate()
}

/** Sets the result to an integer 0..2^53. */
function setWide(value: number): void {
  wide[0] = value
  wide[1] = Math.floor(value / TWO_32)
}
