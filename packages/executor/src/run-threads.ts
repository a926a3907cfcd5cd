import type { TraceChunk } from '@zisk/emulator'
import type { Metrics } from '@zisk/witness'
import type { ComponentOptions } from './components.ts'
import { type ExpandedInstances, type ExpandRequest, RunContext } from './run-context.ts'
import { WitnessPool } from './witness-pool.ts'

/** Runs with more steps expand in workers: below, starting them takes longer. */
const WORTH_WORKERS: number = 2 ** 17

/** Where the phases of a run are done: in this thread while there is little to do, else in workers. */
export class RunThreads {
  /** The components of this thread. */
  readonly context: RunContext
  /** Tasks that are done at a time. */
  readonly width: number
  readonly #options: ComponentOptions
  #pool: WitnessPool | undefined = undefined
  #configs: readonly Metrics[] | undefined = undefined

  /** @param threads worker threads; with 1 there are none */
  constructor(options: ComponentOptions, threads: number) {
    this.#options = options
    this.width = threads
    this.context = new RunContext(options)
  }

  get hasWorkers(): boolean {
    return this.#pool !== undefined
  }

  /** Chunks to have under way in {@link count}. */
  get capacity(): number {
    return this.#pool?.capacity ?? 1
  }

  /** Counts a chunk: in this thread when it is the only one. */
  async count(chunk: TraceChunk): Promise<readonly Metrics[]> {
    const isOnly = chunk.firstStep === 0 && chunk.last
    return isOnly || this.width === 1 ? this.context.count(chunk) : await this.#workers().count(chunk)
  }

  /** Tells all threads what was planned for a run of so many steps. */
  configure(configs: readonly Metrics[], steps: number): void {
    if (this.width > 1 && steps > WORTH_WORKERS) this.#workers()
    this.#configs = this.#pool === undefined ? configs : configs.map(sharedMetrics)
    this.context.configure(this.#configs)
  }

  async expand(request: ExpandRequest): Promise<ExpandedInstances> {
    if (this.#configs === undefined) throw new Error('expand expected configure to come first')
    if (this.#pool !== undefined) return await this.#pool.expand(request, this.#configs)
    return await this.context.expand(request, nextTurn)
  }

  async close(): Promise<void> {
    await this.#pool?.destroy()
  }

  #workers(): WitnessPool {
    this.#pool ??= new WitnessPool(this.#options, this.width)
    return this.#pool
  }
}

/** Lets messages of other threads, timers and signals in. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** The same columns in memory that threads share. */
function sharedMetrics(metrics: Metrics): Metrics {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, column]) => {
      const Column = column.constructor as new (buffer: SharedArrayBuffer) => typeof column
      const copy = new Column(new SharedArrayBuffer(column.byteLength))
      copy.set(column)
      return [name, copy]
    }),
  )
}
