import { airCost, createChecker, createInstance, findAir, formatReport } from '@zisk/air'
import {
  BOUNDARY,
  claim,
  clientOf,
  complete,
  createRowJudge,
  heightFor,
  isTrueOperation,
  mutateRows,
} from '@zisk/air-testkit'
import { OP, OPCODES } from '@zisk/core'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { fillArithMul } from './fill-arith-mul.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'

const OPS = OPCODES.filter(({ type, code }) => type.startsWith('arithA') && code < OP.DIVU).map(({ code }) => code)
const program = compileMachine(['arith_mul.pil'], 'ArithMul(); virtual CarryTable();')
const claims = OPS.flatMap((op) => BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(op, a, b))))
const machine = createInstance(program, { air: 'ArithMul', rows: heightFor(claims.length) })
fillArithMul(machine, { inputs: inputsOf(claims), from: 0, count: claims.length })
const honest = complete(program, [clientOf(program, claims), machine])
const judge = createRowJudge(program, honest)

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'ArithMul')).toMatchFileSnapshot('./arith-mul-columns.gen.ts')
})

test('a row costs 69 cells', () => {
  const { airGroup, air } = findAir(program, 'ArithMul')
  expect(airCost(program, program.airGroups[airGroup]!.airs[air]!).cellsPerRow).toBe(69)
})

test('all operations on boundary operands of every sign agree with the oracle', () => {
  expect(OPS).toHaveLength(6)
  expect(formatReport(createChecker(program).check(honest))).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const perOp = BOUNDARY.length ** 2
  const rows = OPS.flatMap((_, i) => [0, 3, 40, 420, 491, 650, 675].map((offset) => i * perOp + offset))
  const report = mutateRows(judge, {
    air: 'ArithMul',
    rows: [...rows, claims.length],
    seed: 5,
    isTrue: isTrueOperation,
  })
  console.log(`ArithMul: ${report.killed} of ${report.mutations} mutations reported`)
  expect(report.survivors).toEqual([])
  expect(report.lies).toEqual([])
  expect(report.mutations).toBeGreaterThan(5000)
})
