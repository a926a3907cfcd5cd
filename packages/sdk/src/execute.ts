/** Runs a program and tells how the run ended. */

import { type ExitStatusName, PUBLIC_OUTPUT_WORDS, ZiskError, type ZiskErrorOptions } from '@zisk/core'
import {
  Emulator,
  type EmulatorFault,
  type ExecutorKind,
  type MachineState,
  type Outcome,
  type TraceChunk,
  type UartSink,
} from '@zisk/emulator'
import { createInput, type InputSource } from './input.ts'
import { formatLocation, locate, type Program } from './program.ts'

/** Implementations that can execute the guest, the default first. All give the same results. */
export const EXECUTORS: readonly ExecutorKind[] = ['jit', 'interpreter']

/** How to run a program. Limits and sizes as in the emulator's `RunOptions`. */
export interface ExecuteOptions {
  /** An empty input when absent. */
  readonly input?: InputSource | undefined
  /** The first of {@link EXECUTORS} when absent. */
  readonly executor?: ExecutorKind | undefined
  readonly maxSteps?: number | undefined
  readonly chunkSize?: number | undefined
  /** Receives what the guest prints, in order. */
  readonly onText?: UartSink | undefined
  /** Receives the minimal trace, which is recorded only when this is present. */
  readonly onChunk?: ((chunk: TraceChunk) => void | Promise<void>) | undefined
  /** Whether the words of a chunk are only lent to `onChunk`, which is faster; see the emulator's `RunOptions`. */
  readonly lendsReads?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** A finished run. */
export interface Execution {
  readonly program: Program
  readonly outcome: Outcome
  /** Registers and memory as the run left them. */
  readonly machine: MachineState
  /** Wall time of the execution alone. */
  readonly seconds: number
}

/**
 * Runs a program once. What the guest does wrong is an outcome; see {@link outcomeError}.
 *
 * @throws {InputError | JsonInputError} when the input is unusable
 * @throws {EmulatorError} when an option is out of range or the host refuses guest memory
 */
export async function execute(program: Program, options: ExecuteOptions = {}): Promise<Execution> {
  const { rom } = program
  const input = createInput(options.input ?? { kind: 'records', records: [] }, rom.memoryMap)
  const emulator = new Emulator({ executor: options.executor ?? EXECUTORS[0]! })
  emulator.loadRom(rom)
  const start = performance.now()
  const { outcome, machine } = await emulator.execute({
    input,
    framing: 'records',
    maxSteps: options.maxSteps,
    chunkSize: options.chunkSize,
    onText: options.onText,
    onChunk: options.onChunk,
    lendsReads: options.lendsReads,
    signal: options.signal,
  })
  return { program, outcome, machine, seconds: (performance.now() - start) / 1000 }
}

/** A run that did not succeed, with the place in the guest's source. `code` is the fault's own for a fault. */
export class GuestError extends ZiskError {
  override readonly name = 'GuestError'
}

/**
 * Why a run counts as failed: a fault, a step limit, an abort, or a non-zero exit code that is part of the statement.
 *
 * @returns `undefined` for a run that succeeded
 */
export function outcomeError({ outcome, program }: Execution): GuestError | undefined {
  switch (outcome.kind) {
    case 'exited':
      if (outcome.publishedWords !== PUBLISHED_WORDS) return guestError('guestFailed', earlyEnd(outcome.publishedWords))
      return outcome.exitWord === 0n ? undefined : exitCodeError(outcome.exitWord)
    case 'fault':
      return faultError(program, outcome.fault)
    case 'stepLimit':
      return guestError('limitReached', {
        code: 'STEP_LIMIT',
        message: `guest expected to end, got no end after ${outcome.steps} steps`,
        remedy: 'Raise --max-steps, or look for an endless loop with `zisk trace --analyze`.',
        details: { steps: outcome.steps },
      })
    case 'aborted':
      return guestError('interrupted', {
        code: 'ABORTED',
        message: `run stopped on request after ${outcome.steps} steps`,
        details: { steps: outcome.steps },
        cause: outcome.reason,
      })
  }
}

type Problem = Omit<ZiskErrorOptions<string>, 'exitStatus'>

function guestError(exitStatus: ExitStatusName, problem: Problem): GuestError {
  return new GuestError({ ...problem, exitStatus })
}

/** 32 words of two outputs each, and the exit code. */
const PUBLISHED_WORDS = PUBLIC_OUTPUT_WORDS / 2 + 1

function earlyEnd(publishedWords: number): Problem {
  return {
    code: 'ENDED_WITHOUT_PUBLISHING',
    message: `guest expected to end through the exit call, got an end after ${publishedWords} of ${PUBLISHED_WORDS} published words`,
    remedy: 'Such a run cannot be proven. Look for a wild jump to 0x1004, or a second pass through the exit code.',
    details: { publishedWords },
  }
}

/** A run that ended with a non-zero exit code. */
export function exitCodeError(exitWord: bigint): GuestError {
  return guestError('guestFailed', {
    code: 'GUEST_EXIT',
    message: `guest exit code expected 0, got ${exitWord}`,
    remedy: 'The program reported a failure, see what it printed; --allow-failure accepts any exit code.',
    details: { exitCode: exitWord.toString() },
  })
}

/** The fault with symbol and source line in its place. */
function faultError(program: Program, fault: EmulatorFault): GuestError {
  const pc = fault.pc < 2n ** 32n ? Number(fault.pc) : undefined
  const location = pc === undefined ? undefined : locate(program, pc)
  const { symbol, file, line } = location ?? {}
  return guestError('guestFailed', {
    code: fault.code,
    message: fault.message,
    where: location === undefined ? fault.where : `pc ${formatLocation(location)}, step ${fault.step}`,
    remedy: fault.remedy,
    details: {
      ...(symbol === undefined ? {} : { symbol }),
      ...(file === undefined ? {} : { source: line === undefined ? file : `${file}:${line}` }),
      ...fault.details,
    },
    cause: fault,
  })
}
