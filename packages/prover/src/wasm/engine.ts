/** What the parts of the WebAssembly back end share: the memory, kernels for the calling thread, and the workers. */
import { compileKernels, createNttPlan, type Kernels, type NttPlan, nttTableBytes } from '@zisk/field'
import type { Backend } from '../backend/backend.ts'
import { ProverError } from '../errors.ts'
import { type Address, Arena, type ArenaOptions, memoryOf, type Region } from './arena.ts'
import { HOLDING_BYTES, type SpareMemory } from './held-shards.ts'
import { JobContexts } from './job-context.ts'
import { jobCost } from './job-cost.ts'
import { type Job, JobRunner } from './jobs.ts'
import { LentColumns } from './lent-columns.ts'
import { nextTurn } from './next-turn.ts'

/** Ranges of a large piece of work for each worker. */
const RANGES_PER_WORKER = 4
/** Rows of a range at the least. */
const LEAST_ROWS = 512

/** Runs jobs. */
export interface Runner {
  /** Number of jobs that run at the same time. */
  readonly width: number
  /** Jobs that run when `isCancelled` becomes true are finished, others not begun; `onDone` gets those that are done. */
  readonly run: (
    jobs: readonly Job[],
    isCancelled?: () => boolean,
    onDone?: (jobs: readonly Job[]) => void,
  ) => Promise<void>
  readonly close: () => Promise<void>
}

/** A host of which nothing is known. */
const UNKNOWN_HOST: SpareMemory = {
  holdingBytes: HOLDING_BYTES,
  keepingBytes: Number.POSITIVE_INFINITY,
  hasRoom: () => true,
}

/** The shared parts. */
export class Engine {
  readonly arena: Arena
  readonly runner: Runner
  /** Columns that a witness source fills in place. */
  readonly lent: LentColumns
  readonly spare: SpareMemory
  readonly #contexts: JobContexts
  readonly #plans = new Map<string, NttPlan>()
  #signal: AbortSignal | undefined
  #onWork: ((nanoseconds: number) => void) | undefined

  /** @param contexts Kernels for the calling thread. */
  constructor(arena: Arena, contexts: JobContexts, runner: Runner, spare: SpareMemory = UNKNOWN_HOST) {
    this.arena = arena
    this.spare = spare
    this.lent = new LentColumns(arena)
    this.#contexts = contexts
    this.runner = {
      ...runner,
      run: async (jobs) => {
        this.checkCancelled()
        await runner.run(
          jobs,
          () => this.#signal?.aborted === true,
          (done) => this.#onWork?.(done.reduce((sum, job) => sum + jobCost(job), 0)),
        )
        this.checkCancelled()
      },
    }
  }

  /** Kernels for the calling thread over the memory of an address. */
  kernelsAt(address: Address): Kernels {
    return this.#contexts.at(address).kernels
  }

  /** @throws ProverError PROVER_CANCELLED when the session's signal is aborted. */
  checkCancelled(): void {
    if (this.#signal?.aborted !== true) return
    throw new ProverError({ code: 'PROVER_CANCELLED', message: 'the proof was cancelled', cause: this.#signal.reason })
  }

  /** From values on a coset to coefficients, for panels in the memory of `near`; made once for each height. */
  inverse(logRows: number, near: Address): NttPlan {
    return this.#plan('inverse', logRows, 1n, near)
  }

  /** From coefficients to the values on `shift` times the subgroup; made once for each height and shift. */
  forward(logRows: number, shift: bigint, near: Address): NttPlan {
    return this.#plan('forward', logRows, shift, near)
  }

  #plan(direction: NttPlan['direction'], logRows: number, shift: bigint, near: Address): NttPlan {
    const key = `${memoryOf(near)}:${direction}:${logRows}:${shift}`
    const known = this.#plans.get(key)
    if (known !== undefined) return known
    const tables = this.arena.reserveNear(near, nttTableBytes(logRows)).offset
    const made = createNttPlan(this.kernelsAt(near), { direction, logN: logRows, tables, shift })
    this.#plans.set(key, made)
    return made
  }

  /**
   * Runs work that reserves memory; when it throws, all that it reserved is free again. One at a time. When the signal is
   * aborted, {@link Runner.run} throws.
   */
  async session<T>(
    work: () => Promise<T>,
    { signal, onWork }: NonNullable<Parameters<Backend['session']>[1]> = {},
  ): Promise<T> {
    this.#signal = signal
    this.#onWork = onWork
    const before = this.arena.snapshot()
    const known = new Set(this.#plans.keys())
    try {
      return await work()
    } catch (error) {
      this.arena.restore(before)
      this.lent.forget()
      for (const key of this.#plans.keys()) if (!known.has(key)) this.#plans.delete(key)
      throw error
    } finally {
      this.#signal = undefined
      this.#onWork = undefined
    }
  }

  /**
   * Cuts 0..count into ranges whose bounds are multiples of `step`, a few for each job that runs at a time, so that a
   * worker that is slower than the others takes fewer; a range is not smaller than `least`.
   */
  ranges(count: number, step: number, least: number = LEAST_ROWS): { readonly begin: number; readonly end: number }[] {
    const share = Math.max(least, count / (RANGES_PER_WORKER * this.runner.width))
    const size = Math.ceil(share / step) * step
    const ranges = []
    for (let begin = 0; begin < count; begin += size) ranges.push({ begin, end: Math.min(count, begin + size) })
    return ranges
  }

  release(...regions: readonly Region[]): void {
    for (const region of regions) this.arena.release(region)
  }
}

/** Runs every job in the calling thread. @param spare a host of which nothing is known when absent */
export function createInlineEngine(options: ArenaOptions = {}, spare?: SpareMemory): Engine {
  const arena = new Arena(1, options)
  const contexts = new JobContexts(compileKernels(), arena.scratch(0), () => arena.memories)
  const inline = new JobRunner(contexts)
  const runner: Runner = { width: 1, run: createTurns(inline), close: async () => {} }
  return new Engine(arena, contexts, runner, spare)
}

/** How long the calling thread works before others have a turn, in milliseconds. */
const TURN = 50

/**
 * Runs jobs in the calling thread and lets timers and signals in between. Its clock goes on from call to call: most calls
 * are shorter than a turn.
 */
export function createTurns(inline: JobRunner): Runner['run'] {
  let since = performance.now()
  return async (jobs, isCancelled, onDone) => {
    for (const job of jobs) {
      inline.run(job)
      onDone?.([job])
      if (performance.now() - since < TURN) continue
      await nextTurn()
      since = performance.now()
      if (isCancelled?.() === true) return
    }
  }
}
