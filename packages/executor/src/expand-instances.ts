import type { AirInstance } from '@zisk/air'
import { type DecodedRom, replayChunk, type TraceChunk } from '@zisk/emulator'
import type { ComponentBuilder, InstanceCtx } from '@zisk/witness'

/** What EXPAND works with. */
export interface ExpandContext {
  readonly rom: DecodedRom
  readonly components: readonly ComponentBuilder[]
  /** The chunks of all plans. */
  readonly chunks: readonly TraceChunk[]
  /** Position of the first of them in the run. */
  readonly firstChunk: number
}

/** Phase EXPAND: the columns of some instances, from one replay of the chunks that hold their inputs. */
export function expandInstances(context: ExpandContext, list: readonly InstanceCtx[]): readonly AirInstance[] {
  const { rom, components, chunks, firstChunk } = context
  const instances = list.map((ctx) => {
    const component = components.find(({ airs }) => airs.includes(ctx.plan.air))
    if (component === undefined) throw new Error(`a component for ${ctx.plan.air} expected, got none`)
    return { instance: component.buildInstance(ctx), plan: ctx.plan }
  })
  for (const [i, chunk] of chunks.entries()) {
    const position = firstChunk + i
    const collectors = instances
      .filter(({ plan }) => plan.checkPoint.chunk <= position && position < plan.endChunk)
      .map(({ instance }) => instance.buildInputsCollector(chunk.start))
    if (collectors.length === 0) continue
    replayChunk(rom, chunk, (batch) => {
      for (const collector of collectors) collector.process(batch)
    })
  }
  return instances.map(({ instance }) => instance.computeWitness())
}
