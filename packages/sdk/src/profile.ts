/** Runs a program and counts what it did: operations, memory accesses, executions of every instruction. */

import { OPCODES } from '@zisk/core'
import {
  ALIGNMENTS,
  type Alignment,
  accessCounter,
  countChunks,
  DIRECTIONS,
  type Direction,
  REGIONS,
  type Region,
  type RunCounts,
  riscvPcOf,
  type TraceChunk,
} from '@zisk/emulator'
import { type ExecuteOptions, type Execution, execute } from './execute.ts'
import { checkJobOptions } from './job-options.ts'
import { type CodeLocation, locate, type Program } from './program.ts'

/** How to profile: as to run, and the number of counting threads (one per core when absent). */
export interface ProfileOptions extends Omit<ExecuteOptions, 'onChunk' | 'lendsReads'> {
  readonly threads?: number | undefined
}

/** A run with its counts. */
export interface Profile {
  readonly execution: Execution
  readonly counts: RunCounts
}

/** Chunks that wait between execution and counting. */
const QUEUED_CHUNKS = 2

/**
 * Runs a program once; worker threads count its minimal trace on the way.
 *
 * @throws JobOptionError, as `execute`, and the abort reason of the signal
 */
export async function profile(program: Program, options: ProfileOptions = {}): Promise<Profile> {
  checkJobOptions({ threads: options.threads })
  const queue = new TransformStream<TraceChunk, TraceChunk>(undefined, { highWaterMark: QUEUED_CHUNKS })
  const writer = queue.writable.getWriter()
  const run = async (): Promise<Execution> => {
    const execution = await execute(program, { ...options, onChunk: (chunk) => writer.write(chunk) })
    await writer.close()
    return execution
  }
  const [executed, counted] = await Promise.allSettled([
    run().catch(async (error: unknown) => {
      await writer.abort(error)
      throw error
    }),
    countChunks(program.rom, queue.readable, { threads: options.threads, signal: options.signal }),
  ])
  // Whichever side fails, counting knows why: a queue that nobody reads any more refuses chunks without a reason.
  if (counted.status === 'rejected') throw counted.reason
  if (executed.status === 'rejected') throw executed.reason
  return { execution: executed.value, counts: counted.value }
}

/** Executions of one operation. */
export interface OperationCount {
  readonly name: string
  readonly count: number
}

/** Operations that occurred, most frequent first. */
export function operationCounts(counts: RunCounts): readonly OperationCount[] {
  return OPCODES.map(({ code, name }) => ({ name, count: counts.operations[code]! }))
    .filter(({ count }) => count > 0)
    .sort((x, y) => y.count - x.count)
}

/** Accesses of one class. */
export interface AccessCount {
  readonly region: Region
  readonly direction: Direction
  readonly alignment: Alignment
  readonly count: number
}

/** Memory accesses that occurred, by region, direction and alignment. */
export function accessCounts(counts: RunCounts): readonly AccessCount[] {
  return REGIONS.flatMap((region) =>
    DIRECTIONS.flatMap((direction) =>
      ALIGNMENTS.map((alignment) => ({
        region,
        direction,
        alignment,
        count: counts.accesses[accessCounter(region, direction, alignment)]!,
      })),
    ),
  ).filter(({ count }) => count > 0)
}

/** Steps spent in one function, its callees left out. */
export interface FunctionCount {
  /** Symbol name, or the region's start address where there is no symbol. */
  readonly name: string
  readonly steps: number
}

/** Functions by steps, most first. Start-up and exit code of the machine appear as `(bios)`. */
export function functionCounts({ execution, counts }: Profile): readonly FunctionCount[] {
  const { program } = execution
  const { instructions, memoryMap } = program.rom
  const steps = new Map<string, number>()
  let name = ''
  let nameOfPc = -1
  counts.rowTimes.forEach((times, row) => {
    if (times === 0) return
    const pc = riscvPcOf(instructions, row)
    if (pc !== nameOfPc) {
      nameOfPc = pc
      name = pc < memoryMap.rom.start ? '(bios)' : (program.elf.symbols.enclosing(pc)?.symbol.name ?? '(no symbol)')
    }
    steps.set(name, (steps.get(name) ?? 0) + times)
  })
  return [...steps].map(([key, value]) => ({ name: key, steps: value })).sort((x, y) => y.steps - x.steps)
}

/** Executions of one ROM instruction. */
export interface InstructionCount {
  readonly row: number
  readonly location: CodeLocation
  readonly count: number
}

/** The `limit` most executed ROM instructions, most first. */
export function hotInstructions({ execution, counts }: Profile, limit: number): readonly InstructionCount[] {
  const { program } = execution
  const rows = [...counts.rowTimes.keys()].filter((row) => counts.rowTimes[row]! > 0)
  return rows
    .sort((x, y) => counts.rowTimes[y]! - counts.rowTimes[x]! || x - y)
    .slice(0, limit)
    .map((row) => ({
      row,
      location: locate(program, riscvPcOf(program.rom.instructions, row)),
      count: counts.rowTimes[row]!,
    }))
}
