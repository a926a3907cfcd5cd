/**
 * Parameters of Poseidon2 over Goldilocks as pil2 and ZisK use them: x^7, 4 + 22 + 4 rounds, widths 8, 12 and 16.
 *
 * Round constants are not a table: they come out of the Grain generator that the Poseidon2 authors prescribe, seeded
 * with the parameters. The diagonals of the internal matrix are those of the HorizenLabs reference instance.
 * Source: eprint 2023/323; HorizenLabs `poseidon2_instance_goldilocks.rs`; pil2-proofman `poseidon2_constants.rs`.
 */
import { type Felt, P } from './goldilocks.ts'

export type Poseidon2Width = 8 | 12 | 16

export const POSEIDON2_WIDTHS: readonly Poseidon2Width[] = [8, 12, 16]
/** Full rounds before, and again after, the partial ones. */
export const POSEIDON2_HALF_FULL_ROUNDS = 4
export const POSEIDON2_PARTIAL_ROUNDS = 22

export interface Poseidon2Parameters {
  readonly width: Poseidon2Width
  /** Constants of the full rounds, `width` each, first half then second half. */
  readonly full: readonly (readonly Felt[])[]
  /** Constant of cell 0 in each partial round. */
  readonly partial: readonly Felt[]
  /** Diagonal that the internal matrix adds to the matrix of ones. */
  readonly diagonal: readonly Felt[]
}

const DIAGONALS: Readonly<Record<Poseidon2Width, readonly Felt[]>> = {
  8: [
    0xa98811a1fed4e3a5n,
    0x1cc48b54f377e2a0n,
    0xe40cd4f6c5609a26n,
    0x11de79ebca97a4a3n,
    0x9177c73d8b7e929cn,
    0x2a6fe8085797e791n,
    0x3de6e93329f8d5adn,
    0x3f7af9125da962fen,
  ],
  12: [
    0xc3b6c08e23ba9300n,
    0xd84b5de94a324fb6n,
    0x0d0c371c5b35b84fn,
    0x7964f570e7188037n,
    0x5daf18bbd996604bn,
    0x6743bc47b9595257n,
    0x5528b9362c59bb70n,
    0xac45e25b7127b68bn,
    0xa2077d7dfbb606b5n,
    0xf3faac6faee378aen,
    0x0c6388b51545e883n,
    0xd27dbb6944917b60n,
  ],
  16: [
    0xde9b91a467d6afc0n,
    0xc5f16b9c76a9be17n,
    0x0ab0fef2d540ac55n,
    0x3001d27009d05773n,
    0xed23b1f906d3d9ebn,
    0x5ce73743cba97054n,
    0x1c3bab944af4ba24n,
    0x2faa105854dbafaen,
    0x53ffb3ae6d421a10n,
    0xbcda9df8884ba396n,
    0xfc1273e4a31807bbn,
    0xc77952573d5142c0n,
    0x56683339a819b85en,
    0x328fcbd8f0ddc8ebn,
    0xb5101e303fce9cb7n,
    0x774487b8c40089bbn,
  ],
}

/** Bits of the Grain generator: an 80-bit register, its first 160 bits dropped, then of each pair (1, b) the bit b. */
function* grainBits(width: number): Generator<number> {
  const seed: (readonly [value: number, bits: number])[] = [
    [1, 2], // a prime field
    [0, 4], // a power map
    [64, 12], // bits of the field
    [width, 12],
    [2 * POSEIDON2_HALF_FULL_ROUNDS, 10],
    [POSEIDON2_PARTIAL_ROUNDS, 10],
    [2 ** 30 - 1, 30],
  ]
  const state = seed.flatMap(([value, bits]) => Array.from({ length: bits }, (_, i) => (value >>> (bits - 1 - i)) & 1))
  let head = 0
  const next = (): number => {
    let bit = 0
    for (const tap of [62, 51, 38, 23, 13, 0]) bit ^= state[(head + tap) % 80]!
    state[head] = bit
    head = (head + 1) % 80
    return bit
  }
  for (let i = 0; i < 160; i++) next()
  for (;;) {
    const keep = next()
    const bit = next()
    if (keep === 1) yield bit
  }
}

/** 64-bit words of the generator, most significant bit first, those below p. */
function* grainElements(width: number): Generator<Felt> {
  const bits = grainBits(width)
  const half = (): number => {
    let word = 0
    for (let i = 0; i < 32; i++) word = word * 2 + bits.next().value
    return word
  }
  for (;;) {
    const high = half()
    const element = (BigInt(high) << 32n) + BigInt(half())
    if (element < P) yield element
  }
}

const cache = new Map<Poseidon2Width, Poseidon2Parameters>()

/** The parameters of one width, derived when they are first wanted. */
export function poseidon2Parameters(width: Poseidon2Width): Poseidon2Parameters {
  const known = cache.get(width)
  if (known !== undefined) return known
  const elements = grainElements(width)
  const take = (count: number): Felt[] => Array.from({ length: count }, () => elements.next().value)
  const rounds = (): Felt[][] => Array.from({ length: POSEIDON2_HALF_FULL_ROUNDS }, () => take(width))
  const before = rounds()
  const partial = take(POSEIDON2_PARTIAL_ROUNDS)
  const parameters = { width, full: [...before, ...rounds()], partial, diagonal: DIAGONALS[width] }
  cache.set(width, parameters)
  return parameters
}
