import { describe, expect, test } from 'vitest'
import { HOST_LAYOUT } from '../guest-memory.ts'
import { Interpreter } from '../interpreter/interpreter.ts'
import { ReadRecorder } from '../read-recorder.ts'
import { randomFlow } from '../testing/random-flow.ts'
import { type TinyMachine, tinyMachine } from '../testing/tiny-machine.ts'
import { Jit } from './jit.ts'

const SEED = 0x5eed
const PROGRAMS = 60
const STEPS = 20_000
const DATA = 0xa010_0000
const DATA_BYTES = 4096

interface Stop {
  readonly steps: number
  readonly status: string
  readonly pc: bigint
  readonly lastC: bigint
  readonly registers: readonly bigint[]
  readonly fault: string | undefined
  readonly words: readonly bigint[]
}

function stopOf({ machine }: TinyMachine, recorder: ReadRecorder | undefined): Stop {
  // After a fault the interpreter may have recorded words of the faulting instruction, compiled code has not.
  const words = recorder === undefined || machine.status === 'faulted' ? [] : [...recorder.view()]
  return {
    steps: machine.steps,
    status: machine.status,
    pc: machine.pc,
    lastC: machine.lastC,
    registers: [...machine.registers],
    fault: machine.fault?.message,
    words,
  }
}

describe('compiled random programs', () => {
  for (const variant of ['fast', 'trace'] as const) {
    test(`${variant}: every stop, trace and memory equals the interpreter's`, () => {
      for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
        const { program, options, chunk } = randomFlow(seed)
        const expected = tinyMachine(program, options)
        const interpreter = new Interpreter(expected.machine)
        const expectedWords = variant === 'trace' ? new ReadRecorder(new Int32Array(16 * chunk)) : undefined
        const actual = tinyMachine(program, options)
        const { machine } = actual
        const jit = new Jit({ machine, compileAfter: seed % 3 })
        const area = new Int32Array(machine.memory.memory.buffer, HOST_LAYOUT.trace, 16 * chunk)
        const actualWords = variant === 'trace' ? new ReadRecorder(area) : undefined
        while (expected.machine.status === 'running' && expected.machine.steps < STEPS) {
          for (const recorder of [expectedWords, actualWords]) recorder?.restart()
          interpreter.stepMany(chunk, expectedWords)
          jit.stepMany(chunk, actualWords)
          expect(stopOf(actual, actualWords), `seed ${seed}`).toEqual(stopOf(expected, expectedWords))
        }
        const bytes = ({ machine }: TinyMachine): Buffer => Buffer.from(machine.memory.memory.buffer, DATA, DATA_BYTES)
        expect(bytes(actual).equals(bytes(expected)), `memory of seed ${seed}`).toBe(true)
      }
    })
  }
})
