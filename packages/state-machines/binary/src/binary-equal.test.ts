import type { AirInstance } from '@zisk/air'
import { BOUNDARY, claim, machineBench } from '@zisk/air-testkit'
import { OP } from '@zisk/core'
import { add, inv, mul, sub } from '@zisk/field'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { binaryEqualColumns } from './binary-equal-columns.gen.ts'
import { fillBinaryEqual } from './fill-binary-equal.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'
import { checkForgedClaim } from './testing/forged-claim.ts'

const LOW = 0xffff_ffffn
const program = compileMachine(['binary_equal.pil'], 'BinaryEqual();')
const claims = BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(OP.EQ, a, b)))
const bench = machineBench({ program, air: 'BinaryEqual', fill: fillBinaryEqual, claims, inputs: inputsOf(claims) })

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'BinaryEqual')).toMatchFileSnapshot('./binary-equal-columns.gen.ts')
})

test('a row costs 15 cells', () => {
  expect(bench.cellsPerRow).toBe(15)
})

test('boundary operands agree with the oracle', () => {
  expect(bench.report()).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const rows = claims.map((_, row) => row).filter((row) => row % 9 === 0)
  const report = bench.mutate(rows, 1)
  // A pair of limbs that agree has no use for its inverse.
  const isUseless = (column: string, row: number): boolean => {
    const { a, b } = claims[row]!
    return column === 'inverse[0]' ? (a & LOW) === (b & LOW) : column === 'inverse[1]' && a >> 32n === b >> 32n
  }
  expect(report.survivors.filter(({ column, row }) => !isUseless(column, row))).toEqual([])
  expect(report.lies).toEqual([])
  expect(report.mutations).toBeGreaterThan(300)
})

test.each([
  ['unequal numbers that are equal', 5n, 6n, 1n],
  ['equal numbers that are unequal', 5n, 5n, 0n],
  ['numbers that differ in the high limb alone', 5n, 5n + (1n << 32n), 1n],
  ['numbers whose difference is the order of the field', (1n << 64n) - (1n << 32n) + 1n, 0n, 1n],
])('%s are rejected, whatever the inverses are', (_, a, b, result) => {
  const wrong = { ...claim(OP.EQ, a, b), c: result, flag: result === 1n }
  const differences = [
    sub(a & LOW, b & LOW),
    sub(a >> 32n, b >> 32n),
    sub(add(a & LOW, mul(1n << 32n, a >> 32n)), add(b & LOW, mul(1n << 32n, b >> 32n))),
  ]
  const guesses = [0n, 1n, ...differences.filter((d) => d !== 0n).map((d) => inv(d))]
  for (const low of guesses)
    for (const high of guesses) {
      const forge = (forged: AirInstance): void => {
        const { inverse } = binaryEqualColumns(forged)
        inverse[0][0] = low
        inverse[1][0] = high
      }
      const { failures } = checkForgedClaim(program, { air: 'BinaryEqual', fill: fillBinaryEqual, claim: wrong, forge })
      expect(failures).not.toEqual([])
    }
})
