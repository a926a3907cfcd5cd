import { type AirInstance, findAir, type InstancePlan, type Pilout, type WitnessSource } from '@zisk/air'
import type { TraceChunk } from '@zisk/emulator'
import type { Plan } from '@zisk/witness'
import type { ExpandedInstance } from './run-context.ts'
import type { RunThreads } from './run-threads.ts'
import { SharedMemory } from './shared-memory.ts'

/** What a source is made from. */
export interface RunSourceOptions {
  readonly program: Pilout
  readonly threads: RunThreads
  readonly chunks: readonly TraceChunk[]
  readonly plans: readonly Plan[]
  readonly publics: readonly bigint[]
  readonly proofValues: readonly bigint[]
}

/**
 * The witness of a run: every instance is expanded when asked for, as often as asked.
 *
 * The lookups of an instance are counted the first time. Tables come last, and need all of them: what was not asked for
 * before a table is expanded for it.
 */
export class RunSource implements WitnessSource {
  readonly instances: readonly InstancePlan[]
  readonly publics: readonly bigint[]
  readonly proofValues: readonly bigint[]
  readonly #options: RunSourceOptions
  /** Position of each table among those of the lookup counter, in the order of the instances behind the plans. */
  readonly #tables: readonly number[]
  readonly #histogram: Float64Array
  /** By plan: settled when its lookups are in the histogram. */
  readonly #counted: (Promise<unknown> | undefined)[]
  #global = false
  readonly #memory: SharedMemory = new SharedMemory()
  /** The instance that comes next, under way. */
  readonly #ahead: Map<number, Promise<ExpandedInstance>> = new Map()

  constructor(options: RunSourceOptions) {
    const { program, plans, threads, publics, proofValues } = options
    const { lookups } = threads.context
    this.#options = options
    this.publics = publics
    this.proofValues = proofValues
    const planned = plans.map(({ air, segment, rows }) => ({ ...findAir(program, air), segment, rows }))
    const used = new Set(planned.flatMap(({ airGroup, air }) => [...lookups.tablesOf(airGroup, air)]))
    this.#tables = [...lookups.tables.keys()].filter((table) => used.has(table))
    const tables = this.#tables.map((table) => {
      const { airGroup, air, rows } = lookups.tables[table]!
      return { airGroup, air, segment: 0, rows }
    })
    this.instances = [...planned, ...tables]
    this.#histogram = new Float64Array(lookups.size)
    this.#counted = new Array(plans.length).fill(undefined)
  }

  async instance(position: number, signal?: AbortSignal): Promise<AirInstance> {
    signal?.throwIfAborted()
    this.#memory.release()
    const instance = await this.#make(position, signal)
    this.#memory.add(instance)
    return instance
  }

  async #make(position: number, signal: AbortSignal | undefined): Promise<AirInstance> {
    const { plans, threads } = this.#options
    if (position < plans.length) {
      const expanded = this.#ahead.get(position) ?? this.#expand(position)
      this.#ahead.delete(position)
      this.#readAhead(position + 1)
      return (await expanded).instance
    }
    await this.#countAll(signal)
    return threads.context.lookups.tableInstance(this.#tables[position - plans.length]!, this.#histogram)
  }

  /** Begins the next instance in a worker while the caller is busy with this one. */
  #readAhead(position: number): void {
    const { plans, threads } = this.#options
    if (!threads.hasWorkers || position >= plans.length || this.#ahead.has(position)) return
    // What nobody came for was in vain.
    this.#ahead.clear()
    const expanded = this.#expand(position)
    expanded.catch(() => {})
    this.#ahead.set(position, expanded)
  }

  /** Expands an instance; the first time also counts its lookups. */
  #expand(position: number): Promise<ExpandedInstance> {
    const { plans, chunks, threads } = this.#options
    const plan = plans[position]!
    const counts = this.#counted[position] === undefined
    const expanded = threads.expand({
      plan,
      values: { publics: this.publics, proofValues: this.proofValues },
      chunks: chunks.slice(plan.checkPoint.chunk, plan.endChunk),
      counts,
    })
    if (!counts) return expanded
    const counted = expanded.then(({ histogram }) => {
      for (let i = 0; i < this.#histogram.length; i++) this.#histogram[i]! += histogram![i]!
    })
    this.#counted[position] = counted
    // What failed is counted again the next time.
    counted.catch(() => {
      this.#counted[position] = undefined
    })
    return counted.then(() => expanded)
  }

  /** Waits until the lookups of all instances are in the histogram. */
  async #countAll(signal: AbortSignal | undefined): Promise<void> {
    const { plans, threads } = this.#options
    const missing = [...plans.keys()].filter((position) => this.#counted[position] === undefined)
    const next = async (): Promise<void> => {
      for (let position = missing.shift(); position !== undefined; position = missing.shift()) {
        signal?.throwIfAborted()
        this.#memory.release()
        this.#memory.add((await this.#expand(position)).instance)
      }
    }
    await Promise.all(Array.from({ length: threads.width }, next))
    await Promise.all(this.#counted)
    if (this.#global) return
    this.#global = true
    const { publics, proofValues } = this
    threads.context.lookups.countGlobal({ publics, proofValues }, this.#histogram)
  }
}
