import { describe, expect, test } from 'vitest'
import { type Ext, P } from './goldilocks.ts'
import { power, referenceExt } from './reference.ts'
import { EXT_ONE, extDot, extField, extMul, extPow, extScale } from './scalar-ext.ts'
import { createTestExts, FIELD_LAWS, lawTriples } from './testing.ts'

const SEED = 0x5eed_0002n
const all = createTestExts(20, SEED)
const some = all.filter((_, i) => i % 5 === 0)

describe.each([
  ['reference', referenceExt, all.filter((_, i) => i % 17 === 0)],
  ['scalar', extField, some],
])('cubic extension, %s tier', (_, ops, elements) => {
  test.each(FIELD_LAWS)(`$name (seed ${SEED})`, ({ sides }) => {
    for (const [a, b, c] of lawTriples(elements)) {
      const [left, right] = sides(ops, a, b, c)
      if (!referenceExt.equals(left, right)) expect.fail(`a=${a} b=${b} c=${c}: ${left} is not ${right}`)
    }
  })

  test('zero has no inverse', () => {
    expect(() => ops.inv([0n, 0n, 0n])).toThrow(RangeError)
  })

  test('the generator is a root of x^3 - x - 1', () => {
    const x: Ext = [0n, 1n, 0n]
    expect(ops.mul(ops.mul(x, x), x)).toEqual([1n, 1n, 0n])
  })
})

describe('scalar extension', () => {
  test('agrees with the oracle on every pair', () => {
    for (const [a, b] of lawTriples(some)) {
      expect(extField.add(a, b)).toEqual(referenceExt.add(a, b))
      expect(extField.sub(a, b)).toEqual(referenceExt.sub(a, b))
      expect(extField.mul(a, b)).toEqual(referenceExt.mul(a, b))
      expect(extField.neg(a)).toEqual(referenceExt.neg(a))
    }
    for (const a of some.slice(2, 8)) {
      if (a.some((x) => x !== 0n)) expect(extField.inv(a)).toEqual(referenceExt.inv(a))
    }
  })

  test('scaling is multiplication by an embedded element', () => {
    for (const a of some) expect(extScale(a, P - 3n)).toEqual(extMul(a, [P - 3n, 0n, 0n]))
  })

  test('extPow agrees with the oracle and refuses negative exponents', () => {
    expect(() => extPow(EXT_ONE, -1n)).toThrow(RangeError)
    for (const e of [0n, 1n, 5n, P]) expect(extPow(some[9]!, e)).toEqual(power(referenceExt, some[9]!, e))
  })

  test('extDot is the sum of scaled weights and refuses lists of different length', () => {
    const base = some.map((w) => w[1])
    const expected = some.reduce((sum, w, i) => extField.add(sum, extScale(w, base[i]!)), extField.zero)
    expect(extDot(base, some)).toEqual(expected)
    expect(() => extDot(base, some.slice(1))).toThrow(RangeError)
  })
})
