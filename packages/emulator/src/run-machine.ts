/** Runs a machine to its end in slices of one chunk, and cuts the minimal trace on the way. */

import { setImmediate } from 'node:timers/promises'
import { EmulatorError } from './emulator-error.ts'
import type { Executor } from './executor.ts'
import { HOST_LAYOUT } from './guest-memory.ts'
import type { DecodedRom } from './interpreter/decoded-rom.ts'
import type { MachineState } from './machine-state.ts'
import type { Outcome } from './outcome.ts'
import { ReadRecorder } from './read-recorder.ts'
import { countRecordedWords } from './replay/replay-chunk.ts'
import {
  DEFAULT_CHUNK_SIZE,
  isChunkSize,
  MAX_CHUNK_SIZE,
  MAX_WORDS_PER_STEP,
  MIN_CHUNK_SIZE,
  type TraceChunk,
} from './trace-chunk.ts'

/** Default limit on steps, as in ZisK. */
export const DEFAULT_MAX_STEPS: number = 2 ** 36 - 1

/** Longest time between two looks at the abort signal and the event loop, in milliseconds (one chunk at least). */
const YIELD_INTERVAL_MS = 20

/** Steps between two looks at the clock when no trace is cut: enough for compiled code to get going. */
const MIN_UNTRACED_SLICE = 2 ** 20

/** How to run. */
export interface RunOptions {
  /** Steps after which the run stops with `stepLimit`; {@link DEFAULT_MAX_STEPS} when absent. */
  readonly maxSteps?: number | undefined
  /** Steps per chunk, a power of two from 2^10 to 2^24; {@link DEFAULT_CHUNK_SIZE} when absent. */
  readonly chunkSize?: number | undefined
  /** Receives the minimal trace, which is recorded only when this is present. The run waits for the promise. */
  readonly onChunk?: ((chunk: TraceChunk) => void | Promise<void>) | undefined
  /**
   * Whether the recorded words of a chunk are only lent to `onChunk`: they lie in the memory of the machine, and are
   * overwritten once it has returned and its promise is fulfilled. Otherwise every chunk has its own words, in memory
   * that worker threads can share; that copy costs a fifth of the time of recording.
   */
  readonly lendsReads?: boolean | undefined
  /** Stops the run with `aborted` at the end of a chunk. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs a machine until it exits, faults, reaches the step limit or is aborted. Text is flushed to the UART's sink.
 *
 * @throws {EmulatorError} INVALID_RUN_OPTION
 */
export async function runMachine(
  machine: MachineState,
  executor: Executor,
  rom: DecodedRom,
  options: RunOptions = {},
): Promise<Outcome> {
  const chunkSize = options.chunkSize ?? DEFAULT_CHUNK_SIZE
  const maxSteps = options.maxSteps ?? DEFAULT_MAX_STEPS
  assertOptions(chunkSize, maxSteps)
  const tracer =
    options.onChunk === undefined
      ? undefined
      : new ChunkCutter({ machine, rom, chunkSize, onChunk: options.onChunk, lendsReads: options.lendsReads === true })
  let lastYield = performance.now()
  while (machine.status === 'running' && machine.steps < maxSteps) {
    if (options.signal?.aborted) return { kind: 'aborted', steps: machine.steps, reason: options.signal.reason }
    const slice = tracer === undefined ? Math.max(chunkSize, MIN_UNTRACED_SLICE) : chunkSize
    const count = Math.min(slice, maxSteps - machine.steps)
    if (tracer === undefined) executor.stepMany(count)
    else await tracer.cut(executor, count)
    machine.uart.flush()
    if (performance.now() - lastYield > YIELD_INTERVAL_MS) {
      await setImmediate()
      lastYield = performance.now()
    }
  }
  await tracer?.finish()
  return outcomeOf(machine)
}

function outcomeOf(machine: MachineState): Outcome {
  const { steps, fault } = machine
  if (fault !== undefined) return { kind: 'fault', steps, fault }
  if (machine.status === 'running') return { kind: 'stepLimit', steps }
  const { exitWord, publishedWords } = machine
  return { kind: 'exited', steps, exitWord, publics: machine.publics.slice(), publishedWords }
}

function assertOptions(chunkSize: number, maxSteps: number): void {
  const isMaxSteps = Number.isSafeInteger(maxSteps) && maxSteps >= 1
  if (isChunkSize(chunkSize) && isMaxSteps) return
  throw new EmulatorError({
    code: 'INVALID_RUN_OPTION',
    message: isMaxSteps
      ? `chunk size expected a power of two from ${MIN_CHUNK_SIZE} to ${MAX_CHUNK_SIZE}, got ${chunkSize}`
      : `step limit expected an integer from 1 to 2^53 - 1, got ${maxSteps}`,
    exitStatus: 'usage',
  })
}

interface CutterOptions {
  readonly machine: MachineState
  readonly rom: DecodedRom
  readonly chunkSize: number
  readonly onChunk: (chunk: TraceChunk) => void | Promise<void>
  readonly lendsReads: boolean
}

/**
 * Turns slices of a run into chunks. A chunk is handed on when it is known whether it is the last: after the next slice.
 * So words that are lent lie in one half of the trace area while the other is being filled.
 */
class ChunkCutter {
  readonly #options: CutterOptions
  readonly #recorders: readonly ReadRecorder[]
  #current = 0
  #pending: TraceChunk | undefined = undefined

  constructor(options: CutterOptions) {
    this.#options = options
    const { machine, chunkSize, lendsReads } = options
    const bytes = 8 * MAX_WORDS_PER_STEP * chunkSize
    const starts = [HOST_LAYOUT.trace, HOST_LAYOUT.trace + bytes]
    const fitting = starts.filter((start) => start + bytes <= HOST_LAYOUT.traceEnd)
    // The words of the largest chunks leave no room for a second half: they are copied all the same.
    this.#recorders = (lendsReads ? fitting : fitting.slice(0, 1)).map(
      (start) => new ReadRecorder(new Int32Array(machine.memory.memory.buffer, start, bytes / 4)),
    )
  }

  /** Executes the next slice and hands on the chunk of the one before. */
  async cut(executor: Executor, count: number): Promise<void> {
    const { machine, rom, onChunk } = this.#options
    const recorder = this.#recorders[this.#current]!
    this.#current = this.#recorders.length - 1 - this.#current
    const firstStep = machine.steps
    const start = { pc: Number(machine.pc), lastC: machine.lastC, registers: machine.registers.slice() }
    recorder.restart()
    const steps = executor.stepMany(count, recorder)
    if (steps === 0) return
    const reads = this.#recorders.length > 1 ? recorder.view() : recorder.copy()
    const chunk = { firstStep, steps, start, reads, last: false }
    const previous = this.#pending
    const isCut = machine.status === 'faulted'
    this.#pending = isCut ? { ...chunk, reads: reads.subarray(0, countRecordedWords(rom, chunk)) } : chunk
    if (previous !== undefined) await onChunk(previous)
  }

  /** Hands on the last chunk. */
  async finish(): Promise<void> {
    if (this.#pending !== undefined) await this.#options.onChunk({ ...this.#pending, last: true })
    this.#pending = undefined
  }
}
