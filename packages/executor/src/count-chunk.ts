import { type DecodedRom, replayChunk, type TraceChunk } from '@zisk/emulator'
import type { ComponentBuilder, Counter, Metrics } from '@zisk/witness'

/** Phase COUNT: what every component counts in a chunk, by its position. */
export class ChunkCounters {
  readonly #rom: DecodedRom
  readonly #counters: readonly Counter[]

  constructor(rom: DecodedRom, components: readonly ComponentBuilder[]) {
    this.#rom = rom
    this.#counters = components.map((component) => component.buildCounter())
  }

  /** @throws {TraceError} TRACE_CORRUPT */
  count(chunk: TraceChunk): readonly Metrics[] {
    replayChunk(this.#rom, chunk, (batch) => {
      for (const counter of this.#counters) counter.process(batch)
    })
    return this.#counters.map((counter) => counter.take())
  }
}
