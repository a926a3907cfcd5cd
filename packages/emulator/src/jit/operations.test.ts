import { evaluateOperation, isPureOperation, OPCODES } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { tinyMachine } from '../testing/tiny-machine.ts'
import type { Operand, TinyInstruction } from '../testing/tiny-rom.ts'
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
const IMMEDIATES: readonly bigint[] = [0n, 5n, 0x8000_0000n, 0xffff_ffff_ffff_ffffn]
const PAIRS = BOUNDARY.flatMap((a) => BOUNDARY.map((b) => [a, b] as const))

const A = 0xa010_0000
const B = 0xa018_0000
const RESULTS = 0xa020_0000
/** Bytes between the results of one form of the instruction and those of the next. */
const STRIDE = 0x1_0000

/** Operand pairs of one instruction: registers x5 and x6 hold the pair of the array, immediates replace one of them. */
type Form = readonly [a: Exclude<Operand, { ind: number }>, b: Operand]
const FORMS: readonly Form[] = [
  [{ reg: 5 }, { reg: 6 }],
  ...IMMEDIATES.map((imm): Form => [{ reg: 5 }, { imm }]),
  ...IMMEDIATES.map((imm): Form => [{ imm }, { reg: 6 }]),
]

/** Per form, the result for every pair, and the same result once more as the next instruction sees it in `c`. */
function runForms(op: string): bigint[][] {
  const body = FORMS.flatMap(([a, b], i): TinyInstruction[] => [
    { op, a, b, to: { reg: 7 } },
    { op: 'copyb', a: { reg: 12 }, b: 'c', to: { ind: (2 * i + 1) * STRIDE, width: 8 } },
    { op: 'copyb', a: { reg: 12 }, b: { reg: 7 }, to: { ind: 2 * i * STRIDE, width: 8 } },
  ])
  const loop: TinyInstruction[] = [
    { op: 'copyb', a: { reg: 10 }, b: { ind: 0, width: 8 }, to: { reg: 5 } },
    { op: 'copyb', a: { reg: 11 }, b: { ind: 0, width: 8 }, to: { reg: 6 } },
    ...body,
    ...[10, 11, 12].map((reg): TinyInstruction => ({ op: 'add', a: { reg }, b: { imm: 8 }, to: { reg } })),
  ]
  const back: TinyInstruction = { op: 'ltu', a: { reg: 10 }, b: { reg: 14 }, j: [-4 * loop.length, 4] }
  const { machine } = tinyMachine([...loop, back], {
    registers: { 10: BigInt(A), 11: BigInt(B), 12: BigInt(RESULTS), 14: BigInt(A + 8 * PAIRS.length) },
  })
  const words = new DataView(machine.memory.memory.buffer)
  for (const [i, [a, b]] of PAIRS.entries()) {
    words.setBigUint64(A + 8 * i, a, true)
    words.setBigUint64(B + 8 * i, b, true)
  }
  const jit = new Jit({ machine, compileAfter: 0 })
  jit.stepMany(1_000_000)
  expect(machine.status).toBe('ended')
  expect(machine.steps).toBe(3 + (loop.length + 1) * PAIRS.length)
  expect(jit.unitCount).toBeGreaterThan(0)
  return Array.from({ length: 2 * FORMS.length }, (_, i) =>
    PAIRS.map((_pair, j) => words.getBigUint64(RESULTS + i * STRIDE + 8 * j, true)),
  )
}

describe('compiled operations', () => {
  for (const { code, name } of OPCODES) {
    if (!isPureOperation(code) || name === 'pubout') continue
    test(`${name}: agrees with the oracle on boundary operands and immediates`, () => {
      const results = runForms(name)
      for (const [i, [a, b]] of FORMS.entries()) {
        const expected = PAIRS.map(
          ([x, y]) =>
            evaluateOperation(
              code,
              'imm' in Object(a) ? IMMEDIATES[i - 5]! : x,
              'imm' in Object(b) ? IMMEDIATES[i - 1]! : y,
            ).c,
        )
        expect(results[2 * i]).toEqual(expected)
        expect(results[2 * i + 1]).toEqual(expected)
      }
    })
  }
})
