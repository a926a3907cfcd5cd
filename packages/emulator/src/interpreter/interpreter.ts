/** Steps a machine through its ROM: the readable executor, and the oracle for the compiled one. */

import type { Executor } from '../executor.ts'
import { EmulatorFault, type GuestTrap } from '../faults.ts'
import { HOST_LAYOUT } from '../guest-memory.ts'
import { highHalf, joinHalves, lowHalf } from '../halves.ts'
import type { MachineState } from '../machine-state.ts'
import type { ReadRecorder } from '../read-recorder.ts'
import { type DecodedRom, decodeRom, riscvPcOf } from './decoded-rom.ts'
import { LiveHostCalls } from './host-calls.ts'
import { LiveMemory } from './live-memory.ts'
import { type Execution, executeSteps } from './step-loop.ts'

/** There is no compressed `ecall`. */
const ECALL_BYTES = 4n

/** The interpreter of one machine. */
export class Interpreter implements Executor {
  readonly #machine: MachineState
  readonly #memory: LiveMemory
  readonly #execution: Execution

  /** @param rom the machine's ROM, decoded; made here when absent */
  constructor(machine: MachineState, rom: DecodedRom = decodeRom(machine.rom.instructions)) {
    this.#machine = machine
    this.#memory = new LiveMemory(machine.memory, machine.uart)
    this.#execution = {
      rom,
      registers: new Int32Array(machine.memory.memory.buffer, HOST_LAYOUT.registers, 64),
      memory: this.#memory,
      hostCalls: new LiveHostCalls(machine),
      batch: undefined,
      stops: undefined,
      pc: 0n,
      cLow: 0,
      cHigh: 0,
      trap: undefined,
      ended: false,
    }
  }

  /**
   * Before and after, the machine's state is complete, so that another executor can take over.
   *
   * @param stops by row: where to stop; see {@link Execution.stops}
   */
  stepMany(count: number, recorder?: ReadRecorder, stops?: Uint16Array): number {
    const machine = this.#machine
    if (machine.status !== 'running') return 0
    const execution = this.#execution
    const lastC = machine.lastC
    execution.pc = machine.pc
    execution.cLow = lowHalf(lastC)
    execution.cHigh = highHalf(lastC)
    this.#memory.recorder = recorder
    execution.stops = stops
    const executed = executeSteps(execution, count)
    machine.pc = execution.pc
    machine.lastC = joinHalves(execution.cLow, execution.cHigh)
    machine.steps += executed
    if (execution.ended) machine.status = 'ended'
    if (execution.trap !== undefined) {
      const { rom } = execution
      const row = rom.instructions.rowOf(Number(machine.pc))
      machine.status = 'faulted'
      // Compiled code does not keep what nothing reads.
      machine.lastC = 0n
      machine.fault = new EmulatorFault(execution.trap, {
        pc: this.#guestPc(execution.trap, row === -1 ? machine.pc : BigInt(riscvPcOf(rom.instructions, row))),
        romPc: machine.pc,
        step: machine.steps,
        registers: machine.registers.slice(),
      })
    }
    return executed
  }

  /** An unknown environment call stops in the trap handler of the BIOS; the guest's `ecall` lies before x1. */
  #guestPc(trap: GuestTrap, pc: bigint): bigint {
    return trap.code === 'UNSUPPORTED_ECALL' ? this.#machine.registers[1]! - ECALL_BYTES : pc
  }
}
