import { type AirInstance, LookupCounter, type RunValues } from '@zisk/air'
import { type DecodedRom, decodeRom, type TraceChunk } from '@zisk/emulator'
import type { ComponentBuilder, Metrics, Plan } from '@zisk/witness'
import { type ComponentOptions, createComponents } from './components.ts'
import { ChunkCounters } from './count-chunk.ts'
import { expandInstances } from './expand-instances.ts'

/** An instance to be expanded. */
export interface ExpandedPlan {
  readonly plan: Plan
  /** Whether to count the lookups. */
  readonly counts: boolean
  /** Memory for the columns of stage 1; their own when absent. */
  readonly columns?: readonly BigUint64Array[] | undefined
}

/** Instances that are expanded together, and what they need. */
export interface ExpandRequest {
  readonly plans: readonly ExpandedPlan[]
  readonly values: RunValues
  /** The chunks of all plans, and the position of the first one in the run. */
  readonly chunks: readonly TraceChunk[]
  readonly firstChunk: number
}

/** Instances with all stage-1 columns, and the lookups of those that were to be counted. */
export interface ExpandedInstances {
  readonly instances: readonly AirInstance[]
  readonly histogram: Float64Array<ArrayBuffer> | undefined
}

/** Counts chunks and expands instances of one program, in whatever thread it is made. */
export class RunContext {
  readonly components: readonly ComponentBuilder[]
  readonly #rom: DecodedRom
  readonly #options: ComponentOptions
  #counters: ChunkCounters | undefined
  #lookups: LookupCounter | undefined
  #configs: readonly Metrics[] | undefined

  constructor(options: ComponentOptions) {
    this.#options = options
    this.#rom = decodeRom(options.rom.instructions)
    this.components = createComponents(options)
  }

  get lookups(): LookupCounter {
    this.#lookups ??= new LookupCounter(this.#options.program)
    return this.#lookups
  }

  /** @throws {TraceError} TRACE_CORRUPT */
  count(chunk: TraceChunk): readonly Metrics[] {
    this.#counters ??= new ChunkCounters(this.#rom, this.components)
    return this.#counters.count(chunk)
  }

  /** Tells the components what their planners found out; the same configurations again cost nothing. */
  configure(configs: readonly Metrics[]): void {
    if (this.#configs === configs) return
    this.#configs = configs
    for (const [i, component] of this.components.entries()) component.configureInstances(configs[i]!)
  }

  /** @param pause awaited between pieces of the work: lets others have a turn in this thread */
  async expand(
    { plans, values, chunks, firstChunk }: ExpandRequest,
    pause: () => Promise<void> = async () => {},
  ): Promise<ExpandedInstances> {
    await pause()
    const instances = expandInstances({ rom: this.#rom, components: this.components, chunks, firstChunk }, plans)
    const histogram = plans.some(({ counts }) => counts) ? new Float64Array(this.lookups.size) : undefined
    for (const [i, instance] of instances.entries()) {
      await pause()
      this.lookups.complete(instance, values, plans[i]!.counts ? histogram : undefined)
    }
    return { instances, histogram }
  }
}
