import { EXT_ZERO, type Ext, extAdd, extFromFelt, extMul, P, pow, rootOfUnity } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { hasherNamed } from '../hash/hashers.ts'
import { reverseBits, subgroupPoint } from '../protocol/domain.ts'
import type { ShardLayout } from '../protocol/layout.ts'
import { checkFolding, foldRow } from './folding-check.ts'

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

describe('checkFolding', () => {
  const hasher = hasherNamed('blake3')!
  /** Codewords of zeros, of 8 and 4 places, folded by twos to one coefficient; place 0 is queried. */
  const layout = {
    logBlowup: 1,
    heights: [{ logRows: 2 }, { logRows: 1 }],
    folding: {
      rounds: [
        { logDegree: 2, logArity: 1 },
        { logDegree: 1, logArity: 1 },
      ],
      logFinalDegree: 0,
    },
  } as unknown as ShardLayout
  const leaf = hasher.hashRow(new BigUint64Array(8))
  const node = hasher.hashNode(leaf, leaf)
  const openings = [[leaf, node], [leaf]].map((siblings) => ({ rows: new BigUint64Array(3), siblings }))
  const roots = [hasher.hashNode(node, node), node]
  const messages = { roots, betas: [BETA, BETA], finalPolynomial: [EXT_ZERO], openings }
  const at = (...positions: readonly number[]) => new Map(positions.map((position) => [position, EXT_ZERO] as const))
  const check =
    (...inputs: readonly (readonly [number, ReadonlyMap<number, Ext>])[]) =>
    () =>
      checkFolding(hasher, layout, new Map(inputs), messages)

  test('takes every codeword in at its height', () => {
    expect(check([2, at(0)], [1, at(0)])).not.toThrow()
    const wrong = new Map([[0, [1n, 0n, 0n] as Ext]])
    expect(check([2, at(0)], [1, wrong])).toThrow('the opened rows do not lead to the committed root')
  })

  test('a codeword that no round takes in, or that has no value where it is wanted, is refused', () => {
    expect(check([2, at(0)], [1, at(1)])).toThrow('no codeword value at position 0')
    expect(check([2, at(0)], [1, at(0)], [0, at(0)])).not.toThrow()
    expect(check([2, at(0)], [1, at(0)], [7, at(0)])).toThrow('expected 3 codewords to be folded, got 2')
  })
})
