import { BOUNDARY, claim, machineBench } from '@zisk/air-testkit'
import { OP } from '@zisk/core'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { fillBinaryAddWord } from './fill-binary-add-word.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'
import { checkForgedClaim } from './testing/forged-claim.ts'

const program = compileMachine(['binary_add_word.pil'], 'BinaryAddWord();')
const claims = BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(OP.ADD_W, a, b)))
const bench = machineBench({ program, air: 'BinaryAddWord', fill: fillBinaryAddWord, claims, inputs: inputsOf(claims) })

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'BinaryAddWord')).toMatchFileSnapshot('./binary-add-word-columns.gen.ts')
})

test('a row costs 17 cells', () => {
  expect(bench.cellsPerRow).toBe(17)
})

test('boundary operands agree with the oracle', () => {
  expect(bench.report()).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const rows = claims.map((_, row) => row).filter((row) => row % 9 === 0)
  const report = bench.mutate(rows, 1)
  expect(report.survivors).toEqual([])
  expect(report.lies).toEqual([])
  expect(report.mutations).toBeGreaterThan(300)
})

test.each([
  ['another sum', 5n, 6n, 12n],
  ['a sum above 32 bits', 0xffff_ffffn, 1n, 1n << 32n],
  ['a sum without its sign', 0x7fff_ffffn, 1n, 0x8000_0000n],
  ['a sum with a sign that it has not', 1n, 1n, 0xffff_ffff_0000_0002n],
])('%s is rejected', (_, a, b, c) => {
  const wrong = { ...claim(OP.ADD_W, a, b), c }
  const report = checkForgedClaim(program, { air: 'BinaryAddWord', fill: fillBinaryAddWord, claim: wrong })
  expect(report.failures.map((failure) => failure.kind)).toContain('bus')
})
