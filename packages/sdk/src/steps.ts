/** Streams the executed instructions of a run, for listings. */

import { decodeRom, replayChunk, type TraceChunk } from '@zisk/emulator'
import { type ExecuteOptions, type Execution, execute } from './execute.ts'
import type { Program } from './program.ts'

/** One executed ROM instruction with its operands and result, all u64. */
export interface ExecutedStep {
  readonly step: number
  /** Row in the ROM's instruction table. */
  readonly row: number
  readonly a: bigint
  readonly b: bigint
  readonly c: bigint
  readonly flag: boolean
}

/** How to list steps: as to run, and which steps to hand on. */
export interface TraceStepsOptions extends Omit<ExecuteOptions, 'onChunk' | 'lendsReads'> {
  /** First step to hand on, 0 when absent. */
  readonly from?: number | undefined
  /** Receives the steps in order. */
  readonly onStep: (step: ExecutedStep) => void
}

const u64At = (halves: Int32Array, index: number): bigint =>
  (BigInt(halves[2 * index + 1]! >>> 0) << 32n) | BigInt(halves[2 * index]! >>> 0)

/** Runs a program and hands on every step from `from` to its end or the step limit. */
export function traceSteps(program: Program, options: TraceStepsOptions): Promise<Execution> {
  const { from = 0, onStep } = options
  const rom = decodeRom(program.rom.instructions)
  const onChunk = (chunk: TraceChunk): void => {
    if (chunk.firstStep + chunk.steps <= from) return
    replayChunk(rom, chunk, (batch) => {
      for (let i = Math.max(0, from - batch.firstStep); i < batch.length; i++) {
        onStep({
          step: batch.firstStep + i,
          row: batch.row[i]!,
          a: u64At(batch.a, i),
          b: u64At(batch.b, i),
          c: u64At(batch.c, i),
          flag: batch.flag[i] === 1,
        })
      }
    })
  }
  return execute(program, { ...options, onChunk, lendsReads: true })
}
