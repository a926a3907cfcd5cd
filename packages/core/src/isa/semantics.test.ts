import { describe, expect, test } from 'vitest'
import { OP, opcodeByName } from './opcodes.ts'
import { evaluateOperation, isPureOperation } from './semantics.ts'

const ALL = 2n ** 64n - 1n
const MIN64 = 2n ** 63n
const MAX64 = MIN64 - 1n
const MIN32 = 0xffff_ffff_8000_0000n
const BOUNDARY = [
  0n,
  1n,
  2n,
  31n,
  32n,
  63n,
  64n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  MAX64,
  MIN64,
  MIN32,
  ALL,
]

/** name, a, b, c, flag */
const CASES: readonly (readonly [string, bigint, bigint, bigint, boolean])[] = [
  ['flag', 1n, 2n, 0n, true],
  ['copyb', 1n, 2n, 2n, false],
  ['add', ALL, 1n, 0n, false],
  ['sub', 0n, 1n, ALL, false],
  ['add_w', 0x7fff_ffffn, 1n, MIN32, false],
  ['add_w', 0xffff_ffff_0000_0000n, 5n, 5n, false],
  ['sub_w', MIN32, 1n, 0x7fff_ffffn, false],
  ['lt', ALL, 0n, 1n, true],
  ['ltu', ALL, 0n, 0n, false],
  ['lt', MIN64, MAX64, 1n, true],
  ['le', 5n, 5n, 1n, true],
  ['leu', 6n, 5n, 0n, false],
  ['eq', ALL, ALL, 1n, true],
  ['eq_w', 0x1_0000_0001n, 1n, 1n, true],
  ['lt_w', 0x8000_0000n, 0n, 1n, true],
  ['ltu_w', 0x8000_0000n, 0n, 0n, false],
  ['min', ALL, 1n, ALL, false],
  ['minu', ALL, 1n, 1n, false],
  ['max_w', 0x8000_0000n, 0n, 0n, false],
  ['maxu_w', 0x8000_0000n, 0n, MIN32, false],
  ['sll', 1n, 64n, 1n, false],
  ['sll', 1n, 63n, MIN64, false],
  ['srl', MIN64, 127n, 1n, false],
  ['sra', MIN64, 63n, ALL, false],
  ['sll_w', 1n, 31n, MIN32, false],
  ['sll_w', 1n, 32n, 1n, false],
  ['srl_w', ALL, 1n, 0x7fff_ffffn, false],
  ['sra_w', 0x8000_0000n, 31n, ALL, false],
  ['signextend_b', 0n, 0x180n, 0xffff_ffff_ffff_ff80n, false],
  ['signextend_h', 0n, 0x1_7fffn, 0x7fffn, false],
  ['signextend_w', 0n, 0x8000_0000n, MIN32, false],
  ['mul', ALL, ALL, 1n, false],
  ['muluh', ALL, ALL, ALL - 1n, false],
  ['mulh', ALL, ALL, 0n, false],
  ['mulh', MIN64, MIN64, 2n ** 62n, false],
  ['mulsuh', ALL, ALL, ALL, false],
  ['mul_w', 0x7fff_ffffn, 2n, ALL - 1n, false],
  ['divu', 7n, 0n, ALL, true],
  ['remu', 7n, 0n, 7n, true],
  ['div', 7n, 0n, ALL, true],
  ['rem', ALL, 0n, ALL, true],
  ['div', MIN64, ALL, MIN64, false],
  ['rem', MIN64, ALL, 0n, false],
  ['div', ALL - 6n, 2n, ALL - 2n, false],
  ['rem', ALL - 6n, 3n, ALL, false],
  ['rem', 7n, ALL - 2n, 1n, false],
  ['divu_w', 7n, 2n ** 32n, ALL, true],
  ['remu_w', 0x8000_0000n, 0n, MIN32, true],
  ['div_w', 0x8000_0000n, 0xffff_ffffn, MIN32, false],
  ['rem_w', 0x8000_0000n, 0xffff_ffffn, 0n, false],
  ['divu_w', 0xffff_ffffn, 1n, ALL, false],
]

describe('evaluateOperation', () => {
  test.each(CASES)('%s(%d, %d)', (name, a, b, c, flag) => {
    expect(evaluateOperation(opcodeByName(name)!.code, a, b)).toEqual({ c, flag })
  })

  test('results fit 64 bits, and those of 32-bit operations are sign-extended', () => {
    for (const op of Object.values(OP).filter(isPureOperation)) {
      for (const a of BOUNDARY) {
        for (const b of BOUNDARY) {
          const { c } = evaluateOperation(op, a, b)
          expect(c >= 0n && c <= ALL).toBe(true)
          if (op >= OP.MULU && op !== OP.MUL_W && op < OP.DIVU_W) continue
          const is32 = [OP.ADD_W, OP.SUB_W, OP.MUL_W, OP.DIVU_W, OP.REMU_W, OP.DIV_W, OP.REM_W, OP.SRL_W].some(
            (w) => w === op,
          )
          if (is32) expect(BigInt.asUintN(64, BigInt.asIntN(32, c))).toBe(c)
        }
      }
    }
  })

  test('quotient and remainder agree wherever the divisor is not zero', () => {
    for (const a of BOUNDARY) {
      for (const b of BOUNDARY.filter((value) => value !== 0n)) {
        for (const [quotient, remainder] of [
          [OP.DIV, OP.REM],
          [OP.DIVU, OP.REMU],
        ] as const) {
          const q = evaluateOperation(quotient, a, b).c
          const r = evaluateOperation(remainder, a, b).c
          expect(BigInt.asUintN(64, q * b + r)).toBe(a)
        }
      }
    }
  })

  test('refuses what is not a function of its operands', () => {
    for (const op of [OP.HALT, OP.FCALL, OP.FCALL_GET, OP.FCALL_PARAM, 0xf1, 0x08, 256]) {
      expect(isPureOperation(op)).toBe(false)
      expect(() => evaluateOperation(op, 0n, 0n)).toThrow(RangeError)
    }
  })
})
