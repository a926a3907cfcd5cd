/** What the parts of the WebAssembly back end share: the memory, kernels for the calling thread, and the workers. */
import {
  compileKernels,
  createKernels,
  createNttPlan,
  type Kernels,
  type NttPlan,
  nttTableBytes,
  type Offset,
} from '@zisk/field'
import { ProverError } from '../errors.ts'
import { Arena, type Region } from './arena.ts'
import { type Job, JobRunner } from './jobs.ts'

/** Ranges of a large piece of work for each worker. */
const RANGES_PER_WORKER = 4
/** Rows of a range at the least. */
const LEAST_ROWS = 512

/** Runs jobs. */
export interface Runner {
  /** Number of jobs that run at the same time. */
  readonly width: number
  /** Jobs that run when `isCancelled` becomes true are finished, others not begun. */
  readonly run: (jobs: readonly Job[], isCancelled?: () => boolean) => Promise<void>
  readonly close: () => Promise<void>
}

/** The shared parts. */
export class Engine {
  readonly arena: Arena
  readonly kernels: Kernels
  readonly runner: Runner
  /** Column programs over at most so many rows are interpreted rather than compiled. */
  interpretedRows: number = 2 ** 12
  readonly #plans = new Map<string, NttPlan>()
  #signal: AbortSignal | undefined

  constructor(arena: Arena, kernels: Kernels, runner: Runner) {
    this.arena = arena
    this.kernels = kernels
    this.runner = {
      ...runner,
      run: async (jobs) => {
        this.checkCancelled()
        await runner.run(jobs, () => this.#signal?.aborted === true)
        this.checkCancelled()
      },
    }
  }

  /** @throws ProverError PROVER_CANCELLED when the session's signal is aborted. */
  checkCancelled(): void {
    if (this.#signal?.aborted !== true) return
    throw new ProverError({ code: 'PROVER_CANCELLED', message: 'the proof was cancelled', cause: this.#signal.reason })
  }

  /** From values on a coset to coefficients; made once for each height. */
  inverse(logRows: number): NttPlan {
    return this.#plan('inverse', logRows, 1n)
  }

  /** From coefficients to the values on `shift` times the subgroup; made once for each height and shift. */
  forward(logRows: number, shift: bigint): NttPlan {
    return this.#plan('forward', logRows, shift)
  }

  #plan(direction: NttPlan['direction'], logRows: number, shift: bigint): NttPlan {
    const key = `${direction}:${logRows}:${shift}`
    const known = this.#plans.get(key)
    if (known !== undefined) return known
    const tables = this.arena.reserve(nttTableBytes(logRows)).offset
    const made = createNttPlan(this.kernels, { direction, logN: logRows, tables, shift })
    this.#plans.set(key, made)
    return made
  }

  /**
   * Runs work that reserves memory; when it throws, all that it reserved is free again. One at a time. When the signal is
   * aborted, {@link Runner.run} throws.
   */
  async session<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#signal = signal
    const before = this.arena.snapshot()
    const known = new Set(this.#plans.keys())
    try {
      return await work()
    } catch (error) {
      this.arena.restore(before)
      for (const key of this.#plans.keys()) if (!known.has(key)) this.#plans.delete(key)
      throw error
    } finally {
      this.#signal = undefined
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

  /** A u32 list in memory. */
  list(values: readonly Offset[]): Region {
    const region = this.arena.reserve(4 * values.length)
    new Uint32Array(this.arena.memory.buffer, region.offset, values.length).set(values)
    return region
  }

  release(...regions: readonly Region[]): void {
    for (const region of regions) this.arena.release(region)
  }
}

/** Runs every job in the calling thread. */
export function createInlineEngine(maxBytes?: number): Engine {
  const arena = new Arena(1, maxBytes)
  const kernels = createKernels(compileKernels(), arena.memory, arena.scratch(0))
  const inline = new JobRunner({ kernels, memory: arena.memory, scratch: arena.scratch(0) })
  return new Engine(arena, kernels, {
    width: 1,
    run: (jobs, isCancelled) => runInTurn(inline, jobs, isCancelled),
    close: async () => {},
  })
}

/** How long the calling thread works before others have a turn, in milliseconds. */
const TURN = 50

/** Runs jobs in the calling thread; lets timers and signals in between. */
export async function runInTurn(
  inline: JobRunner,
  jobs: readonly Job[],
  isCancelled: () => boolean = () => false,
): Promise<void> {
  let since = performance.now()
  for (const job of jobs) {
    inline.run(job)
    if (performance.now() - since < TURN) continue
    await new Promise((resolve) => setImmediate(resolve))
    if (isCancelled()) return
    since = performance.now()
  }
}
