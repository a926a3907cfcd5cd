import type { ZiskRom } from '@zisk/core'
import { createExecutor, type ExecutorKind } from './executor.ts'
import { frameInput, type InputFraming } from './input.ts'
import type { DecodedRom } from './interpreter/decoded-rom.ts'
import { decodeRom } from './interpreter/decoded-rom.ts'
import { MachineState } from './machine-state.ts'
import type { Outcome } from './outcome.ts'
import { type RunOptions, runMachine } from './run-machine.ts'
import { Uart, type UartSink } from './uart.ts'

/** How an {@link Emulator} works. */
export interface EmulatorOptions {
  /** `jit` when absent. Both have the same observable results. */
  readonly executor?: ExecutorKind | undefined
  /** Visits after which the JIT compiles a place, at most 65534; when it pays off if absent. 0 is for tests. */
  readonly compileAfter?: number | undefined
}

/** One run of the loaded ROM. */
export interface ExecuteOptions extends RunOptions {
  /** Input bytes, none when absent. */
  readonly input?: Uint8Array | undefined
  /** How the input is framed; what the ROM's memory map says when absent. */
  readonly framing?: InputFraming | undefined
  /** Limit on the framed input in bytes; 128 MiB when absent. */
  readonly maxInputBytes?: number | undefined
  /** Receives what the guest prints; it is dropped when absent. */
  readonly onText?: UartSink | undefined
}

/** Result of one run. */
export interface ExecuteResult {
  readonly outcome: Outcome
  /** The machine as the run left it: registers, memory, publics. Drop it to free its memory. */
  readonly machine: MachineState
}

/**
 * Runs ZisK ROMs. One emulator can run its ROM many times, also at once: every run has a machine of its own.
 *
 * ```ts
 * const emulator = new Emulator()
 * emulator.loadRom(rom)
 * const { outcome } = await emulator.execute({ input, onText: (bytes) => process.stdout.write(bytes) })
 * ```
 */
export class Emulator {
  readonly #kind: ExecutorKind
  readonly #compileAfter: number | undefined
  #loaded: { readonly rom: ZiskRom; readonly decoded: DecodedRom } | undefined = undefined

  constructor(options: EmulatorOptions = {}) {
    this.#kind = options.executor ?? 'jit'
    this.#compileAfter = options.compileAfter
  }

  /** Makes a ROM the one that {@link execute} runs. */
  loadRom(rom: ZiskRom): void {
    this.#loaded = { rom, decoded: decodeRom(rom.instructions) }
  }

  /**
   * Runs the loaded ROM from its first instruction. Whatever the guest does is an outcome, not an exception.
   *
   * @throws {InputError} when the input is too large or not framed
   * @throws {EmulatorError} when an option is out of range or the host refuses guest memory
   */
  async execute(options: ExecuteOptions = {}): Promise<ExecuteResult> {
    if (this.#loaded === undefined) throw new Error('execute expected a loaded ROM: call loadRom first')
    const { rom, decoded } = this.#loaded
    const framing = options.framing ?? rom.memoryMap.inputFraming
    const input = frameInput(options.input ?? new Uint8Array(0), {
      framing,
      ...(options.maxInputBytes === undefined ? {} : { maxBytes: options.maxInputBytes }),
    })
    const machine = new MachineState({ rom, input, uart: new Uart(options.onText ?? (() => {})) })
    const executor = createExecutor(this.#kind, machine, decoded, this.#compileAfter)
    const outcome = await runMachine(machine, executor, decoded, options)
    return { outcome, machine }
  }
}
