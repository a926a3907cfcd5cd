import { createInstance } from '@zisk/air'
import { claim, clientOf, complete, createRowJudge, isAccepted, isTrueOperation, judgeWith } from '@zisk/air-testkit'
import { evaluateOperation, OP } from '@zisk/core'
import { P } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { fillArithMul } from './fill-arith-mul.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'
import { allBits, carryCells, chunkCells, limbs } from './testing/forge-cells.ts'

const ALL = 2n ** 64n - 1n
const MIN = 2n ** 63n
const program = compileMachine(['arith_mul.pil'], 'ArithMul(); virtual CarryTable();')
const claims = [claim(OP.MULU, 3n, 5n)]
const machine = createInstance(program, { air: 'ArithMul' })
fillArithMul(machine, { inputs: inputsOf(claims), from: 0, count: 1 })
const judge = createRowJudge(program, complete(program, [clientOf(program, claims), machine]))
const BITS = ['a_negative', 'b_negative', 'wraps', 'c_sign', 'is_high', 'a_signed', 'b_signed', 'is_word']

/** Every row for these operands and product halves, whatever the flags: what the accepted ones say. */
function accepted(a: bigint, b: bigint, c: bigint, d: bigint): string[] {
  const said: string[] = []
  for (const flags of allBits(BITS)) {
    const [aNegative, bNegative] = [flags['a_negative']!, flags['b_negative']!]
    const [cLow, cHigh] = limbs(c)
    const signs = aNegative * limbs(b)[0] + bNegative * limbs(a)[0]
    const carries = carryCells(a, b, [-cLow, -cHigh, -limbs(d)[0] - signs])
    const cells = { ...chunkCells('a', a), ...chunkCells('b', b), ...chunkCells('c', c), ...chunkCells('d', d) }
    const verdict = judgeWith(judge, 'ArithMul', 0, { ...cells, ...carries, ...flags })
    if (isAccepted(verdict)) said.push(...verdict.tuples.keys())
  }
  return said
}

describe('a product has one row per operation', () => {
  // The first three are published: S-1.
  test.each([
    ['MUL(-1, 1) = 1', ALL, 1n, 1n, 0n],
    ['MULH(-1, 1) = 0', ALL, 1n, ALL, 0n],
    ['MULSUH(-1, 1) = 0', ALL, 1n, ALL, 0n],
    ['MULH(-1, -1) = -1', ALL, ALL, 1n, ALL],
    ['MULH(MIN, MIN) = -2^62', MIN, MIN, 0n, 3n * 2n ** 62n],
    ['MULSUH(-1, -1) = -2', ALL, ALL, 1n, ALL - 1n],
    ['MUL(2^32, 2^32) = 1', 2n ** 32n, 2n ** 32n, 1n, 0n],
    ['MULUH(-1, -1) = 0', ALL, ALL, 1n, 0n],
    ['MUL(0, -1) = -1', 0n, ALL, ALL, 0n],
  ] as const)('%s is no row that says anything false', (_, a, b, c, d) => {
    expect(accepted(a, b, c, d).filter((tuple) => !isTrueOperation(tuple))).toEqual([])
  })

  test('the true rows of the same search are accepted', () => {
    for (const [a, b] of [
      [ALL, 1n],
      [MIN, ALL],
      [0n, ALL],
    ] as const) {
      const low = evaluateOperation(OP.MUL, a, b).c
      for (const op of [OP.MULUH, OP.MULH, OP.MULSUH]) {
        const said = accepted(a, b, low, evaluateOperation(op, a, b).c)
        expect(said.some((tuple) => tuple.startsWith(`5000,${op},`))).toBe(true)
        expect(said.every(isTrueOperation)).toBe(true)
      }
    }
  })
})

test('selectors and signs that are no bits, and codes of other operations, are rejected', () => {
  for (const name of BITS) expect(isAccepted(judgeWith(judge, 'ArithMul', 0, { [name]: 2n }))).toBe(false)
  // is_word with a_signed would be the code of DIVU.
  const verdict = judgeWith(judge, 'ArithMul', 0, { is_word: 1n, a_signed: 1n })
  expect(verdict.constraints).toContain('is_word * (is_high + a_signed) === 0')
})

test.each(['a', 'b', 'c', 'd'])(
  'chunks of %s that make the same number with more than 16 bits are rejected',
  (name) => {
    for (const i of [0, 2]) {
      const [low, high] = [`${name}[${i}]`, `${name}[${i + 1}]`]
      const { labels, witness } = judge.instanceOf('ArithMul')
      const value = witness[labels.indexOf(low)]![0]!
      const verdict = judgeWith(judge, 'ArithMul', 0, { [low]: value + 0x1_0000n, [high]: P - 1n })
      // Nothing but the range checks stands in the way.
      expect(verdict.constraints).toEqual([])
      expect(verdict.lookups).not.toEqual([])
    }
  },
)
