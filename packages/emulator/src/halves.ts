/** 64-bit values as pairs of signed 32-bit halves: what the interpreter computes with. */

/** The unsigned 64-bit value of two halves. */
export function joinHalves(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
}

/** Low half of a 64-bit value, signed. */
export function lowHalf(value: bigint): number {
  return Number(BigInt.asIntN(32, value))
}

/** High half of a 64-bit value, signed. */
export function highHalf(value: bigint): number {
  return Number(BigInt.asIntN(32, value >> 32n))
}
