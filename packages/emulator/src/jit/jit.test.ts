import { processorMs } from '@zisk/core/processor-ms'
import { describe, expect, test } from 'vitest'
import { HOST_LAYOUT } from '../guest-memory.ts'
import { decodeRom } from '../interpreter/decoded-rom.ts'
import { ReadRecorder } from '../read-recorder.ts'
import { runMachine } from '../run-machine.ts'
import { tinyMachine } from '../testing/tiny-machine.ts'
import { TINY_CODE, type TinyInstruction } from '../testing/tiny-rom.ts'
import { Jit } from './jit.ts'

const STACK = 0xb000_0000n

/** `f(n) = n === 0 ? 0 : f(n - 1) + n` with a frame of 16 bytes; x10 is n and the result. */
const RECURSION: readonly TinyInstruction[] = [
  { op: 'flag', storePc: true, to: { reg: 1 }, j: [12, 4] },
  { op: 'copyb', b: { reg: 10 }, to: { reg: 11 } },
  { op: 'flag', j: [56, 56] },
  { op: 'eq', a: { reg: 10 }, b: { imm: 0 }, j: [48, 4] },
  { op: 'add', a: { reg: 2 }, b: { imm: -16n }, to: { reg: 2 } },
  { op: 'copyb', a: { reg: 2 }, b: { reg: 1 }, to: { ind: 0, width: 8 } },
  { op: 'copyb', a: { reg: 2 }, b: { reg: 10 }, to: { ind: 8, width: 8 } },
  { op: 'add', a: { reg: 10 }, b: { imm: -1n }, to: { reg: 10 } },
  { op: 'flag', storePc: true, to: { reg: 1 }, j: [-20, 4] },
  { op: 'copyb', a: { reg: 2 }, b: { ind: 8, width: 8 }, to: { reg: 5 } },
  { op: 'copyb', a: { reg: 2 }, b: { ind: 0, width: 8 }, to: { reg: 1 } },
  { op: 'add', a: { reg: 2 }, b: { imm: 16n }, to: { reg: 2 } },
  { op: 'add', a: { reg: 10 }, b: { reg: 5 }, to: { reg: 10 } },
  { op: 'and', a: { imm: -2n }, b: { reg: 1 }, setPc: true, j: [0, 4] },
  { op: 'flag', j: [4, 4] },
  { op: 'and', a: { imm: -2n }, b: { reg: 1 }, setPc: true, j: [0, 4] },
]

const ENDLESS: readonly TinyInstruction[] = [
  { op: 'add', a: { reg: 5 }, b: { imm: 1 }, to: { reg: 5 } },
  { op: 'flag', j: [-4, -4] },
]

describe('compiled code', () => {
  test('a recursion deeper than the stack of the host goes on', () => {
    const depth = 300_000
    const { machine } = tinyMachine(RECURSION, { registers: { 2: STACK, 10: BigInt(depth) } })
    const jit = new Jit({ machine })
    jit.stepMany(100_000_000)
    expect(machine.status).toBe('ended')
    expect(jit.unitCount).toBeGreaterThan(0)
    expect(machine.registers[11]).toBe(BigInt((depth * (depth + 1)) / 2))
    expect(machine.registers[2]).toBe(STACK)
    expect(machine.steps).toBe(5 + 11 * depth + 2 + 1)
  })

  test('a run with and without recording may alternate', () => {
    const { machine } = tinyMachine(ENDLESS)
    const jit = new Jit({ machine })
    const area = new Int32Array(machine.memory.memory.buffer, HOST_LAYOUT.trace, 2 ** 16)
    const recorder = new ReadRecorder(area)
    for (const steps of [10_001, 20_002, 30_003]) {
      expect(jit.stepMany(steps)).toBe(steps)
      expect(jit.stepMany(steps, recorder)).toBe(steps)
    }
    // Two steps per round; the first step of a machine is the jump to the program.
    expect(machine.registers[5]).toBe(BigInt(machine.steps / 2))
    expect(machine.pc).toBe(BigInt(TINY_CODE + 4))
  })

  test('an endless loop stops at the step limit, exactly', async () => {
    const { machine } = tinyMachine(ENDLESS)
    const rom = decodeRom(machine.rom.instructions)
    const outcome = await runMachine(machine, new Jit({ machine, rom }), rom, { maxSteps: 12_345_678 })
    expect(outcome).toEqual({ kind: 'stepLimit', steps: 12_345_678 })
  })

  test('an endless loop can be aborted', async () => {
    const { machine } = tinyMachine(ENDLESS)
    const rom = decodeRom(machine.rom.instructions)
    const start = processorMs()
    const signal = AbortSignal.timeout(100)
    const outcome = await runMachine(machine, new Jit({ machine, rom }), rom, { signal })
    expect(outcome.kind).toBe('aborted')
    expect(processorMs() - start).toBeLessThan(5_000)
  })

  /** Calls each of `count` functions of two instructions, a hundred times over; x5 counts the calls. */
  const manyFunctions = (count: number): readonly TinyInstruction[] => {
    const functions = Array.from({ length: count }, (): TinyInstruction[] => [
      { op: 'add', a: { reg: 5 }, b: { imm: 1 }, to: { reg: 5 } },
      { op: 'and', a: { imm: -2n }, b: { reg: 1 }, setPc: true, j: [0, 4] },
    ]).flat()
    const calls = Array.from({ length: count }, (_, i): TinyInstruction => {
      const callOffset = 4 * (count + 3 - i) + 8 * i
      return { op: 'flag', storePc: true, to: { reg: 1 }, j: [callOffset, 4] }
    })
    return [
      ...calls,
      { op: 'add', a: { reg: 6 }, b: { imm: 1 }, to: { reg: 6 } },
      { op: 'eq', a: { reg: 6 }, b: { imm: 100 }, j: [4, -4 * (count + 1)] },
      { op: 'flag', j: [4 * (1 + 2 * count), 4] },
      ...functions,
    ]
  }

  test('thousands of units are compiled in few modules', () => {
    const count = 3_000
    const { machine } = tinyMachine(manyFunctions(count))
    const jit = new Jit({ machine, compileAfter: 20 })
    const start = processorMs()
    jit.stepMany(10_000_000)
    expect(machine.status).toBe('ended')
    expect(machine.registers[5]).toBe(BigInt(100 * count))
    expect(jit.unitCount).toBeGreaterThan(count / 2)
    expect(processorMs() - start).toBeLessThan(20_000)
  })

  test('code that costs less to interpret than to compile is interpreted', () => {
    const count = 30_000
    const { machine } = tinyMachine(manyFunctions(count))
    const jit = new Jit({ machine })
    jit.stepMany(10_000_000)
    expect(machine.status).toBe('ended')
    expect(machine.registers[5]).toBe(BigInt(100 * count))
    // The loop around all the calls is worth a unit.
    expect(jit.unitCount).toBeLessThan(10)
  })
})
