/** Seeded random numbers (xorshift128+ on bigints is slow; this is sfc32), the same on every machine. */
export interface Random {
  /** Integer in [0, bound), bound at most 2^32. */
  below(bound: number): number
  pick<Item>(items: readonly Item[]): Item
  chance(probability: number): boolean
  /** 64 random bits, biased towards the corners of signed and unsigned 32- and 64-bit arithmetic. */
  operand(): bigint
}

const CORNERS: readonly bigint[] = [
  0n,
  1n,
  -1n,
  1n << 63n,
  (1n << 63n) - 1n,
  (1n << 31n) - 1n,
  1n << 31n,
  (1n << 31n) + 1n,
  -(1n << 31n),
  (1n << 32n) - 1n,
  1n << 32n,
  (1n << 32n) + 1n,
  0xffn,
  0x8000n,
]

/** A generator; equal seeds give equal sequences. */
export function createRandom(seed: number): Random {
  let a = seed | 0
  let b = 0x9e3779b9 | 0
  let c = 0x243f6a88 | 0
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let i = 0; i < 16; i++) next()
  const below = (bound: number): number => Math.floor((next() / 2 ** 32) * bound)
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)]!
  return {
    below,
    pick,
    chance: (probability) => next() < probability * 2 ** 32,
    operand: () =>
      BigInt.asUintN(
        64,
        below(2) === 0 ? pick(CORNERS) + BigInt(below(3) - 1) : (BigInt(next()) << 32n) | BigInt(next()),
      ),
  }
}
