const WORD = (1n << 64n) - 1n
export const XORSHIFT_SEED = 88_172_645_463_325_252n

/** Marsaglia's xorshift generator with shifts 13, 7, 17, as in `lib/xorshift.h`. */
export function createXorshift(seed: bigint = XORSHIFT_SEED): () => bigint {
  let x = seed
  return () => {
    x ^= (x << 13n) & WORD
    x ^= x >> 7n
    x ^= (x << 17n) & WORD
    return x
  }
}
