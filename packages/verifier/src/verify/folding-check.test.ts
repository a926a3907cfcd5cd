import { EXT_ZERO, type Ext, extAdd, extFromFelt, extMul, P, pow, rootOfUnity } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { reverseBits, subgroupPoint } from '../protocol/domain.ts'
import { foldRow } from './folding-check.ts'

const LOG_LENGTH = 6
const BETA: Ext = [5n, P - 3n, 1n << 40n]

function evaluate(coefficients: readonly Ext[], x: Ext): Ext {
  return coefficients.reduceRight((sum, c) => extAdd(extMul(sum, x), c), EXT_ZERO)
}

describe('foldRow', () => {
  const coefficients = Array.from({ length: 16 }, (_, i): Ext => [BigInt(i * i + 1), P - BigInt(i + 1), BigInt(7 * i)])

  test.each([1, 2, 3, 4])('arity 2^%i: the parts of the polynomial, weighted by powers of beta', (logArity) => {
    const arity = 2 ** logArity
    // f(X) = sum X^j f_j(X^arity); the fold is sum beta^j f_j(X)
    const folded = Array.from({ length: 16 / arity }, (_, i) =>
      coefficients
        .slice(i * arity, (i + 1) * arity)
        .reduceRight<Ext>((sum, c) => extAdd(extMul(sum, BETA), c), EXT_ZERO),
    )
    for (const row of [0, 1, 2, 2 ** (LOG_LENGTH - logArity) - 1]) {
      const x = subgroupPoint(LOG_LENGTH, row * arity)
      const values = Array.from({ length: arity }, (_, k) =>
        evaluate(coefficients, extFromFelt((x * pow(rootOfUnity(logArity), BigInt(k))) % P)),
      )
      const expected = evaluate(folded, extFromFelt(subgroupPoint(LOG_LENGTH - logArity, row)))
      expect(foldRow(values, LOG_LENGTH, row, BETA)).toEqual(expected)
    }
  })

  test('place k of a row is position reverse(k) below it', () => {
    const x = subgroupPoint(LOG_LENGTH, 3 * 8)
    for (let k = 0; k < 8; k++)
      expect(subgroupPoint(LOG_LENGTH, 3 * 8 + reverseBits(k, 3))).toBe((x * pow(rootOfUnity(3), BigInt(k))) % P)
  })
})
