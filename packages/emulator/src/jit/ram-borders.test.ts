/** Compiled code around the addresses where stores are not just stores: the UART, and the start of RAM, where stacks end. */
import { ADDRESS, MEMORY_MAPS } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { HOST_LAYOUT } from '../guest-memory.ts'
import { ReadRecorder } from '../read-recorder.ts'
import { type TinyMachine, tinyMachine } from '../testing/tiny-machine.ts'
import type { TinyInstruction } from '../testing/tiny-rom.ts'
import { Jit } from './jit.ts'

const { ram } = MEMORY_MAPS['v0.18']
const ROUNDS = 400

/**
 * Walks a pointer by `step` bytes a round. In each, a store of eight bytes at one offset, whose check covers what follows,
 * and a store of `width` bytes at another, by the pointer itself and by a copy of it.
 */
const walk = (step: number, [covers, follows, ofCopy]: readonly [number, number, number], width: 1 | 2) =>
  [
    { op: 'copyb', a: { reg: 6 }, b: { reg: 5 }, to: { ind: covers, width: 8 } },
    { op: 'copyb', a: { reg: 6 }, b: { reg: 5 }, to: { ind: follows, width } },
    { op: 'add', a: { reg: 6 }, b: { imm: 8 }, to: { reg: 7 } },
    { op: 'copyb', a: { reg: 7 }, b: { reg: 5 }, to: { ind: ofCopy, width } },
    { op: 'copyb', a: { reg: 6 }, b: { ind: follows, width }, to: { reg: 8 } },
    { op: 'add', a: { reg: 6 }, b: { imm: BigInt(step) }, to: { reg: 6 } },
    { op: 'add', a: { reg: 5 }, b: { imm: 1 }, to: { reg: 5 } },
    { op: 'ltu', a: { reg: 5 }, b: { imm: ROUNDS }, j: [-28, 4] },
  ] satisfies readonly TinyInstruction[]

/** Everything that a run shows around an address. */
function shown({ machine, printed }: TinyMachine, around: number): object {
  machine.uart.flush()
  const at = around - ram.start
  const { status, steps, registers, fault } = machine
  const bytes = Buffer.from(machine.memory.ramBytes.slice(Math.max(0, at - 8192), at + 8192)).toString('hex')
  return { status, steps, registers: [...registers], fault: fault?.toJSON(), printed: [...printed], bytes }
}

function expectTheSame(program: readonly TinyInstruction[], start: number): TinyMachine {
  const make = (): TinyMachine => tinyMachine(program, { registers: { 6: BigInt(start) } })
  const oracle = make()
  oracle.interpreter.stepMany(100_000)
  for (const isTraced of [false, true]) {
    const tiny = make()
    const jit = new Jit({ machine: tiny.machine, compileAfter: 0 })
    const area = new Int32Array(tiny.machine.memory.memory.buffer, HOST_LAYOUT.trace, 2 ** 20)
    jit.stepMany(100_000, isTraced ? new ReadRecorder(area) : undefined)
    expect(jit.unitCount).toBeGreaterThan(0)
    expect(shown(tiny, start)).toEqual(shown(oracle, start))
  }
  return oracle
}

describe.each([1, 8, -1, -8])('a pointer that moves by %i', (step) => {
  const offsets = [
    [0, 0, -8],
    [64, -128, 64],
    [-2000, 2040, -300],
    [4096, -4000, 8],
  ] as const

  test.each(offsets)('over the UART prints bytes, and nothing else: offsets %i, %i, %i', (...at) => {
    for (const width of [1, 2] as const) {
      const middle = ADDRESS.uart - at[1]
      const oracle = expectTheSame(walk(step, at, width), middle - (step * ROUNDS) / 2)
      expect(oracle.printed.length > 0).toBe(width === 1)
    }
  })

  test.each(offsets)('over the start of RAM faults where it is: offsets %i, %i, %i', (...at) => {
    const start = ram.start - Math.min(...at) - (step * ROUNDS) / 2
    const oracle = expectTheSame(walk(step, at, 1), start)
    expect(oracle.machine.fault?.code).toBe('STACK_OVERFLOW')
  })
})
