import { BOUNDARY, claim, machineBench } from '@zisk/air-testkit'
import { OP } from '@zisk/core'
import { add, inv, mul } from '@zisk/field'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { binaryShiftWordColumns } from './binary-shift-word-columns.gen.ts'
import { fillBinaryShiftWord } from './fill-binary-shift-word.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'

const program = compileMachine(['binary_shift_word.pil'], 'BinaryShiftWord(); virtual ShiftTable();')
const AMOUNTS = Array.from({ length: 64 }, (_, i) => BigInt(i))
const VALUES = [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 0x89ab_cdefn, 0x7654_3210n]
const claims = [OP.SLL_W, OP.SRL_W].flatMap((op) => [
  ...BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(op, a, b))),
  ...AMOUNTS.flatMap((b) => VALUES.map((a) => claim(op, a, b))),
])
const bench = machineBench({
  program,
  air: 'BinaryShiftWord',
  fill: fillBinaryShiftWord,
  claims,
  inputs: inputsOf(claims),
})
const { judge } = bench

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'BinaryShiftWord')).toMatchFileSnapshot('./binary-shift-word-columns.gen.ts')
})

test('a row costs 33 cells', () => {
  expect(bench.cellsPerRow).toBe(33)
})

test('both operations on boundary operands and by all amounts agree with the oracle', () => {
  expect(bench.report()).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const rows = [...claims.map((_, row) => row).filter((row) => row % 37 === 0), claims.length]
  const report = bench.mutate(rows, 4)
  expect(report.survivors).toEqual([])
  expect(report.lies).toEqual([])
  expect(report.mutations).toBeGreaterThan(1000)
})

/** A forged row for `op(1, amount)` in place of the first one. */
function verdictOf(op: number, amount: bigint, cells: Readonly<Record<string, bigint>>) {
  const row = claims.findIndex(({ op: code, a, b }) => code === op && a === 1n && b === amount)
  const { labels } = judge.instanceOf('BinaryShiftWord')
  const columns = Object.keys(cells).map((label) => bench.machine.witness[labels.indexOf(label)]!)
  const before = columns.map((column) => column[row]!)
  for (const [i, value] of Object.values(cells).entries()) columns[i]![row] = value
  const verdict = judge.judge('BinaryShiftWord', row)
  for (const [i, column] of columns.entries()) column[row] = before[i]!
  return verdict
}

test('an operand has one product: the order of the field more does not fit', () => {
  // 1 = (p + 1) - p: the low word 2 and the high word 2^32 - 1 make the same field element.
  const { constraints, lookups } = verdictOf(OP.SLL_W, 0n, { low: 2n, 'high[0]': 0xffffn, 'high[1]': 0xffffn })
  expect(constraints).toEqual([])
  expect(lookups).not.toEqual([])
})

test('no row of the table has flags and a scale for another is_low than 0 and 1', () => {
  const [isWord, isLow, isP2] = [64n, 16n, 4n]
  for (const scale of [0n, 1n, inv(1n << 16n), inv(1n << 24n)]) {
    const flags = add(isWord + isP2, mul(scale, isLow - isP2))
    expect(flags < 128n).toBe(scale < 2n)
  }
})

test('a shift has one amount, and an operation its own rows of the table', () => {
  expect(verdictOf(OP.SLL_W, 0n, { amount: 1n, power: 2n, low: 2n }).lookups).not.toEqual([])
  // An arithmetic shift fills bits in; a shift of 64 bits is no shift of words.
  for (const op of [OP.SRA_W, OP.SRL, OP.SLL, OP.SIGNEXTEND_W])
    expect(verdictOf(OP.SRL_W, 3n, { op: BigInt(op) }).lookups, `operation ${op}`).not.toEqual([])
})

test('an arithmetic shift by nothing is true here too, and the only one that is', () => {
  const { x, op } = binaryShiftWordColumns(bench.machine)
  const row = claims.findIndex(({ op: code, a, b }) => code === OP.SRL_W && a === 1n && b === 0n)
  expect(x[row]).toBe(1n)
  const { constraints, lookups } = verdictOf(OP.SRL_W, 0n, { op: BigInt(OP.SRA_W) })
  expect([constraints, lookups]).toEqual([[], []])
  expect(op[row]).toBe(BigInt(OP.SRL_W))
})
