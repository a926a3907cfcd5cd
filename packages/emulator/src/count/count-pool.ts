/** COUNT in a pool of worker threads. */

import { availableParallelism } from 'node:os'
import type { InstructionColumns, MemoryMap, ZiskRom } from '@zisk/core'
import type { Piscina } from 'piscina'
import type { TraceChunk } from '../trace-chunk.ts'
import { TraceError } from '../trace-error.ts'
import type { CountReply } from './count-worker.ts'
import { addChunkCounts, type ChunkCounts, createRunCounts, type RunCounts } from './counts.ts'

/** What every worker gets when it starts. */
export interface CountWorkerData {
  /** Columns of the ROM in shared memory. */
  readonly columns: InstructionColumns
  readonly map: MemoryMap
}

/** How to count. */
export interface CountOptions {
  /** Worker threads; as many as the host has processors when absent. */
  readonly threads?: number | undefined
  /** Stops counting at the end of the chunks under way; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
}

/** Chunks per thread that are under way or wait: enough that no thread runs dry. */
const CHUNKS_PER_THREAD = 2

/** Worker threads that count chunks of one ROM. Destroy it when done: it keeps the process alive. */
export class CountPool {
  /** Loaded with the first pool: most commands have none. */
  readonly #pool: Promise<Piscina>
  readonly #signal: AbortSignal | undefined
  readonly #underWay: Set<Promise<CountReply>> = new Set()
  /** Chunks to have under way so that no thread waits. */
  readonly capacity: number

  constructor(rom: ZiskRom, options: CountOptions = {}) {
    const threads = options.threads ?? availableParallelism()
    this.capacity = CHUNKS_PER_THREAD * threads
    this.#signal = options.signal
    const workerData: CountWorkerData = { columns: shareColumns(rom.instructions.columns), map: rom.memoryMap }
    // From source this module is a .ts file and so is the worker; in the package both are .js.
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
    const poolOptions = {
      filename: new URL(`./count-worker${extension}`, import.meta.url).href,
      name: 'countInWorker',
      // More than the host has processors start only when there is work for them.
      minThreads: Math.min(threads, availableParallelism()),
      maxThreads: threads,
      workerData,
    }
    this.#pool = import('piscina').then(({ Piscina }) => new Piscina(poolOptions))
  }

  /**
   * Counts one chunk in a worker.
   *
   * @throws {TraceError} TRACE_CORRUPT
   * @throws the reason of the signal when it is aborted
   */
  async count(chunk: TraceChunk): Promise<ChunkCounts> {
    this.#signal?.throwIfAborted()
    const task: Promise<CountReply> = this.#pool.then((pool) => pool.run(chunk))
    this.#underWay.add(task)
    const reply = await task.finally(() => this.#underWay.delete(task))
    this.#signal?.throwIfAborted()
    if ('error' in reply) throw new TraceError(reply.error)
    return reply.counts
  }

  /** Ends the threads once the chunks under way are counted: the pool cannot end a thread that is about to answer. */
  async destroy(): Promise<void> {
    await Promise.allSettled(this.#underWay)
    await (await this.#pool).destroy()
  }
}

/**
 * Counts the chunks of a run in a pool of its own.
 *
 * @param chunks taken one by one as threads become free
 * @throws {TraceError} TRACE_CORRUPT, TRACE_TOO_LONG
 * @throws the reason of the signal when it is aborted
 */
export async function countChunks(
  rom: ZiskRom,
  chunks: Iterable<TraceChunk> | AsyncIterable<TraceChunk>,
  options: CountOptions = {},
): Promise<RunCounts> {
  options.signal?.throwIfAborted()
  const pool = new CountPool(rom, options)
  const counts = createRunCounts(rom.instructions.length)
  const underWay = new Set<Promise<void>>()
  try {
    for await (const chunk of chunks) {
      const task: Promise<void> = pool.count(chunk).then((chunkCounts) => {
        addChunkCounts(counts, chunkCounts)
        underWay.delete(task)
      })
      underWay.add(task)
      // The failure is met where the tasks are awaited; until then it must not count as unhandled.
      task.catch(() => {})
      if (underWay.size >= pool.capacity) await Promise.race(underWay)
    }
    await Promise.all(underWay)
    return counts
  } finally {
    await pool.destroy()
  }
}

/** Copies of columns in shared memory, which all workers read without a copy of their own. */
function shareColumns(columns: InstructionColumns): InstructionColumns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]: [string, InstructionColumns[keyof InstructionColumns]]) => {
      const buffer = new SharedArrayBuffer(column.byteLength)
      const TypedArray = column.constructor as new (buffer: SharedArrayBuffer) => typeof column
      const shared = new TypedArray(buffer)
      shared.set(column)
      return [name, shared]
    }),
  ) as unknown as InstructionColumns
}
