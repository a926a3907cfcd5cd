import { BOUNDARY, claim, machineBench } from '@zisk/air-testkit'
import { OP, OPCODES } from '@zisk/core'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { fillBinaryExtension } from './fill-binary-extension.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'

const OPS = OPCODES.filter(({ type }) => type === 'binaryE').map(({ code }) => code)
const program = compileMachine(['binary_extension.pil'], 'BinaryExtension(); virtual ShiftTable();')
const AMOUNTS = Array.from({ length: 64 }, (_, i) => BigInt(i))
const VALUES = [0n, 1n, 2n ** 31n, 2n ** 63n, 2n ** 64n - 1n, 0x8123_4567_89ab_cdefn, 0x7edc_ba98_7654_3210n]
const claims = OPS.flatMap((op) => [
  ...BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(op, a, b))),
  ...AMOUNTS.flatMap((b) => VALUES.map((a) => claim(op, a, b))),
])
const bench = machineBench({
  program,
  air: 'BinaryExtension',
  fill: fillBinaryExtension,
  claims,
  inputs: inputsOf(claims),
})
const { judge } = bench

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'BinaryExtension')).toMatchFileSnapshot('./binary-extension-columns.gen.ts')
})

test('a row costs 58 cells', () => {
  expect(bench.cellsPerRow).toBe(58)
})

test('all operations on boundary operands and all amounts agree with the oracle', () => {
  expect(OPS).toHaveLength(9)
  expect(bench.report()).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const perOp = claims.length / OPS.length
  const rows = OPS.flatMap((_, i) => [40, 420, 700, 1000, 1100].map((offset) => i * perOp + offset))
  const report = bench.mutate([...rows, claims.length], 4)
  expect(report.survivors).toEqual([])
  expect(report.lies).toEqual([])
  expect(report.mutations).toBeGreaterThan(5000)
})

test('an operand has one product and one amount', () => {
  const { labels } = judge.instanceOf('BinaryExtension')
  const cell = (label: string) => bench.machine.witness[labels.indexOf(label)]!
  const row = claims.findIndex(({ op, a, b }) => op === OP.SLL && a === 1n && b === 0n)
  // 1 = (p + 1) - p: the low word 2 and the high word 2^32 - 1 make the same field element.
  const words: Readonly<Record<string, bigint>> = {
    'low[0][0]': 2n,
    'high[0][0]': 0xffffn,
    'high[0][1]': 0xffffn,
  }
  for (const [label, value] of Object.entries(words)) cell(label)[row] = value
  const verdict = judge.judge('BinaryExtension', row)
  expect(verdict.constraints).toEqual([])
  expect(verdict.lookups).not.toEqual([])
  for (const label of Object.keys(words)) cell(label)[row] = label === 'low[0][0]' ? 1n : 0n
  // An amount that differs from the operand by something that is no multiple of 64.
  cell('amount')[row] = 1n
  cell('power')[row] = 2n
  cell('low[0][0]')[row] = 2n
  expect(judge.judge('BinaryExtension', row).lookups).not.toEqual([])
})
