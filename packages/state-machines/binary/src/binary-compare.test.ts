import { BOUNDARY, claim, isAccepted, isTrueOperation, judgeWith, machineBench } from '@zisk/air-testkit'
import { OP, OPCODES } from '@zisk/core'
import { columnsModule } from '@zisk/pilc'
import { expect, test } from 'vitest'
import { fillBinaryCompare } from './fill-binary-compare.ts'
import { compileMachine, inputsOf } from './testing/compile-machine.ts'

const LOGIC: readonly number[] = [OP.AND, OP.OR, OP.XOR, OP.ADD]
const OPS = OPCODES.filter(({ type, code }) => type === 'binary' && !LOGIC.includes(code)).map(({ code }) => code)
const program = compileMachine(['binary_compare.pil'], 'BinaryCompare();')
const claims = OPS.flatMap((op) => BOUNDARY.flatMap((a) => BOUNDARY.map((b) => claim(op, a, b))))
const bench = machineBench({ program, air: 'BinaryCompare', fill: fillBinaryCompare, claims, inputs: inputsOf(claims) })
const { judge } = bench
const rowOf = (op: number, a: bigint, b: bigint): number => {
  const found = claims.findIndex((entry) => entry.op === op && entry.a === a && entry.b === b)
  if (found < 0) throw new RangeError(`no row has ${op} of ${a} and ${b}`)
  return found
}

test('the committed column names are those of the program', async () => {
  await expect(columnsModule(program, 'BinaryCompare')).toMatchFileSnapshot('./binary-compare-columns.gen.ts')
})

test('a row costs 45 cells', () => {
  expect(bench.cellsPerRow).toBe(45)
})

test('all operations on boundary operands agree with the oracle', () => {
  expect(OPS).toHaveLength(21)
  expect(bench.report()).toContain('all hold')
})

test('no changed cell of a row survives', () => {
  const rows = OPS.flatMap((_, i) => [i * BOUNDARY.length ** 2 + 40, i * BOUNDARY.length ** 2 + 420])
  const report = bench.mutate([...rows, claims.length], 3)
  expect(report.survivors).toEqual([])
  expect(report.lies).toEqual([])
  expect(report.mutations).toBeGreaterThan(5000)
})

test('no choice of flags turns a row into a false statement', () => {
  const flags = ['borrow[0]', 'borrow[1]', 'x_sign', 'y_sign', 'is_signed', 'e', 'holds', 'c[0]']
  const rows = [
    rowOf(OP.LEU, 7n, 7n),
    rowOf(OP.LE, 2n ** 63n, 2n ** 63n - 1n),
    rowOf(OP.LT, 2n ** 64n - 1n, 2n ** 64n - 2n),
    rowOf(OP.EQ, 2n ** 32n, 2n ** 32n),
    rowOf(OP.LT_W, 2n ** 31n, 1n),
    rowOf(OP.EQ, 1n, 2n ** 32n),
  ]
  for (const row of rows) {
    for (let bits = 0; bits < 2 ** flags.length; bits++) {
      const cells = Object.fromEntries(flags.map((label, i) => [label, BigInt((bits >> i) & 1)]))
      const verdict = judgeWith(judge, 'BinaryCompare', row, cells)
      if (!isAccepted(verdict)) continue
      expect([...verdict.tuples.keys()].filter((tuple) => !isTrueOperation(tuple))).toEqual([])
    }
  }
})

test('published forgeries have no row', () => {
  // C-01: a carry into the lowest limb. There is none but `e`, which differences force to 0.
  const sub = judgeWith(judge, 'BinaryCompare', rowOf(OP.SUB, 7n, 2n), { e: 1n, 'c[0]': 4n, 'd_low[0]': 4n })
  expect(sub.constraints.join()).toContain('* e === 0')
  // H-01: LE and LEU of equal high limbs are decided by the low ones.
  expect(judgeWith(judge, 'BinaryCompare', rowOf(OP.LEU, 7n, 2n), { holds: 1n, 'c[0]': 1n }).constraints).not.toEqual(
    [],
  )
  // H-02: results of 32-bit operations are extended by their own sign.
  expect(judgeWith(judge, 'BinaryCompare', rowOf(OP.SUB_W, 0n, 1n), { 'c[1]': 0n }).constraints).not.toEqual([])
  // High limbs of 32-bit operands cannot take part.
  expect(judgeWith(judge, 'BinaryCompare', rowOf(OP.LTU_W, 1n, 2n), { 'x[0]': 5n }).constraints).not.toEqual([])
  // A flag that is no bit.
  expect(judgeWith(judge, 'BinaryCompare', rowOf(OP.LTU, 1n, 2n), { is_compare: 2n }).constraints).not.toEqual([])
})
