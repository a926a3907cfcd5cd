/** Machines on hand-made ROMs for tests. */

import { Interpreter } from '../interpreter/interpreter.ts'
import { MachineState } from '../machine-state.ts'
import { Uart } from '../uart.ts'
import { type TinyInstruction, type TinyRomOptions, tinyRom } from './tiny-rom.ts'

/** A machine with its interpreter and what it has printed. */
export interface TinyMachine {
  readonly machine: MachineState
  readonly interpreter: Interpreter
  readonly printed: number[]
}

/** Limit on the steps of {@link runTiny}: more than any test program takes. */
const STEP_LIMIT = 1_000_000

/** A machine before its first step. `registers` are set by number. */
export function tinyMachine(
  program: readonly TinyInstruction[],
  options: TinyRomOptions & {
    readonly registers?: Readonly<Record<number, bigint>>
    readonly input?: Uint8Array
  } = {},
): TinyMachine {
  const printed: number[] = []
  const uart = new Uart((bytes) => printed.push(...bytes))
  const machine = new MachineState({
    rom: tinyRom(program, options),
    input: options.input ?? new Uint8Array(0),
    uart,
  })
  for (const [register, value] of Object.entries(options.registers ?? {})) machine.registers[Number(register)] = value
  return { machine, interpreter: new Interpreter(machine), printed }
}

/** Runs a program to its end or fault. */
export function runTiny(...args: Parameters<typeof tinyMachine>): TinyMachine {
  const tiny = tinyMachine(...args)
  tiny.interpreter.stepMany(STEP_LIMIT)
  tiny.machine.uart.flush()
  return tiny
}
