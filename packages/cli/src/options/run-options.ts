/** Limits and sizes of a run. */

import { DEFAULT_CHUNK_SIZE, EXECUTORS, type ExecutorKind, MAX_CHUNK_SIZE, MIN_CHUNK_SIZE } from '@zisk/sdk'
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { choiceParser, countParser, powerOfTwoParser } from './integer-options.ts'

/** Options of {@link addThreadOptions}. */
export interface ThreadOptions {
  readonly threads?: number
}

/** Options of {@link addStepOptions}. */
export interface StepOptions {
  readonly maxSteps: number
  readonly chunkSize?: number
}

/** Options of {@link addRunOptions}. */
export interface RunOptions extends ThreadOptions, StepOptions {}

/** Options of {@link addExecutionOptions}. */
export interface ExecutionOptions extends RunOptions {
  readonly executor: ExecutorKind
}

/** ZisK's default step limit. */
const DEFAULT_MAX_STEPS = 2 ** 36 - 1
const MAX_THREADS = 1024

/** Adds `--threads`. */
export function addThreadOptions(command: Command): Command {
  return command.option(
    '--threads <count>',
    'worker threads (default: ZISK_THREADS or the number of cores)',
    countParser('--threads', 1, MAX_THREADS),
  )
}

/** Adds step limit and chunk size. */
export function addStepOptions(command: Command): Command {
  return command
    .option(
      '-n, --max-steps <count>',
      'stop with status 5 after this many steps',
      countParser('--max-steps', 1, Number.MAX_SAFE_INTEGER),
      DEFAULT_MAX_STEPS,
    )
    .option(
      '--chunk-size <steps>',
      `steps per minimal-trace chunk, a power of two (default: ZISK_CHUNK_SIZE or ${DEFAULT_CHUNK_SIZE})`,
      powerOfTwoParser('--chunk-size', MIN_CHUNK_SIZE, MAX_CHUNK_SIZE),
    )
}

/** Adds step limit, chunk size and threads. */
export function addRunOptions(command: Command): Command {
  return addStepOptions(addThreadOptions(command))
}

/** Adds step limit, chunk size, threads and executor. */
export function addExecutionOptions(command: Command): Command {
  return addRunOptions(command).option(
    '--executor <name>',
    EXECUTORS.join(' or '),
    choiceParser('--executor', EXECUTORS),
    EXECUTORS[0],
  )
}

/** Chunk size of the option, else of `ZISK_CHUNK_SIZE`, else `undefined`. */
export function chunkSizeFromOptions(options: StepOptions, io: Io): number | undefined {
  if (options.chunkSize !== undefined) return options.chunkSize
  const value = io.env['ZISK_CHUNK_SIZE']
  return value === undefined ? undefined : powerOfTwoParser('ZISK_CHUNK_SIZE', MIN_CHUNK_SIZE, MAX_CHUNK_SIZE)(value)
}

/** Threads of the option, else of `ZISK_THREADS`, else `undefined`. */
export function threadsFromOptions(options: ThreadOptions, io: Io): number | undefined {
  if (options.threads !== undefined) return options.threads
  const value = io.env['ZISK_THREADS']
  return value === undefined ? undefined : countParser('ZISK_THREADS', 1, MAX_THREADS)(value)
}
