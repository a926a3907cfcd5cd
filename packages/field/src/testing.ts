/**
 * What every tier of the field is tested with: adversarial words, seeded randomness, and the field laws as data, free of
 * any test framework so that other packages (a native back end, a browser suite) apply the same ones.
 */
import type { FieldOps } from './field-ops.ts'
import { type Ext, type Felt, P } from './goldilocks.ts'

/** 64-bit words around every boundary of the lazy arithmetic; some are not canonical. */
export const ADVERSARIAL_WORDS: readonly bigint[] = [
  0n,
  1n,
  2n,
  7n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1_0000_0001n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_fffe_ffff_ffffn,
  0xffff_fffe_0000_0001n,
  P - 2n,
  P - 1n,
  P,
  P + 1n,
  0xffff_ffff_7fff_ffffn,
  0xffff_ffff_8000_0000n,
  0xffff_ffff_ffff_fffen,
  0xffff_ffff_ffff_ffffn,
]

/** The adversarial words that are canonical elements. */
export const ADVERSARIAL_FELTS: readonly Felt[] = ADVERSARIAL_WORDS.filter((x) => x < P)

/** A reproducible stream of 64-bit words (splitmix64); print the seed beside a failure. */
export function createRandomWords(seed: bigint): () => bigint {
  let state = BigInt.asUintN(64, seed)
  const mix = (z: bigint, shift: bigint, factor: bigint) => BigInt.asUintN(64, (z ^ (z >> shift)) * factor)
  return () => {
    state = BigInt.asUintN(64, state + 0x9e37_79b9_7f4a_7c15n)
    const z = mix(mix(state, 30n, 0xbf58_476d_1ce4_e5b9n), 27n, 0x94d0_49bb_1331_11ebn)
    return z ^ (z >> 31n)
  }
}

/** `count` words: every adversarial one first, then random ones with some more adversarial ones between. */
export function createTestWords(count: number, seed: bigint): bigint[] {
  const next = createRandomWords(seed)
  return Array.from({ length: count }, (_, i) => {
    if (i < ADVERSARIAL_WORDS.length) return ADVERSARIAL_WORDS[i]!
    const word = next()
    return word % 4n === 0n ? ADVERSARIAL_WORDS[Number((word >> 2n) % BigInt(ADVERSARIAL_WORDS.length))]! : word
  })
}

/** Canonical elements to test with: the adversarial ones and `count` random ones. */
export function createTestFelts(count: number, seed: bigint): Felt[] {
  const next = createRandomWords(seed)
  return [...ADVERSARIAL_FELTS, ...Array.from({ length: count }, () => next() % P)]
}

/** Extension elements to test with: all-equal and single-coordinate adversarial ones and `count` random ones. */
export function createTestExts(count: number, seed: bigint): Ext[] {
  const next = createRandomWords(seed)
  const edges = ADVERSARIAL_FELTS.flatMap((x): Ext[] => [
    [x, x, x],
    [x, 0n, 0n],
    [0n, x, 0n],
    [0n, 0n, x],
  ])
  return [...edges, ...Array.from({ length: count }, (): Ext => [next() % P, next() % P, next() % P])]
}

/** A law that every triple of elements obeys: the two results must be equal. */
export interface FieldLaw {
  readonly name: string
  readonly sides: <T>(f: FieldOps<T>, a: T, b: T, c: T) => readonly [T, T]
}

/** The axioms of a field, with the definitions of negation, subtraction and inverse. */
export const FIELD_LAWS: readonly FieldLaw[] = [
  { name: 'addition is associative', sides: (f, a, b, c) => [f.add(f.add(a, b), c), f.add(a, f.add(b, c))] },
  { name: 'addition is commutative', sides: (f, a, b) => [f.add(a, b), f.add(b, a)] },
  { name: 'adding zero changes nothing', sides: (f, a) => [f.add(a, f.zero), a] },
  { name: 'negation undoes addition', sides: (f, a) => [f.add(a, f.neg(a)), f.zero] },
  { name: 'subtraction adds the negation', sides: (f, a, b) => [f.sub(a, b), f.add(a, f.neg(b))] },
  { name: 'multiplication is associative', sides: (f, a, b, c) => [f.mul(f.mul(a, b), c), f.mul(a, f.mul(b, c))] },
  { name: 'multiplication is commutative', sides: (f, a, b) => [f.mul(a, b), f.mul(b, a)] },
  { name: 'one is neutral for multiplication', sides: (f, a) => [f.mul(a, f.one), a] },
  {
    name: 'multiplication distributes over addition',
    sides: (f, a, b, c) => [f.mul(a, f.add(b, c)), f.add(f.mul(a, b), f.mul(a, c))],
  },
  {
    name: 'the inverse undoes multiplication',
    sides: (f, a) => (f.equals(a, f.zero) ? [a, f.zero] : [f.mul(a, f.inv(a)), f.one]),
  },
  { name: 'the characteristic is p', sides: (f, a) => [f.mul(a, f.fromInteger(P)), f.zero] },
]

/** Triples (a, b, c) over `elements`: every ordered pair once, the third element running along. */
export function* lawTriples<T>(elements: readonly T[]): Generator<readonly [T, T, T]> {
  const n = elements.length
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) yield [elements[i]!, elements[j]!, elements[(i + 3 * j + 1) % n]!]
  }
}
