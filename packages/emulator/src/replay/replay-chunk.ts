/** Replays one chunk of a minimal trace on its own: no memory, no input, no other chunk. */

import { highHalf, joinHalves, lowHalf } from '../halves.ts'
import type { DecodedRom } from '../interpreter/decoded-rom.ts'
import { NO_HOST_CALLS } from '../interpreter/host-calls.ts'
import { type Execution, executeSteps } from '../interpreter/step-loop.ts'
import type { ChunkStart, TraceChunk } from '../trace-chunk.ts'
import { TraceError } from '../trace-error.ts'
import { ReplayMemory } from './replay-memory.ts'
import { createStepBatch, type StepBatch } from './step-batch.ts'

/** Steps per batch: its columns stay in the first-level caches. */
const BATCH_STEPS = 1024

/** Sees the steps of a chunk in order, batch by batch. The batch is reused after the call. */
export type StepVisitor = (batch: StepBatch) => void

/**
 * Replays a chunk and returns the state after it: what the next chunk starts with.
 *
 * @throws {TraceError} TRACE_CORRUPT when the chunk does not fit the ROM
 */
export function replayChunk(rom: DecodedRom, chunk: TraceChunk, visitor?: StepVisitor): ChunkStart {
  const batch = visitor === undefined ? undefined : createStepBatch(Math.min(BATCH_STEPS, chunk.steps))
  const execution = startReplay(rom, chunk, batch)
  const { memory } = execution
  for (let step = 0; step < chunk.steps; ) {
    const count = Math.min(batch === undefined ? chunk.steps : BATCH_STEPS, chunk.steps - step)
    memory.position = 0
    if (executeSteps(execution, count) !== count) throw corrupt(chunk, `stops before its ${chunk.steps} steps`)
    if (batch !== undefined) {
      batch.firstStep = chunk.firstStep + step
      batch.length = count
      visitor?.(batch)
    }
    step += count
  }
  if (memory.taken !== chunk.reads.length) {
    throw corrupt(chunk, `uses ${memory.taken} of its ${chunk.reads.length} words`)
  }
  return stateOf(execution)
}

/**
 * How many of the words belong to the chunk's steps. After a fault the words of the instruction that did not complete
 * may follow.
 */
export function countRecordedWords(rom: DecodedRom, chunk: TraceChunk): number {
  const execution = startReplay(rom, chunk, undefined)
  executeSteps(execution, chunk.steps)
  return execution.memory.taken
}

interface Replay extends Execution {
  readonly memory: ReplayMemory
}

function startReplay(rom: DecodedRom, chunk: TraceChunk, batch: StepBatch | undefined): Replay {
  const registers = new Int32Array(64)
  new BigUint64Array(registers.buffer).set(chunk.start.registers)
  return {
    rom,
    registers,
    memory: new ReplayMemory(chunk.reads, batch?.words),
    hostCalls: NO_HOST_CALLS,
    batch,
    stops: undefined,
    pc: BigInt(chunk.start.pc),
    cLow: lowHalf(chunk.start.lastC),
    cHigh: highHalf(chunk.start.lastC),
    trap: undefined,
    ended: false,
  }
}

function stateOf(execution: Execution): ChunkStart {
  return {
    pc: Number(execution.pc),
    lastC: joinHalves(execution.cLow, execution.cHigh),
    registers: new BigUint64Array(execution.registers.buffer as ArrayBuffer).slice(),
  }
}

function corrupt(chunk: TraceChunk, problem: string): TraceError {
  return new TraceError({
    code: 'TRACE_CORRUPT',
    message: `trace chunk of step ${chunk.firstStep} ${problem}`,
    remedy: 'Execute the program again.',
    details: { firstStep: chunk.firstStep, steps: chunk.steps, words: chunk.reads.length },
  })
}
