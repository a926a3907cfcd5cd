import { evaluateOperation, isPureOperation, OPCODES } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { tinyMachine } from '../testing/tiny-machine.ts'
import type { TinyInstruction } from '../testing/tiny-rom.ts'
import { Jit } from './jit.ts'

const BOUNDARY: readonly bigint[] = [
  0n,
  1n,
  2n,
  63n,
  64n,
  0x7fn,
  0x80n,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1_0000_0001n,
  0x0123_4567_89ab_cdefn,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0x8000_0000_0000_0001n,
  0xffff_ffff_8000_0000n,
  0xffff_ffff_7fff_ffffn,
  0xffff_ffff_ffff_fffen,
  0xffff_ffff_ffff_ffffn,
]

const A = 0xa010_0000
const B = 0xa018_0000
const C = 0xa020_0000
const LAST = 0xa028_0000

/** Loops over arrays of operands at A and B and stores results at C, and once more, read through `c`, at LAST. */
function loop(instruction: TinyInstruction): TinyInstruction[] {
  return [
    { op: 'copyb', a: { reg: 10 }, b: { ind: 0, width: 8 }, to: { reg: 5 } },
    { op: 'copyb', a: { reg: 11 }, b: { ind: 0, width: 8 }, to: { reg: 6 } },
    { ...instruction, to: { reg: 7 } },
    { op: 'copyb', a: { reg: 13 }, b: 'c', to: { ind: 0, width: 8 } },
    { op: 'copyb', a: { reg: 12 }, b: { reg: 7 }, to: { ind: 0, width: 8 } },
    ...[10, 11, 12, 13].map(
      (reg): TinyInstruction => ({ op: 'add', a: { reg }, b: { imm: 8 }, to: { reg } }),
    ),
    { op: 'ltu', a: { reg: 10 }, b: { reg: 14 }, j: [-36, 4] },
  ]
}

function run(instruction: TinyInstruction, pairs: readonly (readonly [bigint, bigint])[]): bigint[][] {
  const { machine } = tinyMachine(loop(instruction), {
    registers: { 10: BigInt(A), 11: BigInt(B), 12: BigInt(C), 13: BigInt(LAST), 14: BigInt(A + 8 * pairs.length) },
  })
  const words = new DataView(machine.memory.memory.buffer)
  for (const [i, [a, b]] of pairs.entries()) {
    words.setBigUint64(A + 8 * i, a, true)
    words.setBigUint64(B + 8 * i, b, true)
  }
  const jit = new Jit({ machine, variant: 'fast', compileAfter: 0 })
  jit.stepMany(1_000_000)
  expect(machine.status).toBe('ended')
  expect(machine.steps).toBe(3 + 10 * pairs.length)
  const results = (start: number): bigint[] => pairs.map((_pair, i) => words.getBigUint64(start + 8 * i, true))
  return [results(C), results(LAST)]
}

const PAIRS = BOUNDARY.flatMap((a) => BOUNDARY.map((b) => [a, b] as const))

describe('compiled operations', () => {
  for (const { code, name } of OPCODES) {
    if (!isPureOperation(code) || name === 'pubout') continue
    test(`${name}: agrees with the oracle on boundary operands`, () => {
      const instruction: TinyInstruction = { op: name, a: { reg: 5 }, b: { reg: 6 } }
      const expected = PAIRS.map(([a, b]) => evaluateOperation(code, a, b).c)
      expect(run(instruction, PAIRS)).toEqual([expected, expected])
    })
    test(`${name}: agrees with the oracle on immediate operands`, () => {
      for (const imm of [0n, 5n, 0x8000_0000n, 0xffff_ffff_ffff_ffffn]) {
        const byB = PAIRS.map(([a]) => evaluateOperation(code, a, imm).c)
        expect(run({ op: name, a: { reg: 5 }, b: { imm } }, PAIRS)[0]).toEqual(byB)
        const byA = PAIRS.map(([, b]) => evaluateOperation(code, imm, b).c)
        expect(run({ op: name, a: { imm }, b: { reg: 6 } }, PAIRS)[0]).toEqual(byA)
      }
    })
  }
})
