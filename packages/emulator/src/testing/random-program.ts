/** Random programs that end: every operation, operand source and store kind, with memory accesses of every alignment. */

import { isPureOperation, OPCODES } from '@zisk/core'
import type { Destination, Operand, TinyInstruction } from './tiny-rom.ts'

const NAMES = OPCODES.filter((info) => isPureOperation(info.code) && info.name !== 'pubout').map((info) => info.name)
const WIDTHS = [1, 2, 4, 8] as const

/** RAM that the programs use; register 1 points at it. */
const WINDOW = 0xa010_0000
const WINDOW_BYTES = 256
/** Register with the loop counter. */
const COUNTER = 31

/** Deterministic generator of 32-bit numbers (mulberry32). */
export function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b_79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return Math.floor((((x ^ (x >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** A loop of `length` random instructions, executed `times` times; takes about `(length + 2) * times` steps. */
export function randomProgram(seed: number, length: number, times: number): TinyInstruction[] {
  const random = createRandom(seed)
  const register = (): number => 2 + random(20)
  const word = (): number => WINDOW + 8 * random(WINDOW_BYTES / 8)
  const simple = (): Exclude<Operand, { readonly ind: number }> => {
    const kinds = [
      (): { reg: number } => ({ reg: register() }),
      (): { reg: number } => ({ reg: register() }),
      (): { imm: bigint } => ({ imm: BigInt(random(2 ** 32)) << BigInt(random(33)) }),
      (): { mem: number } => ({ mem: word() }),
      (): 'c' => 'c',
    ]
    return kinds[random(kinds.length)]!()
  }
  const instruction = (): TinyInstruction => {
    const op = NAMES[random(NAMES.length)]!
    const width = WIDTHS[random(4)]!
    const indirect = { ind: random(WINDOW_BYTES - 8), width }
    const j = [4, 8, 12][random(3)]!
    const shape = random(10)
    if (shape < 3) return { op, a: { reg: 1 }, b: indirect, to: destination(), j: [j, 4] }
    if (shape < 6) return { op, a: { reg: 1 }, b: simple(), to: indirect, j: [4, j] }
    return { op, a: simple(), b: simple(), to: destination(), j: [j, 4], storePc: shape === 9 }
  }
  const destination = (): Destination => (random(4) === 0 ? { mem: word() } : { reg: register() })
  const nop: TinyInstruction = { op: 'flag' }
  const body = Array.from({ length }, instruction)
  return [
    { op: 'copyb', b: { imm: WINDOW }, to: { reg: 1 } },
    ...body,
    nop,
    nop,
    { op: 'add', a: { reg: COUNTER }, b: { imm: 1 }, to: { reg: COUNTER } },
    { op: 'ltu', a: { reg: COUNTER }, b: { imm: times }, j: [-4 * (length + 3), 4] },
  ]
}
