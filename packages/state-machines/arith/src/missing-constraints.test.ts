import { type AirInstance, createInstance } from '@zisk/air'
import { claim, clientOf, complete, createRowJudge, isTrueOperation, mutateRows } from '@zisk/air-testkit'
import { OP } from '@zisk/core'
import type { OperationSlice } from '@zisk/witness'
import { describe, expect, test } from 'vitest'
import { fillArithDiv } from './fill-arith-div.ts'
import { fillArithMul } from './fill-arith-mul.ts'
import { compileWithout, inputsOf } from './testing/compile-machine.ts'

const ALL = 2n ** 64n - 1n
const OPERANDS = [0n, 1n, 7n, 0x100n, 2n ** 32n - 1n, 2n ** 63n, ALL - 6n, ALL]

/** Rows of a weakened machine that a single change makes false, or that two witnesses have. */
function caught(options: {
  readonly file: string
  readonly air: string
  readonly statement: string
  readonly ops: readonly number[]
  readonly fill: (instance: AirInstance, slice: OperationSlice) => void
}): number {
  const { air, ops, fill } = options
  const program = compileWithout(options.file, options.statement, `${air}(); virtual CarryTable();`)
  const claims = ops.flatMap((op) => OPERANDS.flatMap((a) => OPERANDS.map((b) => claim(op, a, b))))
  const instance = createInstance(program, { air })
  fill(instance, { inputs: inputsOf(claims), from: 0, count: claims.length })
  const judge = createRowJudge(program, complete(program, [clientOf(program, claims), instance]))
  const report = mutateRows(judge, {
    air,
    rows: [...claims.keys()].filter((row) => row % 3 === 0),
    seed: 8,
    isTrue: isTrueOperation,
  })
  return report.survivors.length + report.lies.length
}

describe('the mutation tests notice a missing constraint', () => {
  test.each([
    'flags[i] * (1 - flags[i]) === 0;',
    'b_negative * (1 - b_signed) === 0;',
    'product_limb(a, b, 1) + carry[0] === limb_c[1] + 2**32 * carry[1];',
    'multi_range_check(b[3] - 2**15 * b_negative, 0, 2**15 - 1, 0, 2**16 - 1, b_signed);',
  ])('of ArithMul: %s', (statement) => {
    const ops = [OP.MULUH, OP.MULH, OP.MUL]
    expect(caught({ file: 'arith_mul.pil', air: 'ArithMul', statement, ops, fill: fillArithMul })).toBeGreaterThan(0)
  })

  test.each([
    'by_zero * (q[i] - (2**16 - 1)) === 0;',
    'is_word * (result_high - (2**32 - 1) * result_sign) === 0;',
    'range_check(result_mid - 2**15 * result_sign, 0, 2**15 - 1);',
    'result_mid === q[1] + is_remainder * (r[1] - q[1]);',
  ])('of ArithDiv: %s', (statement) => {
    const ops = [OP.DIVU, OP.DIV_W, OP.REM_W]
    expect(caught({ file: 'arith_div.pil', air: 'ArithDiv', statement, ops, fill: fillArithDiv })).toBeGreaterThan(0)
  })
})
