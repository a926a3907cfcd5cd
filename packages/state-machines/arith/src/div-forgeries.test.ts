import { createInstance } from '@zisk/air'
import { claim, clientOf, complete, createRowJudge, isAccepted, isTrueOperation, judgeWith } from '@zisk/air-testkit'
import { OP } from '@zisk/core'
import { P, toFelt } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { fillArithDiv } from './fill-arith-div.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'
import { allBits, carryCells, chunkCells, limbs } from './testing/forge-cells.ts'

const LIMB = 2n ** 32n
const ALL = 2n ** 64n - 1n
const MIN = 2n ** 63n
const neg = (value: bigint): bigint => BigInt.asUintN(64, -value)
const program = compileMachine(['arith_div.pil'], 'ArithDiv(); virtual CarryTable();')
const claims = [claim(OP.DIVU, 7n, 2n)]
const machine = createInstance(program, { air: 'ArithDiv' })
fillArithDiv(machine, { inputs: inputsOf(claims), from: 0, count: 1 })
const judge = createRowJudge(program, complete(program, [clientOf(program, claims), machine]))
const SIGNS = ['q_negative', 'b_negative', 'n_negative', 'r_negative', 'by_zero', 'is_remainder'] as const

interface Forgery {
  readonly n: bigint
  readonly b: bigint
  readonly q: bigint
  readonly r: bigint
  readonly isWord?: boolean
}

/** Every row for a division, whatever its signs and flags: what the accepted ones say. */
function accepted({ n, b, q, r, isWord = false }: Forgery): string[] {
  const said: string[] = []
  for (const flags of allBits([...SIGNS, 'is_signed'])) {
    const [nq, nb, nn, nr] = SIGNS.map((name) => flags[name]!) as [bigint, bigint, bigint, bigint]
    const word = isWord ? 1n : 0n
    const [bLow, bHigh] = limbs(b)
    const [rLow, rHigh] = limbs(r)
    const [nLow, nHigh] = limbs(n)
    const [qLow, qHigh] = limbs(q)
    const low = (1n - 2n * nb) * bLow - (1n - 2n * nr) * rLow - 1n
    const between = (low - (((low % LIMB) + LIMB) % LIMB)) / LIMB
    const high = (1n - 2n * nb) * bHigh - (1n - 2n * nr) * rHigh + LIMB * (nb - nr) + between
    const margin = (((low % LIMB) + LIMB) % LIMB) + LIMB * (high < 0n ? 0n : high)
    const zero = flags['by_zero'] === 1n
    const result = flags['is_remainder'] === 1n ? r : q
    const sign = (result >> 31n) & 1n
    const cells = {
      ...chunkCells('n', n),
      ...chunkCells('b', b),
      ...chunkCells('q', q),
      ...chunkCells('r', r),
      ...chunkCells('margin', zero ? 0n : margin),
      // A negative margin has no chunks: the top one takes what is left.
      ...(high < 0n && !zero ? { 'margin[2]': toFelt(high), 'margin[3]': 0n } : {}),
      'margin_carry[0]': zero ? 0n : between & 1n,
      'margin_carry[1]': zero || between >= 0n ? 0n : 1n,
      ...carryCells(q, b, [rLow - nLow, rHigh - nHigh, nn - nr - nq * bLow - nb * qLow]),
      is_word: word,
      is_signed_word: word * flags['is_signed']!,
      b_word_sign: word * nb,
      n_word_sign: word * nn,
      result_mid: (result >> 16n) & 0xffffn,
      result_sign: sign,
      result_high: isWord ? sign * (LIMB - 1n) : flags['is_remainder'] === 1n ? rHigh : qHigh,
      ...flags,
    }
    const verdict = judgeWith(judge, 'ArithDiv', 0, cells)
    if (isAccepted(verdict)) said.push(...verdict.tuples.keys())
  }
  return said
}

describe('a division has one row per operation', () => {
  const forgeries: readonly (readonly [string, Forgery])[] = [
    // Published: S-2 and S-3.
    ['DIV(1, -1) = 1', { n: 1n, b: ALL, q: 1n, r: 0n }],
    ['DIV(7, -2) = 3', { n: 7n, b: neg(2n), q: 3n, r: 1n }],
    ['DIV(-7, 2) = 3', { n: neg(7n), b: 2n, q: 3n, r: ALL }],
    ['REM(-7, 2) = 1', { n: neg(7n), b: 2n, q: neg(3n), r: 1n }],
    ['REM(-7, 3) = 1', { n: neg(7n), b: 3n, q: neg(2n), r: 1n }],
    ['REM(-7, 2) = 1 by flooring', { n: neg(7n), b: 2n, q: neg(4n), r: 1n }],
    ['REM(-7, -2) = 1', { n: neg(7n), b: neg(2n), q: 3n, r: 1n }],
    ['REM(-7, -2) = 1 by flooring', { n: neg(7n), b: neg(2n), q: 4n, r: 1n }],
    ['REM(7, -2) = -1', { n: 7n, b: neg(2n), q: neg(4n), r: ALL }],
    // Published: S-4, a remainder as large as the divisor.
    ['DIV(-256, 256) = 0', { n: neg(256n), b: 256n, q: 0n, r: neg(256n) }],
    ['DIV(2^32, 2^32) = 0', { n: 2n ** 32n, b: 2n ** 32n, q: 0n, r: 2n ** 32n }],
    ['DIV(-65536, -65536) = 0', { n: neg(65536n), b: neg(65536n), q: 0n, r: neg(65536n) }],
    ['DIVU(7, 2) = 2', { n: 7n, b: 2n, q: 2n, r: 3n }],
    ['DIVU(7, 2) = 4 with a negative remainder', { n: 7n, b: 2n, q: 4n, r: ALL }],
    // Division by zero that is not one, and the other way round.
    ['DIVU(7, 0) = 5', { n: 7n, b: 0n, q: 5n, r: 7n }],
    ['DIVU(7, 0) = -1 without the flag, or with another remainder', { n: 7n, b: 0n, q: ALL, r: 0n }],
    ['DIVU(7, 2) = -1', { n: 7n, b: 2n, q: ALL, r: 7n }],
    // Overflow.
    ['DIV(MIN, -1) = 0', { n: MIN, b: ALL, q: 0n, r: MIN }],
    ['DIV(MIN, -1) = MAX', { n: MIN, b: ALL, q: MIN - 1n, r: ALL }],
    ['DIV(MIN, 1) = 2^63 as MAX + 1', { n: MIN, b: 1n, q: MIN - 1n, r: 1n }],
    // 32 bits: high limbs of operands take no part.
    ['DIVU_W(7, 2) of a dividend with high bits', { n: 7n + 2n ** 32n, b: 2n, q: 2n ** 31n + 3n, r: 1n, isWord: true }],
    ['DIV_W(-256, 256) = 0', { n: neg(256n), b: 256n, q: 0n, r: neg(256n), isWord: true }],
    ['REMU_W(256, 256) = 256', { n: 256n, b: 256n, q: 0n, r: 256n, isWord: true }],
    ['DIV_W(MIN, -1) = MAX', { n: neg(2n ** 31n), b: ALL, q: 2n ** 31n - 1n, r: ALL, isWord: true }],
    ['DIV_W(-7, 2) without extension', { n: neg(7n) % LIMB, b: 2n, q: (neg(7n) % LIMB) / 2n, r: 1n, isWord: true }],
    ['REM_W(7, 0) of a divisor with high bits', { n: 7n, b: 2n ** 32n, q: 0n, r: 7n, isWord: true }],
    [
      'DIV_W(7, 2) of a divisor with a wrong sign',
      { n: 7n, b: 2n + 2n ** 64n - 2n ** 32n, q: 0n, r: 7n, isWord: true },
    ],
  ]
  test.each(forgeries)('%s is no row that says anything false', (_, forgery) => {
    expect(accepted(forgery).filter((tuple) => !isTrueOperation(tuple))).toEqual([])
  })

  test('the true rows of the same search are accepted', () => {
    const honest: readonly (Forgery & { readonly ops: readonly number[] })[] = [
      { n: neg(7n), b: 2n, q: neg(3n), r: ALL, ops: [OP.DIV, OP.REM] },
      { n: 7n, b: neg(2n), q: neg(3n), r: 1n, ops: [OP.DIV, OP.REM] },
      { n: MIN, b: ALL, q: MIN, r: 0n, ops: [OP.DIV, OP.REM] },
      { n: 7n, b: 0n, q: ALL, r: 7n, ops: [OP.DIV, OP.REM, OP.DIVU, OP.REMU] },
      { n: neg(256n), b: 256n, q: ALL, r: 0n, ops: [OP.DIV, OP.REM] },
      { n: neg(7n), b: 2n, q: neg(3n), r: ALL, isWord: true, ops: [OP.DIV_W, OP.REM_W] },
      { n: 2n ** 31n, b: 2n, q: 2n ** 30n, r: 0n, isWord: true, ops: [OP.DIVU_W, OP.REMU_W] },
    ]
    for (const { ops, ...row } of honest) {
      const said = accepted(row)
      for (const op of ops)
        expect(
          said.some((tuple) => tuple.startsWith(`5000,${op},`)),
          `${op} of ${row.n}`,
        ).toBe(true)
      expect(said.every(isTrueOperation)).toBe(true)
    }
  })
})

test('flags that are no bits are rejected', () => {
  for (const name of [...SIGNS, 'is_signed', 'is_word', 'result_sign', 'margin_carry[0]', 'margin_carry[1]'])
    expect(isAccepted(judgeWith(judge, 'ArithDiv', 0, { [name]: 2n })), name).toBe(false)
})

test.each(['q', 'b', 'n', 'r', 'margin'])(
  'chunks of %s that make the same number with more than 16 bits are rejected',
  (name) => {
    for (const i of [0, 2]) {
      const [low, high] = [`${name}[${i}]`, `${name}[${i + 1}]`]
      const { labels, witness } = judge.instanceOf('ArithDiv')
      const value = witness[labels.indexOf(low)]![0]!
      const middle = name === 'q' && i === 0 ? { result_mid: P - 1n } : {}
      const verdict = judgeWith(judge, 'ArithDiv', 0, { [low]: value + 0x1_0000n, [high]: P - 1n, ...middle })
      // Nothing but the range checks stands in the way.
      expect(verdict.constraints).toEqual([])
      expect(verdict.lookups).not.toEqual([])
    }
  },
)
