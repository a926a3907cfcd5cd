import { evaluateOperation, isPureOperation, OPCODES } from '@zisk/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runTiny } from '../testing/tiny-machine.ts'
import type { TinyInstruction } from '../testing/tiny-rom.ts'

const PURE = OPCODES.filter((info) => isPureOperation(info.code))

const u64 = (x: bigint): bigint => BigInt.asUintN(64, x)

/** Values around every boundary that an operation can have. */
const BOUNDARIES: readonly bigint[] = [
  ...new Set(
    [0n, 15n, 16n, 21n, 31n, 32n, 33n, 47n, 48n, 52n, 53n, 62n, 63n, 64n]
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

/** Computes one operation on many pairs in one run; a word of RAM per pair takes c, the next whether the flag was clear. */
function runOperation(name: string, pairs: readonly (readonly [bigint, bigint])[]): { c: bigint; flag: boolean }[] {
  const out = 0xa010_0000
  const program = pairs.flatMap(([a, b], i): TinyInstruction[] => [
    { op: name, a: { imm: a }, b: { imm: b }, to: { mem: out + 16 * i }, j: [8, 4] },
    { op: 'copyb', b: { imm: 1 }, to: { mem: out + 16 * i + 8 } },
  ])
  const { machine } = runTiny(program)
  expect(machine.fault?.message).toBeUndefined()
  return pairs.map((_, i) => ({
    c: machine.memory.wordAt(out + 16 * i),
    flag: machine.memory.wordAt(out + 16 * i + 8) === 0n,
  }))
}

describe('the interpreter agrees with the oracle', () => {
  const boundaryPairs = BOUNDARIES.flatMap((a) => BOUNDARIES.map((b) => [a, b] as const))

  test.each(PURE.map((info) => info.name))('%s on all pairs of boundary values', (name) => {
    const { code } = PURE.find((info) => info.name === name)!
    const results = runOperation(name, boundaryPairs)
    boundaryPairs.forEach(([a, b], i) => {
      const expected = evaluateOperation(code, a, b)
      if (results[i]!.c !== expected.c || results[i]!.flag !== expected.flag) {
        expect({ name, a, b, ...results[i] }).toEqual({ name, a, b, ...expected })
      }
    })
  })

  test('every operation on random operands of random magnitude', () => {
    const operand = fc
      .tuple(fc.bigInt(0n, (1n << 64n) - 1n), fc.integer({ min: 0, max: 63 }), fc.boolean())
      .map(([x, shift, negate]) => u64(negate ? -(x >> BigInt(shift)) : x >> BigInt(shift)))
    const pairs = fc.array(fc.tuple(operand, operand), { minLength: 200, maxLength: 200 })
    fc.assert(
      fc.property(pairs, (sample) => {
        for (const { name, code } of PURE) {
          const results = runOperation(name, sample)
          sample.forEach(([a, b], i) => {
            const expected = evaluateOperation(code, a, b)
            if (results[i]!.c !== expected.c || results[i]!.flag !== expected.flag) {
              expect({ name, a, b, ...results[i] }).toEqual({ name, a, b, ...expected })
            }
          })
        }
      }),
      { numRuns: 3 },
    )
  })
})
