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
import { fillBinaryAddWord } from './fill-binary-add-word.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'
import { checkForgedClaim } from './testing/forged-claim.ts'

const program = compileMachine(['binary_add_word.pil'], 'BinaryAddWord();')
const claims = BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(OP.ADD_W, a, b)))
const machine = createInstance(program, { air: 'BinaryAddWord', rows: heightFor(claims.length) })
fillBinaryAddWord(machine, { inputs: inputsOf(claims), from: 0, count: claims.length })
const honest = complete(program, [clientOf(program, claims), machine])

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'BinaryAddWord')).toMatchFileSnapshot('./binary-add-word-columns.gen.ts')
})

test('a row costs 17 cells', () => {
  const { airGroup, air } = findAir(program, 'BinaryAddWord')
  expect(airCost(program, program.airGroups[airGroup]!.airs[air]!).cellsPerRow).toBe(17)
})

test('boundary operands agree with the oracle', () => {
  const report = createChecker(program).check(honest)
  expect(formatReport(report)).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const judge = createRowJudge(program, honest)
  const rows = claims.map((_, row) => row).filter((row) => row % 9 === 0)
  const report = mutateRows(judge, { air: 'BinaryAddWord', rows, seed: 1, isTrue: isTrueOperation })
  console.log(`BinaryAddWord: ${report.killed} of ${report.mutations} mutations reported`)
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
