import { materializeFixed } from '@zisk/air'
import {
  EXT_ONE,
  EXT_ZERO,
  type Ext,
  extAdd,
  extFromFelt,
  extInv,
  extMul,
  extPow,
  extScale,
  extSub,
  inv,
  P,
  pow,
  rootOfUnity,
} from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { type CheapFixed, evaluateCheapFixed, isCheapFixed } from './cheap-fixed.ts'

const POINT: Ext = [11n, 22n, P - 33n]

/** Lagrange interpolation through all rows, by definition. */
function interpolateAt(values: BigUint64Array, point: Ext): Ext {
  const root = rootOfUnity(Math.log2(values.length))
  const scale = extScale(extSub(extPow(point, BigInt(values.length)), EXT_ONE), inv(BigInt(values.length)))
  let sum = EXT_ZERO
  for (const [row, value] of values.entries()) {
    const x = pow(root, BigInt(row))
    sum = extAdd(sum, extScale(extInv(extSub(point, extFromFelt(x))), (x * value) % P))
  }
  return extMul(scale, sum)
}

const pattern = (head: bigint[], cycle: bigint[], tail: bigint[]): CheapFixed => ({
  kind: 'pattern',
  head,
  cycle,
  tail,
})

describe('evaluateCheapFixed', () => {
  test.each([
    ['the first row', pattern([1n], [0n], [])],
    ['the last row', pattern([], [0n], [1n])],
    ['a constant', pattern([], [7n], [])],
    ['a period', pattern([], [1n, 2n, 3n, 4n], [])],
    ['a period behind a head', pattern([9n, 8n, 7n], [1n, 2n], [])],
    ['a head, a period and a tail', pattern([9n], [1n, 2n, P - 1n, 0n], [5n, 6n])],
  ])('%s: the value of the interpolation of all rows', (_, content) => {
    for (const logRows of [3, 4, 6])
      expect(evaluateCheapFixed(content, logRows, POINT)).toEqual(
        interpolateAt(materializeFixed(content, 2 ** logRows, 'C'), POINT),
      )
  })
})

describe('isCheapFixed', () => {
  test('only short patterns with a period that divides every height', () => {
    expect(isCheapFixed(pattern([1n], [0n], []), 3)).toBe(true)
    expect(isCheapFixed(pattern([], [0n, 1n, 2n], []), 3)).toBe(false)
    expect(isCheapFixed(pattern([], new Array<bigint>(16).fill(1n), []), 3)).toBe(false)
    expect(isCheapFixed(pattern([], new Array<bigint>(16).fill(1n), []), 4)).toBe(true)
    expect(isCheapFixed(pattern(new Array<bigint>(300).fill(1n), [0n], []), 10)).toBe(false)
    expect(isCheapFixed(pattern([1n, 2n], [], []), 1)).toBe(false)
    expect(isCheapFixed({ kind: 'values', values: new BigUint64Array(8) }, 3)).toBe(false)
  })
})
