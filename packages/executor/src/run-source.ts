import {
  type AirInstance,
  type ColumnMemory,
  findAir,
  type InstancePlan,
  type Pilout,
  type WitnessSource,
} from '@zisk/air'
import type { TraceChunk } from '@zisk/emulator'
import type { Plan } from '@zisk/witness'
import type { ExpandedInstances } from './run-context.ts'
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

/** Bytes of columns in memory of the caller that are made before they are asked for, at most. */
const AHEAD_BYTES: number = 2 ** 28

/** Bytes of columns from which on instances are no longer made together: one replay of the run serves many small ones. */
const TOGETHER_BYTES: number = 2 ** 27

/** An instance to be made. */
interface WantedInstance {
  readonly position: number
  /** Memory for its columns of stage 1; their own when absent. */
  readonly columns: readonly BigUint64Array[] | undefined
}

/** An instance that is being made, or waits to be asked for. */
interface BegunInstance {
  readonly instance: Promise<AirInstance>
  /** Gives back the memory that its columns are in, if it is the caller's. */
  readonly giveBack: () => void
  readonly isLent: boolean
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
  /** What comes next, by position. */
  readonly #ahead: Map<number, BegunInstance> = new Map()
  /** Where to read ahead from, and whose memory may be used; nothing when nobody waits for more. */
  #wanted: { readonly from: number; readonly memory: ColumnMemory | undefined } | undefined
  /** All that is under way. */
  readonly #underWay: Set<Promise<unknown>> = new Set()

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

  async instance(position: number, signal?: AbortSignal, memory?: ColumnMemory): Promise<AirInstance> {
    signal?.throwIfAborted()
    this.#memory.release()
    const { plans, threads } = this.#options
    if (position >= plans.length) {
      await this.#countAll(signal)
      return threads.context.lookups.tableInstance(this.#tables[position - plans.length]!, this.#histogram)
    }
    const known = this.#ahead.get(position)
    // What nobody came for was in vain.
    for (const other of this.#ahead.keys()) if (known === undefined || other < position) this.#drop(other)
    this.#ahead.delete(position)
    const begun = known ?? this.#beginFrom(position, memory)
    this.#wanted = { from: position + 1, memory }
    this.#readAhead()
    try {
      const instance = await begun.instance
      if (!begun.isLent) this.#memory.add(instance)
      return instance
    } catch (error) {
      begun.giveBack()
      throw error
    }
  }

  async stop(): Promise<void> {
    this.#wanted = undefined
    for (const position of this.#ahead.keys()) this.#drop(position)
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay)
  }

  #drop(position: number): void {
    const { instance, giveBack } = this.#ahead.get(position)!
    this.#ahead.delete(position)
    instance.then(giveBack, giveBack)
  }

  /**
   * Begins instances in workers while the caller is busy with the one before them: the next one, and more of them while
   * there are idle workers and the caller has memory for their columns.
   */
  #readAhead(): void {
    const { plans, threads } = this.#options
    if (this.#wanted === undefined || !threads.hasWorkers) return
    const { from, memory } = this.#wanted
    let ahead = 0
    let group: WantedInstance[] = []
    let together = 0
    const begin = (): void => {
      for (const [i, begun] of this.#begin(group, memory).entries()) this.#ahead.set(group[i]!.position, begun)
      group = []
      together = 0
    }
    for (let position = from; position < plans.length; position++) {
      const bytes = this.#bytes(position)
      ahead += bytes
      if (this.#ahead.has(position)) continue
      const isNext = position === from
      const hasIdle = group.length > 0 || this.#underWay.size < threads.width
      // What was made before is made again only when it is needed at once.
      if (!isNext && !(hasIdle && ahead <= AHEAD_BYTES && this.#counted[position] === undefined)) break
      const columns = this.#room(position, memory)
      if (!isNext && columns === undefined) break
      group.push({ position, columns })
      together += bytes
      if (together >= TOGETHER_BYTES) begin()
    }
    if (group.length > 0) begin()
  }

  /** Begins an instance, and without workers those after it that can be made together with it: that saves their replays. */
  #beginFrom(position: number, memory: ColumnMemory | undefined): BegunInstance {
    const { plans, threads } = this.#options
    const group: WantedInstance[] = [{ position, columns: this.#room(position, memory) }]
    let together = this.#bytes(position)
    for (let next = position + 1; !threads.hasWorkers && next < plans.length; next++) {
      together += this.#bytes(next)
      const columns = together > TOGETHER_BYTES ? undefined : this.#room(next, memory)
      if (columns === undefined) break
      group.push({ position: next, columns })
    }
    const [begun, ...others] = this.#begin(group, memory)
    for (const [i, other] of others.entries()) this.#ahead.set(position + 1 + i, other)
    return begun!
  }

  /** Memory of the caller for the columns of an instance, if there is. */
  #room(position: number, memory: ColumnMemory | undefined): readonly BigUint64Array[] | undefined {
    return memory?.take(this.#columnCount(position), this.instances[position]!.rows)
  }

  #bytes(position: number): number {
    return 8 * this.#columnCount(position) * this.instances[position]!.rows
  }

  /** Columns of stage 1 of an instance. */
  #columnCount(position: number): number {
    const { airGroup, air } = this.instances[position]!
    return this.#options.program.airGroups[airGroup]!.airs[air]!.witness.filter(({ stage }) => stage === 1).length
  }

  /** Begins to make some instances, from one replay of the run. */
  #begin(wanted: readonly WantedInstance[], memory: ColumnMemory | undefined): readonly BegunInstance[] {
    const expanded = this.#expand(wanted)
    const settled = expanded
      .catch(() => {})
      .then(() => {
        this.#underWay.delete(settled)
        this.#readAhead()
      })
    this.#underWay.add(settled)
    return wanted.map(({ columns }, i) => {
      const made = expanded.then(({ instances }) =>
        columns === undefined ? instances[i]! : withColumns(instances[i]!, columns),
      )
      // Whoever asks for it meets the failure.
      made.catch(() => {})
      return {
        instance: made,
        giveBack: () => columns && memory?.giveBack(columns),
        isLent: columns !== undefined,
      }
    })
  }

  /** Expands instances; the first time also counts their lookups. */
  #expand(wanted: readonly WantedInstance[]): Promise<ExpandedInstances> {
    const { chunks, threads, plans: all } = this.#options
    const plans = wanted.map(({ position, columns }) => {
      return { plan: all[position]!, counts: this.#counted[position] === undefined, columns }
    })
    const firstChunk = Math.min(...plans.map(({ plan }) => plan.checkPoint.chunk))
    const endChunk = Math.max(...plans.map(({ plan }) => plan.endChunk))
    const expanded = threads.expand({
      plans,
      values: { publics: this.publics, proofValues: this.proofValues },
      chunks: chunks.slice(firstChunk, endChunk),
      firstChunk,
    })
    const uncounted = wanted.filter((_, i) => plans[i]!.counts)
    if (uncounted.length === 0) return expanded
    const counted = expanded.then(({ histogram }) => {
      for (let i = 0; i < this.#histogram.length; i++) this.#histogram[i]! += histogram![i]!
    })
    for (const { position } of uncounted) this.#counted[position] = counted
    // What failed is counted again the next time.
    counted.catch(() => {
      for (const { position } of uncounted) this.#counted[position] = undefined
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
        const { instances } = await this.#expand([{ position, columns: undefined }])
        this.#memory.add(instances[0]!)
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

/** The instance with its columns of stage 1 as this thread knows them: another thread has other views of the memory. */
function withColumns(instance: AirInstance, columns: readonly BigUint64Array[]): AirInstance {
  const own = columns.values()
  // Columns of later stages are empty.
  return { ...instance, witness: instance.witness.map((column) => (column?.length ? own.next().value! : column)) }
}
