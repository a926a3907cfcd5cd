import { BOUNDARY, claim, machineBench } from '@zisk/air-testkit'
import { OP } from '@zisk/core'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { fillBinaryLogic } from './fill-binary-logic.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'

const program = compileMachine(['binary_logic.pil'], 'BinaryLogic(); virtual ByteAndTable();')
const claims = [OP.AND, OP.OR, OP.XOR].flatMap((op) => BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(op, a, b))))
const bench = machineBench({ program, air: 'BinaryLogic', fill: fillBinaryLogic, claims, inputs: inputsOf(claims) })
const { judge } = bench

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'BinaryLogic')).toMatchFileSnapshot('./binary-logic-columns.gen.ts')
})

test('a row costs 48 cells', () => {
  expect(bench.cellsPerRow).toBe(48)
})

test('the table holds every pair of bytes with its AND, and nothing else', () => {
  const bytes = Array.from({ length: 256 }, (_, i) => i)
  const expected = bytes.flatMap((a) => bytes.map((b) => `125,${a},${b},${a & b}`.replace(/(,0)+$/, '')))
  expect(new Set(judge.tableOf(125n))).toEqual(new Set(expected))
})

test('boundary operands agree with the oracle', () => {
  expect(bench.report()).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const report = bench.mutate([0, 430, 700, 1100, 1800, 2000, 2040], 2)
  expect(report.survivors).toEqual([])
  expect(report.lies).toEqual([])
  expect(report.mutations).toBeGreaterThan(800)
})

test('an operation of no kind is rejected', () => {
  const column = bench.machine.witness[judge.instanceOf('BinaryLogic').labels.indexOf('kind')]!
  const before = column[5]!
  for (const kind of [3n, 4n, 0xffff_ffff_0000_0000n]) {
    column[5] = kind
    expect(judge.judge('BinaryLogic', 5).constraints).toContain('kind * (kind - 1) * (kind - 2) === 0')
  }
  column[5] = before
})
