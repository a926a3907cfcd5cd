import { BOUNDARY, claim, machineBench } from '@zisk/air-testkit'
import { OP, OPCODES } from '@zisk/core'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { fillArithMul } from './fill-arith-mul.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'

const OPS = OPCODES.filter(({ type, code }) => type.startsWith('arithA') && code < OP.DIVU).map(({ code }) => code)
const program = compileMachine(['arith_mul.pil'], 'ArithMul(); virtual CarryTable();')
const claims = OPS.flatMap((op) => BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(op, a, b))))
const bench = machineBench({ program, air: 'ArithMul', fill: fillArithMul, claims, inputs: inputsOf(claims) })

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'ArithMul')).toMatchFileSnapshot('./arith-mul-columns.gen.ts')
})

test('a row costs 69 cells', () => {
  expect(bench.cellsPerRow).toBe(69)
})

test('all operations on boundary operands of every sign agree with the oracle', () => {
  expect(OPS).toHaveLength(6)
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
