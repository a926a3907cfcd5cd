/**
 * With one rule of ArithDiv left out, a row says something false: every forgery below breaks that rule and no other. Rules
 * without a forgery are named with the reason.
 */
import { busTerms, createInstance, nodeStages } from '@zisk/air'
import { claim, clientOf, complete, createRowJudge, isTrueOperation, judgeWith } from '@zisk/air-testkit'
import { OP, opcodeByCode } from '@zisk/core'
import { inv, toFelt } from '@zisk/field'
import { expect, test } from 'vitest'
import { fillArithDiv } from './fill-arith-div.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'
import { carryCells, chunkCells, limbs } from './testing/forge-cells.ts'

const LIMB = 2n ** 32n
const WRAP = 2n ** 64n
const ALL = WRAP - 1n
const MIN = 2n ** 63n
const program = compileMachine(['arith_div.pil'], 'ArithDiv(); virtual CarryTable();')
const claims = [claim(OP.DIVU, 7n, 2n)]
const machine = createInstance(program, { air: 'ArithDiv' })
fillArithDiv(machine, { inputs: inputsOf(claims), from: 0, count: 1 })
const judge = createRowJudge(program, complete(program, [clientOf(program, claims), machine]))

type Cells = Record<string, bigint>

/** The row that these four numbers ask for, true or not; negative ones have their sign flag, `flags` come last. */
function row(n: bigint, b: bigint, q: bigint, r: bigint, flags: Cells = {}): Cells {
  const bits: Cells = { is_remainder: 0n, is_signed: 0n, is_word: 0n, by_zero: 0n }
  for (const [name, value] of Object.entries({ n, b, q, r })) bits[`${name}_negative`] = value < 0n ? 1n : 0n
  Object.assign(bits, flags)
  const [N, B, Q, R] = [n, b, q, r].map((value) => BigInt.asUintN(64, value)) as [bigint, bigint, bigint, bigint]
  const [nb, nn, nq, nr] = ['b', 'n', 'q', 'r'].map((name) => bits[`${name}_negative`]!) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  const isZero = bits['by_zero'] === 1n
  const margin = isZero ? 0n : (nb === 1n ? WRAP - B : B) - (nr === 1n ? WRAP - R : R) - 1n
  const low = isZero ? 0n : (1n - 2n * nb) * limbs(B)[0] - (1n - 2n * nr) * limbs(R)[0] - 1n
  const between = (low - BigInt.asUintN(32, low)) / LIMB
  const isWord = bits['is_word'] === 1n
  const result = bits['is_remainder'] === 1n ? R : Q
  const sign = (result >> 31n) & 1n
  return {
    ...chunkCells('n', N),
    ...chunkCells('b', B),
    ...chunkCells('q', Q),
    ...chunkCells('r', R),
    ...chunkCells('margin', BigInt.asUintN(64, margin)),
    'margin_carry[0]': between & 1n,
    'margin_carry[1]': between < 0n ? 1n : 0n,
    ...carryCells(Q, B, [
      limbs(R)[0] - limbs(N)[0],
      limbs(R)[1] - limbs(N)[1],
      nn - nr - nq * limbs(B)[0] - nb * limbs(Q)[0],
    ]),
    ...bits,
    is_signed_word: bits['is_signed']! * bits['is_word']!,
    b_word_sign: nb * bits['is_word']!,
    n_word_sign: nn * bits['is_word']!,
    result_mid: (result >> 16n) & 0xffffn,
    result_sign: sign,
    result_high: isWord ? sign * (LIMB - 1n) : limbs(result)[1],
  }
}

/** A row with some cells moved. */
function moved(cells: Cells, by: Cells): Cells {
  return {
    ...cells,
    ...Object.fromEntries(Object.entries(by).map(([name, step]) => [name, toFelt(cells[name]! + step)])),
  }
}

const FLAG = 'flags[i] * (1 - flags[i]) === 0'
const RANGE = 'range 0..65535'
const HALF_RANGE = 'range 0..32767 / range 0..65535'
const REMAINDER = { is_remainder: 1n }
const SIGNED = { is_signed: 1n }
const WORD = { is_word: 1n }
const SIGNED_WORD = { is_signed: 1n, is_word: 1n }

const fraction = (bits: bigint): bigint => inv(2n ** bits)
const WIDE = 0xffffn << 16n
const NO_CARRY = { 'margin_carry[0]': 0n, 'margin_carry[1]': 0n }
/** 2^32 * (2^32 - 2) + 2^32 - 1 is -2: the margin of a remainder that is 1 more than the divisor. */
const FIELD_MARGIN = chunkCells('margin', ((LIMB - 2n) << 32n) + LIMB - 1n)

/** Beside a remainder of -2^32: the divisor is 2^33 and the quotient 1. */
const NEGATIVE_REMAINDER: Cells = { 'b[2]': 2n, ...chunkCells('margin', (2n << 32n) + LIMB - 1n) }

const FORGERIES: readonly (readonly [what: string, rule: string, cells: Cells])[] = [
  ['b_negative unsigned', 'b_negative * (1 - is_signed) === 0', row(7n, -2n, -3n, 1n)],
  ['n_negative unsigned', 'n_negative * (1 - is_signed) === 0', row(-7n, 2n, -3n, -1n)],
  [
    'is_signed_word',
    'is_signed_word === is_signed * is_word',
    { ...row(2n ** 31n, 2n, 2n ** 30n, 0n, SIGNED_WORD), is_signed_word: 0n },
  ],
  [
    'b_word_sign',
    'b_word_sign === b_negative * is_word',
    { ...row(-(2n ** 31n), 2n ** 31n, -1n, 0n, SIGNED_WORD), b_word_sign: 1n },
  ],
  [
    'n_word_sign',
    'n_word_sign === n_negative * is_word',
    { ...row(2n ** 31n, 2n, 2n ** 30n, 0n, SIGNED_WORD), n_word_sign: 1n },
  ],
  ['b[2] of 32 bits', 'is_word * (b[i] - (2**16 - 1) * b_negative) === 0', row(7n, 2n + LIMB, 0n, 7n, WORD)],
  ['b[3] of 32 bits', 'is_word * (b[i] - (2**16 - 1) * b_negative) === 0', row(7n, 2n + (1n << 48n), 0n, 7n, WORD)],
  [
    'n[2] of 32 bits',
    'is_word * (n[i] - (2**16 - 1) * n_negative) === 0',
    row(7n + LIMB, 2n, 2n ** 31n + 3n, 1n, WORD),
  ],
  [
    'n[3] of 32 bits',
    'is_word * (n[i] - (2**16 - 1) * n_negative) === 0',
    row(7n + 2n ** 48n, 2n ** 17n, 2n ** 31n, 7n, WORD),
  ],
  ['first limb', 'product_limb(q, b, 0)', moved(row(7n, 2n, 3n, 1n), { 'n[0]': 2n })],
  ['second limb', 'product_limb(q, b, 1)', moved(row(7n, 2n, 3n, 1n), { 'n[2]': 2n })],
  ['third limb', 'product_limb(q, b, 2)', { ...row(7n, LIMB, LIMB, 7n), 'carry_low[2]': 0n, 'carry_high[2]': 0n }],
  ['fourth limb', 'product_limb(q, b, 3)', row(7n, 1n << 48n, 1n << 48n, 7n)],
  ['a negative remainder', 'r_negative * (1 - n_negative) === 0', row(7n, 2n, 4n, -1n, SIGNED)],
  ['a remainder of the other sign', 'n_negative * (1 - r_negative)', row(-7n, 2n, -4n, 1n, SIGNED)],
  ['by_zero of another divisor', 'by_zero * (b[0] + b[1] + b[2] + b[3]) === 0', row(ALL, 1n, ALL, 0n, { by_zero: 1n })],
  [
    'result_mid',
    'result_mid === q[1] + is_remainder * (r[1] - q[1])',
    { ...row(2n ** 31n, 1n, 2n ** 31n, 0n, WORD), result_mid: 0n, result_sign: 0n, result_high: 0n },
  ],
  ['result_sign', 'range 0..32767', { ...row(7n, 2n, 3n, 1n, WORD), result_sign: 1n, result_high: LIMB - 1n }],
  ['result_high of 64 bits', '(1 - is_word) * (result_high', moved(row(7n, 2n, 3n, 1n), { result_high: 1n })],
  ['result_high of 32 bits', 'is_word * (result_high', moved(row(7n, 2n, 3n, 1n, WORD), { result_high: 1n })],
  [
    'low margin',
    '(1 - by_zero) * ((1 - 2 * b_negative) * limb_b[0]',
    { ...row(7n, 2n, 2n, 3n), ...chunkCells('margin', 0n), 'margin_carry[0]': 0n, 'margin_carry[1]': 0n },
  ],
  ['high margin', '(1 - by_zero) * ((1 - 2 * b_negative) * limb_b[1]', row(7n, 2n, 2n, 3n)],
  ['is_remainder', FLAG, { ...row(7n, 2n, 3n, 1n), is_remainder: 2n }],
  // 2^-16 of 2^64 less, and 2^48 more.
  ['q_negative', FLAG, row(3n * 2n ** 16n + 1n, 2n ** 16n, 3n + 2n ** 48n, 1n, { q_negative: fraction(16n) })],
  // The divisor seems three times as large.
  [
    'b_negative',
    FLAG,
    {
      ...row(2n ** 49n, 2n ** 48n, 0n, 2n ** 49n, { ...SIGNED, b_negative: fraction(15n) }),
      ...chunkCells('margin', ((2n ** 16n - 5n) << 32n) + LIMB - 1n),
      'margin_carry[0]': 1n,
      'margin_carry[1]': 1n,
    },
  ],
  // 2^32 - 1 is -2^-32: a multiple of 2^64 in the identity, and 1 in the margin.
  [
    'r_negative',
    FLAG,
    {
      ...row(-MIN, 2n ** 62n, 2n ** 34n - 6n, 0n, { ...SIGNED, r_negative: LIMB - 1n }),
      ...chunkCells('margin', ((2n ** 30n) << 32n) + LIMB - 1n),
      'margin_carry[0]': 1n,
      'margin_carry[1]': 1n,
    },
  ],
  [
    'result_sign as a bit',
    FLAG,
    {
      ...row(5n << 17n, 2n, 5n << 16n, 0n, WORD),
      result_sign: toFelt(5n * fraction(15n)),
      result_high: toFelt((LIMB - 1n) * 5n * fraction(15n)),
    },
  ],
  [
    'margin_carry[0]',
    FLAG,
    { ...row(7n, 2n, 2n, 3n), ...FIELD_MARGIN, 'margin_carry[0]': LIMB - 2n, 'margin_carry[1]': 0n },
  ],
  [
    'margin_carry[1]',
    FLAG,
    { ...row(7n, 2n, 2n, 3n), ...FIELD_MARGIN, 'margin_carry[0]': 0n, 'margin_carry[1]': toFelt(1n - 2n ** 31n) },
  ],
  ['is_word', FLAG, { ...row(7n, 2n, 3n, 1n), is_word: fraction(2n) }],
  // -2^-31 is 2^33 - 2: the dividend 2^64 * (2 - 2^33), of which n[2] hides what is below 2^64, looks like 0.
  [
    'n_negative',
    FLAG,
    {
      ...row(0n, 2n ** 34n, 2n ** 31n - MIN, 0n, { ...SIGNED, n_negative: 2n ** 33n - 2n }),
      'n[2]': 1n,
      'n[3]': toFelt(2n ** 15n * (2n ** 33n - 2n)),
    },
  ],
  ...[0, 1, 2, 3].map(
    (i) =>
      [
        `q[${i}] of a division by 0`,
        'by_zero * (q[i] - (2**16 - 1)) === 0',
        row(7n, 0n, ALL - (1n << BigInt(16 * i)), 7n, { by_zero: 1n }),
      ] as const,
  ),
  // 2^16 * 65535 more in one chunk and less in the next: 2^32 * (2^32 - 1) is -1, so the product is 1 more.
  [
    'q[0]',
    RANGE,
    moved(
      { ...row(WIDE, WIDE, 1n, 0n), result_mid: 0xffffn, result_sign: 1n },
      {
        'q[0]': -WIDE,
        'q[1]': 0xffffn,
        'n[0]': 1n,
        'n[2]': 0xffffn,
        'n[3]': 0xffffn,
        'carry_low[0]': 0xfffen,
        'carry_high[0]': 1n,
      },
    ),
  ],
  [
    'b[0]',
    RANGE,
    moved(row(WIDE, 1n, WIDE, 0n), {
      'b[0]': -WIDE,
      'b[1]': 0xffffn,
      'n[0]': 1n,
      'n[2]': 0xffffn,
      'n[3]': 0xffffn,
      'carry_low[0]': 0xfffen,
      'carry_high[0]': 1n,
    }),
  ],
  [
    'r[0]',
    RANGE,
    {
      ...row(7n + LIMB, 2n ** 33n, 0n, 7n + LIMB, REMAINDER),
      'r[0]': 7n + LIMB,
      'r[2]': 0n,
      'carry_low[0]': 1n,
      result_high: 0n,
      'margin_carry[0]': 0n,
    },
  ],
  // Parts of a quotient are fractions: the remainder of 7 / 2, and of 7 * 2^32 / 3, is 0.
  ['q[1]', RANGE, moved(row(0n, 2n, 0n, 0n, REMAINDER), { 'n[0]': 7n, 'q[1]': 7n * fraction(17n) })],
  ['q[2]', RANGE, moved(row(0n, 3n, 0n, 0n, REMAINDER), { 'n[2]': 7n, 'q[2]': 7n * inv(3n) })],
  ['q[3]', RANGE, moved(row(0n, 3n, 0n, 0n, REMAINDER), { 'n[2]': 7n, 'q[3]': 7n * inv(3n) * fraction(16n) })],
  // The divisor -2 seems to be 2^64 - 2.
  ['b[2]', RANGE, { ...row(5n, WRAP - 2n, 0n, 5n, SIGNED), 'b[2]': 0x8000_ffffn, 'b[3]': 0x7fffn }],
  // The remainder is negative, and its flag is not.
  [
    'r[1]',
    RANGE,
    { ...row(8n, 2n, 4n, 0n), 'n[0]': 7n, 'r[0]': 0xffffn, 'r[1]': toFelt(-1n), ...chunkCells('margin', 2n) },
  ],
  ['r[2]', RANGE, { ...row(LIMB, LIMB, 1n, 0n), ...NEGATIVE_REMAINDER, 'r[2]': toFelt(-1n) }],
  ['r[3]', RANGE, { ...row(LIMB, LIMB, 1n, 0n), ...NEGATIVE_REMAINDER, 'r[2]': 0xffffn, 'r[3]': toFelt(-1n) }],
  ['n[0]', RANGE, { ...row(2n ** 31n, 2n, 2n ** 30n, 0n, SIGNED_WORD), 'n[0]': 2n ** 31n, 'n[1]': 0n }],
  ['n[2]', RANGE, { ...row(MIN, 2n, 2n ** 62n, 0n, SIGNED), 'n[2]': 2n ** 31n, 'n[3]': 0n }],
  ['n[1]', HALF_RANGE, row(2n ** 31n, 2n, 2n ** 30n, 0n, SIGNED_WORD)],
  ['n[3]', HALF_RANGE, row(MIN, 2n, 2n ** 62n, 0n, SIGNED)],
  ['b[1]', HALF_RANGE, row(-(2n ** 31n), 2n ** 31n, -1n, 0n, SIGNED_WORD)],
  ['b[3]', HALF_RANGE, row(-MIN, MIN, -1n, 0n, SIGNED)],
  ['margin[0]', RANGE, { ...row(7n, 2n, 2n, 3n), ...chunkCells('margin', 0n), 'margin[0]': toFelt(-2n), ...NO_CARRY }],
  [
    'margin[1]',
    RANGE,
    {
      ...row(0x3_0000n, 0x1_0000n, 1n, 0x2_0000n),
      ...chunkCells('margin', 0xffffn),
      'margin[1]': toFelt(-2n),
      ...NO_CARRY,
    },
  ],
  [
    'margin[2]',
    RANGE,
    { ...row(3n * LIMB, LIMB, 1n, 2n * LIMB), ...chunkCells('margin', LIMB - 1n), 'margin[2]': toFelt(-2n) },
  ],
  [
    'margin[3]',
    RANGE,
    { ...row(3n << 48n, 1n << 48n, 1n, 2n << 48n), ...chunkCells('margin', 2n ** 48n - 1n), 'margin[3]': toFelt(-2n) },
  ],
  // A carry of 2^32 - 1 is -2^-32: the dividend is 1 more.
  [
    'carry_low[0]',
    RANGE,
    moved(row(6n, 2n, 3n, 0n), { 'n[0]': 1n, 'n[2]': 0xffffn, 'n[3]': 0xffffn, 'carry_low[0]': LIMB - 1n }),
  ],
  // The product 2^96 is -1: the dividend 2^64 - 2^32.
  [
    'carry_low[1]',
    RANGE,
    {
      ...row(WRAP - LIMB, 1n << 48n, 1n << 48n, 0n),
      ...Object.fromEntries([0, 1, 2].map((i) => [`carry_low[${i}]`, 0n])),
      ...Object.fromEntries([0, 1, 2].map((i) => [`carry_high[${i}]`, 0n])),
      'carry_low[1]': toFelt(-LIMB),
      'carry_low[2]': 0xffffn,
      'carry_high[2]': toFelt(-1n),
    },
  ],
  // What the third limb of the product is, and 2^32 times the fourth, add up to the order of the field.
  [
    'carry_low[2]',
    RANGE,
    {
      ...row(((2n ** 30n - 1n) << 32n) + 2n ** 31n, 0xffff_ffff_8000_0001n, 0xffff_ffff_8000_0000n, 0n),
      'carry_low[2]': toFelt(-(0xffffn ** 2n)),
      'carry_high[2]': 0n,
    },
  ],
  [
    'carry_high',
    'high parts of carries',
    moved(row(6n, 2n, 3n, 0n), {
      'n[0]': 1n,
      'n[2]': 0xffffn,
      'n[3]': 0xffffn,
      'carry_low[0]': 0xffffn,
      'carry_high[0]': 0xffffn,
    }),
  ],
]

test.each(FORGERIES)('without the rule about %s', (_, rule, cells) => {
  const { constraints, lookups, tuples } = judgeWith(judge, 'ArithDiv', 0, cells)
  const broken = [...constraints, ...lookups.map((lookup) => lookup.replace(/: .*/, ''))]
  expect(broken).toEqual([expect.stringContaining(rule)])
  const said = [...tuples.keys()].filter((tuple) => opcodeByCode(Number(tuple.split(',')[1] ?? 0)) !== undefined)
  expect(said.filter((tuple) => !isTrueOperation(tuple))).not.toEqual([])
})

/** Constraints without which there is no false row. */
const REVIEWED: Readonly<Record<string, string>> = {
  'by_zero * (q_negative + margin': 'q_negative counts times b, which is 0, and nobody looks at a margin there',
  'sel * (1 - sel) === 0 (is_signed)': 'other values select a range that has no table, as the ids of ranges are now',
  'sel * (1 - sel) === 0 (is_signed_word)': 'is_signed_word is the product of two bits',
}

test('every rule is there, as often as the AIR has it', () => {
  const air = program.airGroups[0]!.airs.find(({ name }) => name === 'ArithDiv')!
  const stages = nodeStages(program, air, air.expressions)
  const labels = air.constraints.filter(({ expression }) => stages[expression]! < 2).map(({ label }) => label)
  const lookups = busTerms(program, air).filter(({ side }) => side === 'assumes')
  const rules = [...FORGERIES.map(([, rule]) => rule), ...Object.keys(REVIEWED)]
  const found = [...labels, ...lookups.map(({ name }) => name)]
  const startsAs = (text: string, rule: string) => text.startsWith(rule) || rule.startsWith(`${text} (`)
  const counted = (list: readonly string[], texts: readonly string[]) =>
    Object.fromEntries(
      texts.map((text) => [text, list.filter((entry) => startsAs(text, entry) || text === entry).length]),
    )
  const distinct = [...new Set(found)]
  expect(counted(rules, distinct)).toEqual(counted(found, distinct))
})
