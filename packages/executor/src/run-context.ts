import { type AirInstance, LookupCounter, type RunValues } from '@zisk/air'
import { type DecodedRom, decodeRom, type TraceChunk } from '@zisk/emulator'
import type { ComponentBuilder, Metrics, Plan } from '@zisk/witness'
import { type ComponentOptions, createComponents } from './components.ts'
import { ChunkCounters } from './count-chunk.ts'
import { expandInstance } from './expand-instance.ts'

/** What an expanded instance needs beside its chunks. */
export interface ExpandRequest {
  readonly plan: Plan
  readonly values: RunValues
  /** The chunks of the plan: from its check point on. */
  readonly chunks: readonly TraceChunk[]
  /** Whether to count the lookups. */
  readonly counts: boolean
  /** Memory for the columns of stage 1; their own when absent. */
  readonly columns?: readonly BigUint64Array[] | undefined
}

/** An instance with all stage-1 columns, and its lookups when asked for. */
export interface ExpandedInstance {
  readonly instance: AirInstance
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

  expand({ plan, values, chunks, counts, columns }: ExpandRequest): ExpandedInstance {
    const instance = expandInstance({ rom: this.#rom, components: this.components, chunks }, { plan, columns })
    const histogram = counts ? new Float64Array(this.lookups.size) : undefined
    this.lookups.complete(instance, values, histogram)
    return { instance, histogram }
  }
}
