import type { AirInstance } from '@zisk/air'
import { BOUNDARY, claim, machineBench } from '@zisk/air-testkit'
import { OP } from '@zisk/core'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { binaryLessColumns } from './binary-less-columns.gen.ts'
import { fillBinaryLess } from './fill-binary-less.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'
import { checkForgedClaim } from './testing/forged-claim.ts'

const program = compileMachine(['binary_less.pil'], 'BinaryLess();')
const claims = BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(OP.LTU, a, b)))
const bench = machineBench({ program, air: 'BinaryLess', fill: fillBinaryLess, claims, inputs: inputsOf(claims) })

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'BinaryLess')).toMatchFileSnapshot('./binary-less-columns.gen.ts')
})

test('a row costs 23 cells', () => {
  expect(bench.cellsPerRow).toBe(23)
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
  ['5 < 5', 5n, 5n, 1n],
  ['6 < 5', 6n, 5n, 1n],
  ['not 5 < 6', 5n, 6n, 0n],
  ['2^32 < 1', 1n << 32n, 1n, 1n],
  ['not 0 < 2^64 - 1', 0n, (1n << 64n) - 1n, 0n],
])('%s is rejected, whatever the borrows are', (_, a, b, result) => {
  const wrong = { ...claim(OP.LTU, a, b), c: result, flag: result === 1n }
  for (const low of [0n, 1n])
    for (const high of [0n, 1n]) {
      const forge = (forged: AirInstance): void => {
        const { borrow } = binaryLessColumns(forged)
        borrow[0][0] = low
        borrow[1][0] = high
      }
      const { failures } = checkForgedClaim(program, { air: 'BinaryLess', fill: fillBinaryLess, claim: wrong, forge })
      expect(failures).not.toEqual([])
    }
})

test('a borrow that is no bit makes 6 less than 5: that rule alone refuses it', () => {
  const wrong = { ...claim(OP.LTU, 6n, 5n), c: 1n, flag: true }
  const forge = (forged: AirInstance): void => {
    const { borrow, d_low: low } = binaryLessColumns(forged)
    // 2^32 (2^32 - 1) = -1 modulo the order of the field.
    borrow[0][0] = (1n << 32n) - 1n
    borrow[1][0] = 1n
    low[0][0] = 0n
    low[1][0] = 1n
  }
  const { failures } = checkForgedClaim(program, { air: 'BinaryLess', fill: fillBinaryLess, claim: wrong, forge })
  expect(failures.map((failure) => failure.kind === 'constraint' && failure.label)).toEqual([
    'borrow[i] * (1 - borrow[i]) === 0',
  ])
})
