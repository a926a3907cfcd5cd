import { PUBLIC_OUTPUT_WORDS, romParameters, type ZiskRom } from '@zisk/core'
import { Emulator, type InputFraming, type TraceChunk } from '@zisk/emulator'
import { ExecutorError } from './executor-error.ts'

/** What to run. */
export interface ExecuteRunOptions {
  /** Input bytes, none when absent. */
  readonly input?: Uint8Array | undefined
  /** How the input is framed; what the ROM's memory map says when absent. */
  readonly framing?: InputFraming | undefined
  /** Steps after which the run is given up; the emulator's limit when absent. */
  readonly maxSteps?: number | undefined
  /** Steps per chunk of the minimal trace. */
  readonly chunkSize?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What every run publishes: words of two outputs each, and the exit code. */
const PUBLISHED_WORDS = PUBLIC_OUTPUT_WORDS / 2 + 1

/**
 * Phase EXECUTE: runs a program once and hands on its minimal trace, in memory that threads can share.
 *
 * @returns the public values of the run
 * @throws {ExecutorError} RUN_NOT_EXITED when the run does not end at the exit instruction, or without publishing
 * @throws the reason of the signal when it is aborted
 */
export async function executeRun(
  rom: ZiskRom,
  options: ExecuteRunOptions,
  onChunk: (chunk: TraceChunk) => void | Promise<void>,
): Promise<readonly bigint[]> {
  options.signal?.throwIfAborted()
  const emulator = new Emulator({ executor: 'jit' })
  emulator.loadRom(rom)
  const { outcome } = await emulator.execute({ ...options, onChunk })
  if (outcome.kind === 'aborted') throw outcome.reason
  if (outcome.kind !== 'exited' || outcome.publishedWords !== PUBLISHED_WORDS) {
    throw new ExecutorError({
      code: 'RUN_NOT_EXITED',
      message: `a run to prove expected to exit, got ${outcome.kind} after ${outcome.steps} steps`,
      remedy: 'Only runs that end by themselves have a proof.',
      ...(outcome.kind === 'fault' ? { cause: outcome.fault } : {}),
    })
  }
  const { exitWord } = outcome
  const { memoryMap, exitMode } = romParameters(rom)
  return [
    ...[...outcome.publics].map(BigInt),
    exitWord & 0xffff_ffffn,
    exitWord >> 32n,
    BigInt(memoryMap),
    BigInt(exitMode),
  ]
}
