/** 64-bit words as bigints in 0..2^64-1, the model behind the generated tests. */
const WORD = (1n << 64n) - 1n

export const u64 = (value: bigint): bigint => value & WORD
export const s64 = (value: bigint): bigint => BigInt.asIntN(64, value)
export const u32 = (value: bigint): bigint => value & 0xffff_ffffn
/** The low 32 bits, sign-extended to 64. */
export const word32 = (value: bigint): bigint => u64(BigInt.asIntN(32, value))

/** Values where carries, signs and shifts change. */
export const BOUNDARIES: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n,
  -(1n << 63n),
  (1n << 63n) - 1n,
  (1n << 31n) - 1n,
  1n << 31n,
  (1n << 31n) + 1n,
  (1n << 32n) - 1n,
  1n << 32n,
  (1n << 32n) + 1n,
  -(1n << 31n),
  -(1n << 31n) - 1n,
  31n,
  32n,
  63n,
  0x0123_4567_89ab_cdefn,
  0xfedc_ba98_7654_3210n,
].map(u64)

export const hex = (value: bigint): string => `0x${u64(value).toString(16)}`
