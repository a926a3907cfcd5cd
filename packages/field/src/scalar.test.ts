import { Field } from '@noble/curves/abstract/modular.js'
import { describe, expect, test } from 'vitest'
import { EPSILON, GENERATOR, P, ROOTS_OF_UNITY, rootOfUnity, TWO_ADICITY } from './goldilocks.ts'
import { power, referenceField } from './reference.ts'
import { batchInverse, field, inv, isCanonical, pow, toFelt } from './scalar.ts'
import { ADVERSARIAL_WORDS, createTestFelts, FIELD_LAWS, lawTriples } from './testing.ts'

const SEED = 0x5eed_0001n
const felts = createTestFelts(12, SEED)

describe('constants', () => {
  test('a domain size outside the tower is refused', () => {
    for (const logN of [-1, 33, 1.5, Number.NaN]) expect(() => rootOfUnity(logN)).toThrow(RangeError)
  })

  test('each root is the square of the next, the roots of order up to 64 are powers of two, 7 generates', () => {
    expect(ROOTS_OF_UNITY).toHaveLength(TWO_ADICITY + 1)
    for (let k = 0; k < TWO_ADICITY; k++) expect(pow(rootOfUnity(k + 1), 2n)).toBe(rootOfUnity(k))
    expect(rootOfUnity(0)).toBe(1n)
    expect(rootOfUnity(1)).toBe(P - 1n)
    for (let k = 2; k <= 6; k++) expect(rootOfUnity(k)).toBe(pow(2n, BigInt(192 >> k)))
    for (const q of [2n, 3n, 5n, 17n, 257n, 65537n]) expect(pow(GENERATOR, (P - 1n) / q)).not.toBe(1n)
    expect(P + EPSILON).toBe(1n << 64n)
  })
})

describe.each([
  ['reference', referenceField],
  ['scalar', field],
])('base field, %s tier', (_, ops) => {
  test.each(FIELD_LAWS)(`$name (seed ${SEED})`, ({ sides }) => {
    for (const [a, b, c] of lawTriples(felts)) {
      const [left, right] = sides(ops, a, b, c)
      if (left !== right || !isCanonical(left)) expect.fail(`a=${a} b=${b} c=${c}: ${left} is not ${right}`)
    }
  })

  test('zero has no inverse', () => {
    expect(() => ops.inv(0n)).toThrow(RangeError)
  })

  test('agrees with the modular field of @noble/curves', () => {
    const noble = Field(P)
    for (const [a, b] of lawTriples(felts)) {
      expect([ops.add(a, b), ops.sub(a, b), ops.mul(a, b), ops.neg(a)]).toEqual([
        noble.add(a, b),
        noble.sub(a, b),
        noble.mul(a, b),
        noble.neg(a),
      ])
      if (a !== 0n) expect(ops.inv(a)).toBe(noble.inv(a))
    }
  })
})

describe('scalar edges', () => {
  test('canonical means 0 <= x < p', () => {
    expect([-1n, P, P + 1n, (1n << 64n) - 1n].map(isCanonical)).toEqual([false, false, false, false])
    expect([0n, P - 1n].map(isCanonical)).toEqual([true, true])
  })

  test('toFelt reduces any integer', () => {
    for (const word of ADVERSARIAL_WORDS) expect(toFelt(word)).toBe(referenceField.fromInteger(word))
    expect(toFelt(-1n)).toBe(P - 1n)
    expect(toFelt(-P)).toBe(0n)
  })

  test('pow agrees with the oracle and refuses negative exponents', () => {
    expect(() => pow(2n, -1n)).toThrow(RangeError)
    for (const a of felts) for (const e of [0n, 1n, 2n, 7n, P - 2n]) expect(pow(a, e)).toBe(power(referenceField, a, e))
  })

  test('batchInverse agrees with inv and refuses a zero anywhere', () => {
    const units = felts.filter((x) => x !== 0n)
    expect(batchInverse([])).toEqual([])
    expect(batchInverse(units)).toEqual(units.map(inv))
    expect(() => batchInverse([1n, 0n, 2n])).toThrow(RangeError)
  })
})
