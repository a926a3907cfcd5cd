import { BOUNDARY, claim, machineBench } from '@zisk/air-testkit'
import { OP } from '@zisk/core'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { fillBinaryAdd } from './fill-binary-add.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'
import { checkForgedClaim } from './testing/forged-claim.ts'

const program = compileMachine(['binary_add.pil'], 'BinaryAdd();')
const claims = BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(OP.ADD, a, b)))
const bench = machineBench({ program, air: 'BinaryAdd', fill: fillBinaryAdd, claims, inputs: inputsOf(claims) })

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'BinaryAdd')).toMatchFileSnapshot('./binary-add-columns.gen.ts')
})

test('a row costs 23 cells', () => {
  expect(bench.cellsPerRow).toBe(23)
})

test('boundary operands agree with the oracle', () => {
  expect(bench.report()).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const report = bench.mutate([0, 27, 210, 391, 650, 675, 900], 1)
  expect(report.survivors).toEqual([])
  expect(report.lies).toEqual([])
  expect(report.mutations).toBeGreaterThan(300)
})

test('a false sum is rejected, also with a padding size that fits', () => {
  const wrong = { ...claim(OP.ADD, 5n, 6n), c: 12n }
  const report = checkForgedClaim(program, { air: 'BinaryAdd', fill: fillBinaryAdd, claim: wrong })
  expect(report.failures.map((failure) => failure.kind)).toContain('bus')
})
