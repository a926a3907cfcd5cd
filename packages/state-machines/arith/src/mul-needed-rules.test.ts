/**
 * With one rule of ArithMul left out, a row says something false: every forgery below breaks that rule and no other. Rules
 * without a forgery are named with the reason.
 */
import { busTerms, createInstance, nodeStages } from '@zisk/air'
import { claim, clientOf, complete, createRowJudge, isTrueOperation, judgeWith } from '@zisk/air-testkit'
import { OP, opcodeByCode } from '@zisk/core'
import { inv, toFelt } from '@zisk/field'
import { expect, test } from 'vitest'
import { fillArithMul } from './fill-arith-mul.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'
import { carryCells, chunkCells, limbs } from './testing/forge-cells.ts'

const ALL = 2n ** 64n - 1n
const LIMB = 2n ** 32n
const FULL = 2n ** 128n
const program = compileMachine(['arith_mul.pil'], 'ArithMul(); virtual CarryTable();')
const claims = [claim(OP.MULU, 3n, 5n)]
const machine = createInstance(program, { air: 'ArithMul' })
fillArithMul(machine, { inputs: inputsOf(claims), from: 0, count: 1 })
const judge = createRowJudge(program, complete(program, [clientOf(program, claims), machine]))

type Cells = Record<string, bigint>

/** The row of the true product, for the signs that the flags claim. */
function honestRow(a: bigint, b: bigint, flags: Cells = {}): Cells {
  const [aNegative, bNegative] = [flags['a_negative'] ?? 0n, flags['b_negative'] ?? 0n]
  const exact = (a - 2n ** 64n * aNegative) * (b - 2n ** 64n * bNegative)
  const product = BigInt.asUintN(128, exact)
  const [c, d] = [product % 2n ** 64n, product >> 64n]
  const signs = aNegative * limbs(b)[0] + bNegative * limbs(a)[0]
  const bits = ['a_negative', 'b_negative', 'c_sign', 'is_high', 'a_signed', 'b_signed', 'is_word']
  return {
    ...chunkCells('a', a),
    ...chunkCells('b', b),
    ...chunkCells('c', c),
    ...chunkCells('d', d),
    ...carryCells(a, b, [-limbs(c)[0], -limbs(c)[1], -limbs(d)[0] - signs]),
    ...Object.fromEntries(bits.map((name) => [name, 0n])),
    wraps: (product - exact) / FULL,
    ...flags,
  }
}

/** A row with some cells moved. */
function moved(row: Cells, by: Cells): Cells {
  return { ...row, ...Object.fromEntries(Object.entries(by).map(([name, step]) => [name, toFelt(row[name]! + step)])) }
}

/** A step of a carry from 0. */
const carry = (i: number, by: bigint): Cells => ({
  [`carry_low[${i}]`]: by % 2n ** 16n,
  [`carry_high[${i}]`]: by >> 16n,
})

const FLAG = 'flags[i] * (1 - flags[i]) === 0'
const RANGE = 'range 0..65535'
const HALF_RANGE = 'range 0..32767 / range 0..65535'
const HIGH = { is_high: 1n }
const SIGNED = { is_high: 1n, a_signed: 1n, b_signed: 1n }
const fraction = (bits: bigint): bigint => inv(2n ** bits)

const FORGERIES: readonly (readonly [what: string, rule: string, cells: Cells])[] = [
  // The operand is 5 and 2^-15 of 2^64: times 2^15 this adds 1 to the high half.
  [
    'a_negative',
    FLAG,
    { ...moved(honestRow(5n, 2n ** 15n, SIGNED), { 'd[0]': 1n }), a_negative: toFelt(-fraction(15n)) },
  ],
  [
    'b_negative',
    FLAG,
    { ...moved(honestRow(2n ** 15n, 5n, SIGNED), { 'd[0]': 1n }), b_negative: toFelt(-fraction(15n)) },
  ],
  ['wraps', FLAG, { ...moved(honestRow(3n, 5n, HIGH), { 'd[2]': 1n }), wraps: fraction(32n) }],
  ['c_sign', FLAG, { ...honestRow(2n ** 16n, 1n, { is_word: 1n }), c_sign: fraction(15n) }],
  ['is_high', FLAG, { ...honestRow(3n, 5n), is_high: 3n }],
  [
    'b_signed alone',
    'b_signed * (1 - a_signed) === 0',
    honestRow(5n, ALL, { is_high: 1n, b_signed: 1n, b_negative: 1n }),
  ],
  [
    'is_word with signs',
    'is_word * (is_high + a_signed) === 0',
    honestRow(3n, 5n, { is_word: 1n, a_signed: 1n, b_signed: 1n }),
  ],
  ['a_negative unsigned', 'a_negative * (1 - a_signed) === 0', honestRow(ALL, 5n, { ...HIGH, a_negative: 1n })],
  ['b_negative unsigned', 'b_negative * (1 - b_signed) === 0', honestRow(5n, ALL, { ...HIGH, b_negative: 1n })],
  ['c_sign of 64 bits', 'c_sign * (1 - is_word) === 0', honestRow(2n ** 31n, 1n, { c_sign: 1n })],
  ['first limb', 'product_limb(a, b, 0) === limb_c[0] + 2**32 * carry[0]', moved(honestRow(3n, 5n), { 'c[0]': 1n })],
  [
    'second limb',
    'product_limb(a, b, 1) + carry[0] === limb_c[1] + 2**32 * carry[1]',
    moved(honestRow(3n, 5n), { 'c[2]': 1n }),
  ],
  ['third limb', 'product_limb(a, b, 2) + carry[1]', moved(honestRow(3n, 5n, HIGH), { 'd[0]': 1n })],
  ['fourth limb', 'product_limb(a, b, 3) + carry[2]', moved(honestRow(3n, 5n, HIGH), { 'd[2]': 1n })],
  ...(['a', 'b'] as const).flatMap((name) => {
    const row = (x: bigint, y: bigint) => (name === 'a' ? honestRow(x, y) : honestRow(y, x))
    const [wide, both] = [0xffffn << 16n, 0xffff_0000_ffff_0000n]
    return [
      // 2^16 * 65535 more in one chunk and less in the next: 2^32 * (2^32 - 1) is -1, so a product is 1 more.
      [
        `${name}[0]`,
        RANGE,
        moved(row(1n, wide), {
          [`${name}[0]`]: -(0xffffn << 16n),
          [`${name}[1]`]: 0xffffn,
          'c[0]': 1n,
          'c[2]': 0xffffn,
          'c[3]': 0xffffn,
          ...carry(0, 0x1_fffen),
        }),
      ],
      [
        `${name}[2]`,
        RANGE,
        moved(row(LIMB, wide), {
          [`${name}[2]`]: -(0xffffn << 16n),
          [`${name}[3]`]: 0xffffn,
          'c[2]': 1n,
          'd[0]': 0xffffn,
          'd[1]': 0xffffn,
          ...carry(1, 0x1_fffen),
        }),
      ],
      // The same number from a chunk that is a fraction, which the carries make up for.
      [
        `${name}[1]`,
        RANGE,
        moved(row(2n, both), {
          [`${name}[0]`]: -1n,
          [`${name}[1]`]: fraction(16n),
          'c[1]': 1n,
          'd[3]': 1n,
          'carry_low[0]': -1n,
          'carry_low[1]': -1n,
          'carry_high[1]': 1n,
          ...carry(2, 0x1_0000n),
        }),
      ],
    ] as const
  }),
  ['a[3], a sign that is not there', HALF_RANGE, honestRow(ALL, 5n, SIGNED)],
  ['b[3], a sign that is not there', HALF_RANGE, honestRow(5n, ALL, SIGNED)],
  ['c[0]', RANGE, moved(honestRow(3n, 5n), { 'c[0]': -LIMB, 'carry_low[0]': 1n, 'c[2]': 1n })],
  ['c[1]', HALF_RANGE, moved(honestRow(3n, 5n), { 'c[1]': -(2n ** 16n), 'carry_low[0]': 1n, 'c[2]': 1n })],
  ['c[1], a sign that is not there', HALF_RANGE, honestRow(2n ** 31n, 1n, { is_word: 1n })],
  ['c[2]', RANGE, moved(honestRow(3n, 5n), { 'c[2]': -LIMB, 'carry_low[1]': 1n, 'd[0]': 1n })],
  ['c[3]', RANGE, moved(honestRow(3n, 5n), { 'c[3]': -(2n ** 16n), 'carry_low[1]': 1n, 'd[0]': 1n })],
  ['d[0]', RANGE, moved(honestRow(3n, 5n, HIGH), { 'd[0]': -LIMB, 'carry_low[2]': 1n, 'd[2]': 1n })],
  ['d[1]', RANGE, moved(honestRow(3n, 5n, HIGH), { 'd[1]': -(2n ** 16n), 'carry_low[2]': 1n, 'd[2]': 1n })],
  ['d[2]', RANGE, moved(honestRow(3n, 5n, HIGH), { 'd[2]': LIMB, wraps: 1n })],
  ['d[3]', RANGE, moved(honestRow(3n, 5n, HIGH), { 'd[3]': 2n ** 16n, wraps: 1n })],
  // A carry of 2^32 - 1 is -2^-32: the limb below is 1 more.
  [
    'carry_low[0]',
    RANGE,
    moved(honestRow(3n, 5n), { 'c[0]': 1n, 'c[2]': 0xffffn, 'c[3]': 0xffffn, 'carry_low[0]': LIMB - 1n }),
  ],
  [
    'carry_low[1]',
    RANGE,
    moved(honestRow(3n, 5n), { 'c[2]': 1n, 'd[0]': 0xffffn, 'd[1]': 0xffffn, 'carry_low[1]': LIMB - 1n }),
  ],
  [
    'carry_low[2]',
    RANGE,
    moved(honestRow(3n, 5n, HIGH), { 'd[0]': 1n, 'd[2]': 0xffffn, 'd[3]': 0xffffn, 'carry_low[2]': LIMB - 1n }),
  ],
  [
    'carry_high',
    'high parts of carries',
    moved(honestRow(3n, 5n), { 'c[0]': 1n, 'c[2]': 0xffffn, 'c[3]': 0xffffn, ...carry(0, LIMB - 1n) }),
  ],
]

test.each(FORGERIES)('without the rule about %s', (_, rule, cells) => {
  const { constraints, lookups, tuples } = judgeWith(judge, 'ArithMul', 0, cells)
  const broken = [...constraints, ...lookups.map((lookup) => lookup.replace(/: .*/, ''))]
  expect([broken, cells]).toEqual([[expect.stringContaining(rule)], cells])
  const said = [...tuples.keys()].filter((tuple) => opcodeByCode(Number(tuple.split(',')[1] ?? 0)) !== undefined)
  expect(said.filter((tuple) => !isTrueOperation(tuple))).not.toEqual([])
})

/** Rules without which there is no false row. */
const REVIEWED: Readonly<Record<string, string>> = {
  '(1 - is_high) * a_signed * (1 - b_signed) === 0': 'the low half with one sign has the code of no operation',
  ...Object.fromEntries(
    ['a_signed', 'b_signed', 'is_word'].map((flag) => [
      `sel * (1 - sel) === 0 (${flag})`,
      'other values select a range that has no table, as the ids of ranges are now',
    ]),
  ),
}

test('every rule is there, at least as often as the AIR has it', () => {
  const air = program.airGroups[0]!.airs.find(({ name }) => name === 'ArithMul')!
  const stages = nodeStages(program, air, air.expressions)
  const labels = air.constraints.filter(({ expression }) => stages[expression]! < 2).map(({ label }) => label)
  const lookups = busTerms(program, air).filter(({ side }) => side === 'assumes')
  const rules = [...FORGERIES.map(([, rule]) => rule), ...Object.keys(REVIEWED)]
  const found = [...labels, ...lookups.map(({ name }) => name)]
  const isAbout = (text: string, rule: string) => text.startsWith(rule) || rule.startsWith(`${text} (`)
  for (const text of new Set(found)) {
    const told = rules.filter((rule) => isAbout(text, rule)).length
    expect(told, text).toBeGreaterThanOrEqual(found.filter((entry) => entry === text).length)
  }
})
