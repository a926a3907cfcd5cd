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
import { OP } from '@zisk/core'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { fillBinaryAdd } from './fill-binary-add.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'

const program = compileMachine(['binary_add.pil'], 'BinaryAdd();')
const claims = BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(OP.ADD, a, b)))
const machine = createInstance(program, { air: 'BinaryAdd', rows: heightFor(claims.length) })
fillBinaryAdd(machine, { inputs: inputsOf(claims), from: 0, count: claims.length })
const honest = complete(program, [clientOf(program, claims), machine])

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'BinaryAdd')).toMatchFileSnapshot('./binary-add-columns.gen.ts')
})

test('a row costs 23 cells', () => {
  const { airGroup, air } = findAir(program, 'BinaryAdd')
  expect(airCost(program, program.airGroups[airGroup]!.airs[air]!).cellsPerRow).toBe(23)
})

test('boundary operands agree with the oracle', () => {
  const report = createChecker(program).check(honest)
  expect(formatReport(report)).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const judge = createRowJudge(program, honest)
  const report = mutateRows(judge, {
    air: 'BinaryAdd',
    rows: [0, 27, 210, 391, 650, 675, 900],
    seed: 1,
    isTrue: isTrueOperation,
  })
  console.log(`BinaryAdd: ${report.killed} of ${report.mutations} mutations reported`)
  expect(report.survivors).toEqual([])
  expect(report.lies).toEqual([])
  expect(report.mutations).toBeGreaterThan(300)
})

test('a false sum is rejected, also with a padding size that fits', () => {
  const wrong = { ...claim(OP.ADD, 5n, 6n), c: 12n }
  const forged = createInstance(program, { air: 'BinaryAdd' })
  fillBinaryAdd(forged, { inputs: inputsOf([wrong]), from: 0, count: 1 })
  const report = createChecker(program).check(complete(program, [clientOf(program, [wrong]), forged]))
  expect(report.failures.map((failure) => failure.kind)).toContain('bus')
})
