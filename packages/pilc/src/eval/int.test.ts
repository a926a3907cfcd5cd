import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bitLength,
  type Int,
  IntError,
  intAdd,
  intAnd,
  intDiv,
  intLog2,
  intMod,
  intMul,
  intNeg,
  intOr,
  intPow,
  intShl,
  intShr,
  intSub,
  intXor,
  MAX_INT_BITS,
  normalizeInt,
} from './int.ts'

const SEED = 271828
const EDGE = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n].flatMap((x) => [
  x,
  -x,
  x + 1n,
  x - 1n,
])
const big = fc.oneof(
  fc.constantFrom(...EDGE),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.bigInt({ min: -100n, max: 100n }),
)

function expectNormal(value: Int, expected: bigint): void {
  expect(BigInt(value)).toBe(expected)
  expect(typeof value).toBe(
    Number.isSafeInteger(Number(expected)) && BigInt(Number(expected)) === expected ? 'number' : 'bigint',
  )
  expect(Object.is(value, -0)).toBe(false)
}

describe('int', () => {
  test('every operation agrees with bigints and gives the normal form', () => {
    const modulo = (a: bigint, b: bigint) => {
      const size = b < 0n ? -b : b
      return ((a % size) + size) % size
    }
    fc.assert(
      fc.property(big, big, fc.integer({ min: 0, max: 130 }), (a, b, count) => {
        const x = normalizeInt(a)
        const y = normalizeInt(b)
        expectNormal(intAdd(x, y), a + b)
        expectNormal(intSub(x, y), a - b)
        expectNormal(intMul(x, y), a * b)
        expectNormal(intNeg(x), -a)
        expectNormal(intAnd(x, y), a & b)
        expectNormal(intOr(x, y), a | b)
        expectNormal(intXor(x, y), a ^ b)
        expectNormal(intShl(x, count), a << BigInt(count))
        expectNormal(intShr(x, count), a >> BigInt(count))
        expectNormal(intPow(x, count % 9), a ** BigInt(count % 9))
        if (b !== 0n) {
          expectNormal(intDiv(x, y), a / b)
          expectNormal(intMod(x, y), modulo(a, b))
        }
        expect(bitLength(x)).toBe(a === 0n ? 0 : (a < 0n ? -a : a).toString(2).length)
      }),
      { numRuns: 3000, seed: SEED },
    )
  })

  test('what has no result is an error', () => {
    for (const run of [
      () => intDiv(1, 0),
      () => intMod(2n ** 70n, 0),
      () => intPow(2, -1),
      () => intShl(1, -1),
      () => intShr(1, -1),
      () => intLog2(0),
      () => intPow(3, MAX_INT_BITS),
      () => intShl(1, MAX_INT_BITS),
      () => intPow(10, 2n ** 80n),
    ])
      expect(run).toThrow(IntError)
  })

  test('log2 is the number of bits that index so many values', () => {
    expect([1, 2, 3, 4, 1025, 2n ** 64n].map(intLog2)).toEqual([0, 1, 2, 2, 11, 64])
  })
})
