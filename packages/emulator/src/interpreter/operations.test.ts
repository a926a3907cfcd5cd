import { evaluateOperation, isPureOperation, OPCODES, opcodeByName } from '@zisk/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runTiny } from '../testing/tiny-machine.ts'
import type { TinyInstruction } from '../testing/tiny-rom.ts'

// No run publishes a word twice: interpreter.test.ts is about pubout.
const PURE = OPCODES.filter((info) => isPureOperation(info.code) && info.name !== 'pubout').map((info) => info.name)

const u64 = (x: bigint): bigint => BigInt.asUintN(64, x)

/** Values around every boundary that an operation can have. */
const BOUNDARIES: readonly bigint[] = [
  ...new Set(
    [0n, 16n, 31n, 32n, 33n, 48n, 53n, 62n, 63n]
      .flatMap((bits) => [1n << bits, -(1n << bits)])
      .flatMap((x) => [x - 1n, x, x + 1n])
      .concat([
        0n,
        0x8000_0000_7fff_ffffn,
        0x7fff_ffff_8000_0000n,
        0xffff_ffff_0000_0001n,
        0x0123_4567_89ab_cdefn,
        0x80n,
        0x7fn,
        10n,
      ])
      .map(u64),
  ),
]

/** One operation on two operands. */
type Case = readonly [name: string, a: bigint, b: bigint]

/** Checks many operations in one run; a word of RAM per case takes c, the next whether the flag was clear. */
function expectOracle(cases: readonly Case[]): void {
  const out = 0xa010_0000
  const program = cases.flatMap(([op, a, b], i): TinyInstruction[] => [
    { op, a: { imm: a }, b: { imm: b }, to: { mem: out + 16 * i }, j: [8, 4] },
    { op: 'copyb', b: { imm: 1 }, to: { mem: out + 16 * i + 8 } },
  ])
  const { machine } = runTiny(program)
  expect(machine.fault?.message).toBeUndefined()
  cases.forEach(([name, a, b], i) => {
    const { c, flag } = evaluateOperation(opcodeByName(name)!.code, a, b)
    const gotC = machine.memory.wordAt(out + 16 * i)
    const gotFlag = machine.memory.wordAt(out + 16 * i + 8) === 0n
    // Compared by hand first: a million calls of expect take longer than everything else.
    if (gotC !== c || gotFlag !== flag) expect({ name, a, b, c: gotC, flag: gotFlag }).toEqual({ name, a, b, c, flag })
  })
}

describe('the interpreter agrees with the oracle', () => {
  test.each(PURE)('%s on all pairs of boundary values', (name) => {
    expectOracle(BOUNDARIES.flatMap((a) => BOUNDARIES.map((b): Case => [name, a, b])))
  })

  test('every operation on random operands of random magnitude', () => {
    const operand = fc
      .tuple(fc.bigInt(0n, (1n << 64n) - 1n), fc.integer({ min: 0, max: 63 }), fc.boolean())
      .map(([x, shift, negate]) => u64(negate ? -(x >> BigInt(shift)) : x >> BigInt(shift)))
    const pairs = fc.array(fc.tuple(operand, operand), { minLength: 100, maxLength: 100 })
    fc.assert(
      fc.property(pairs, (sample) => {
        expectOracle(PURE.flatMap((name) => sample.map(([a, b]): Case => [name, a, b])))
      }),
      { numRuns: 5 },
    )
  })
})
