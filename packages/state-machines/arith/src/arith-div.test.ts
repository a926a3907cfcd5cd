import { BOUNDARY, claim, machineBench } from '@zisk/air-testkit'
import { OP, OPCODES } from '@zisk/core'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { fillArithDiv } from './fill-arith-div.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'

const OPS = OPCODES.filter(({ type, code }) => type.startsWith('arithA') && code >= OP.DIVU).map(({ code }) => code)
const program = compileMachine(['arith_div.pil'], 'ArithDiv(); virtual CarryTable();')
const claims = OPS.flatMap((op) => BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(op, a, b))))
const bench = machineBench({ program, air: 'ArithDiv', fill: fillArithDiv, claims, inputs: inputsOf(claims) })

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'ArithDiv')).toMatchFileSnapshot('./arith-div-columns.gen.ts')
})

test('a row costs 90 cells', () => {
  expect(bench.cellsPerRow).toBe(90)
})

test('all operations on boundary operands of every sign agree with the oracle', () => {
  expect(OPS).toHaveLength(8)
  expect(bench.report()).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const perOp = BOUNDARY.length ** 2
  const rows = OPS.flatMap((_, i) => [0, 3, 40, 420, 491, 650, 675].map((offset) => i * perOp + offset))
  const report = bench.mutate([...rows, claims.length], 5)
  expect(report.survivors).toEqual([])
  expect(report.lies).toEqual([])
  expect(report.mutations).toBeGreaterThan(5000)
})
