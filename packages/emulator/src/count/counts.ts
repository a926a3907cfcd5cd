/** What COUNT finds out: how often each operation, memory class and ROM row occurs. */

import { TraceError } from '../trace-error.ts'
import { ACCESS_COUNTERS } from './access-class.ts'

/** Counts of one chunk. */
export interface ChunkCounts {
  readonly firstStep: number
  readonly steps: number
  /** Executions by operation code, 256 entries. */
  readonly operations: Float64Array
  /** Memory accesses by class, see `accessCounter`. Register operands are none. */
  readonly accesses: Float64Array
  /** ROM rows that were executed, in order of their first execution in the chunk. */
  readonly rows: Uint32Array
  /** How often each of {@link rows} was. */
  readonly rowTimes: Uint32Array
}

/** Counts of a whole run or of any part of it. */
export interface RunCounts {
  steps: number
  readonly operations: Float64Array
  readonly accesses: Float64Array
  /** Executions of each row of the ROM: the multiplicities of the ROM lookup. */
  readonly rowTimes: Uint32Array
}

/** All counts zero, for a ROM of `rowCount` instructions. */
export function createRunCounts(rowCount: number): RunCounts {
  return {
    steps: 0,
    operations: new Float64Array(256),
    accesses: new Float64Array(ACCESS_COUNTERS),
    rowTimes: new Uint32Array(rowCount),
  }
}

/**
 * Adds the counts of a chunk to those of the run. The order of chunks does not matter.
 *
 * @throws {TraceError} TRACE_TOO_LONG beyond 2^32 - 1 steps, where a row's counter could overflow
 */
export function addChunkCounts(run: RunCounts, chunk: ChunkCounts): void {
  addSteps(run, chunk.steps)
  chunk.operations.forEach((count, i) => {
    run.operations[i]! += count
  })
  chunk.accesses.forEach((count, i) => {
    run.accesses[i]! += count
  })
  chunk.rows.forEach((row, i) => {
    run.rowTimes[row]! += chunk.rowTimes[i]!
  })
}

/**
 * Adds the counts of another part of the same run.
 *
 * @throws {TraceError} TRACE_TOO_LONG beyond 2^32 - 1 steps
 */
export function addRunCounts(run: RunCounts, part: RunCounts): void {
  addSteps(run, part.steps)
  for (const name of ['operations', 'accesses', 'rowTimes'] as const) {
    const target = run[name]
    part[name].forEach((count, i) => {
      target[i]! += count
    })
  }
}

function addSteps(run: RunCounts, steps: number): void {
  if (run.steps + steps >= 2 ** 32) {
    throw new TraceError({
      code: 'TRACE_TOO_LONG',
      message: `trace expected fewer than 2^32 steps to count, got ${run.steps + steps}`,
      remedy: 'Prove a shorter run.',
      exitStatus: 'limitReached',
    })
  }
  run.steps += steps
}
