import type { DecodedRom } from './interpreter/decoded-rom.ts'
import { Interpreter } from './interpreter/interpreter.ts'
import { Jit } from './jit/jit.ts'
import type { MachineState } from './machine-state.ts'
import type { ReadRecorder } from './read-recorder.ts'

/** Ways to execute a ROM. All have the same observable results. */
export type ExecutorKind = 'interpreter' | 'jit'

/** Drives one machine. */
export interface Executor {
  /**
   * Executes up to `count` instructions of a running machine; fewer only when it ends or faults, which sets its status.
   *
   * @param recorder receives the words of the minimal trace; after a fault it may hold words of the faulting instruction
   * @returns the number of instructions executed
   */
  stepMany(count: number, recorder?: ReadRecorder): number
}

/**
 * The executor of a machine whose ROM has been decoded.
 *
 * @param compileAfter visits after which the JIT compiles a place, at most 65534; when it pays off if absent
 */
export function createExecutor(
  kind: ExecutorKind,
  machine: MachineState,
  rom: DecodedRom,
  compileAfter?: number,
): Executor {
  switch (kind) {
    case 'interpreter':
      return new Interpreter(machine, rom)
    case 'jit':
      return new Jit({ machine, rom, compileAfter })
  }
}
