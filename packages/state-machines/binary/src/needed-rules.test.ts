/**
 * Rows that break one rule of BinaryCompare or BinaryExtension and say something false: for the rules against which a
 * random search finds none soon.
 */
import { type AirInstance, createInstance, type Pilout } from '@zisk/air'
import { claim, clientOf, complete, createRowJudge, isTrueOperation, judgeWith } from '@zisk/air-testkit'
import { OP, opcodeByCode } from '@zisk/core'
import { inv, toFelt } from '@zisk/field'
import type { OperationSlice } from '@zisk/witness'
import { describe, expect, test } from 'vitest'
import { fillBinaryCompare } from './fill-binary-compare.ts'
import { fillBinaryExtension } from './fill-binary-extension.ts'
import { shiftRow } from './shift-table.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'

type Cells = Readonly<Record<string, bigint>>
type Forgery = readonly [what: string, rule: string, op: number, a: bigint, b: bigint, cells: Cells]

const LIMB = 2n ** 32n
const ALL = 2n ** 64n - 1n
const FLAG = 'flags[i] * (1 - flags[i]) === 0'
const fraction = (bits: bigint): bigint => inv(2n ** bits)

/** Starts from the true row of an operation. */
const COMPARE: readonly Forgery[] = [
  // 2^32 * (2^32 - 1) is -1: a borrow that takes 1 off the low limb and adds 1 to the high one.
  [
    'borrow[0]',
    FLAG,
    OP.SUB,
    5n,
    3n,
    { 'borrow[0]': LIMB - 1n, 'borrow[1]': 1n, 'd_low[0]': 1n, 'd_low[1]': 1n, 'c[0]': 1n, 'c[1]': 1n },
  ],
  // A comparison and a difference less an equality: the code is that of the equality, the result the difference.
  ['is_equal', FLAG, OP.SUB, 5n, ALL, { is_compare: 1n, is_equal: toFelt(-1n), is_signed: 1n }],
  // Of ADD_W, SUB_W and SUB, one taken off: the codes are those of LEU and of ADD.
  ['is_add', FLAG, OP.SUB, LIMB + 5n, LIMB + 4n, { is_add: toFelt(-1n), is_sub_word: 1n, 'c[0]': 1n, 'c[1]': 0n }],
  ['is_sub_word', FLAG, OP.SUB, LIMB + 5n, LIMB + 4n, { is_add: 1n, is_sub_word: toFelt(-1n), 'c[0]': 1n, 'c[1]': 0n }],
  // A comparison and an equality less a choice: the code is that of LE, the flag 2.
  ['takes_x', FLAG, OP.EQ, 1n, 1n, { is_compare: 1n, takes_x: toFelt(-1n) }],
  // ADD_W and SUB_W less a choice: the code is that of SRA.
  ['takes_y', FLAG, OP.ADD_W, 0n, 1n, { is_sub_word: 1n, takes_y: toFelt(-1n) }],
  ['numbers with one low limb', 'is_equal * holds * (x[1] - y[1]) === 0', OP.EQ, LIMB, 0n, { holds: 1n, 'c[0]': 1n }],
]

/** The cells of BinaryExtension that a row of its table gives. */
const SHIFT_BY_2 = shiftRow(OP.SLL, 2)
const EXTENSION: readonly Forgery[] = [
  // Twice 64 bits counts as 32 bits in the flags word; the operands are mixed with the amount.
  ['is_64', FLAG, OP.SLL_W, 1n, 1n, { is_64: 2n, is_word: 0n, 'x[0]': 4n, 'other[1]': 2n, 'low[0][0]': 8n }],
  // Half an operation on 32 bits, half an extension: both operands are the mean of what moves and of the amount.
  ['is_word', FLAG, OP.SLL, 2n * LIMB, 0n, { is_64: 0n, is_word: fraction(1n) }],
  [
    'a sign that is not there',
    'range 0..32767',
    OP.SRA,
    LIMB,
    1n,
    { sign: 1n, sign_low: toFelt(1n - 2n ** 31n), sign_mid: 0n },
  ],
  [
    'the amount of another row of the table',
    'range 0..65535',
    OP.SLL,
    5n,
    1n,
    {
      amount: 2n,
      power: BigInt(2 ** SHIFT_BY_2.shift),
      'low[0][0]': 20n,
      rest_high: toFelt(-fraction(22n)),
    },
  ],
]

function judgeOf(program: Pilout, air: string, fill: (instance: AirInstance, slice: OperationSlice) => void) {
  return ([, , op, a, b, cells]: Forgery) => {
    const claims = [claim(op, a, b)]
    const instance = createInstance(program, { air })
    fill(instance, { inputs: inputsOf(claims), from: 0, count: 1 })
    const judge = createRowJudge(program, complete(program, [clientOf(program, claims), instance]))
    return judgeWith(judge, air, 0, cells)
  }
}

describe.each([
  [
    'BinaryCompare',
    COMPARE,
    judgeOf(compileMachine(['binary_compare.pil'], 'BinaryCompare();'), 'BinaryCompare', fillBinaryCompare),
  ],
  [
    'BinaryExtension',
    EXTENSION,
    judgeOf(
      compileMachine(['binary_extension.pil'], 'BinaryExtension(); virtual ShiftTable();'),
      'BinaryExtension',
      fillBinaryExtension,
    ),
  ],
] as const)('%s', (_, forgeries, judge) => {
  test.each(forgeries.map((forgery) => [forgery[0], forgery] as const))(
    'without the rule about %s',
    (_what, forgery) => {
      const { constraints, lookups, tuples } = judge(forgery)
      expect([...constraints, ...lookups.map((lookup) => lookup.replace(/: .*/, ''))]).toEqual([forgery[1]])
      const said = [...tuples.keys()].filter((tuple) => opcodeByCode(Number(tuple.split(',')[1] ?? 0)) !== undefined)
      expect(said.filter((tuple) => !isTrueOperation(tuple))).not.toEqual([])
    },
  )
})
