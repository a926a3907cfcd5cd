import type { AirInstance } from '@zisk/air'
import { type DecodedRom, replayChunk, type TraceChunk } from '@zisk/emulator'
import type { ComponentBuilder, InstanceCtx } from '@zisk/witness'

/** What EXPAND works with. */
export interface ExpandContext {
  readonly rom: DecodedRom
  readonly components: readonly ComponentBuilder[]
  /** The chunks of the plan: from its check point on. */
  readonly chunks: readonly TraceChunk[]
}

/** Phase EXPAND: the columns of one instance, from a replay of the chunks that hold its inputs. */
export function expandInstance(context: ExpandContext, ctx: InstanceCtx): AirInstance {
  const { rom, components, chunks } = context
  const { plan } = ctx
  const component = components.find(({ airs }) => airs.includes(plan.air))
  if (component === undefined) throw new Error(`a component for ${plan.air} expected, got none`)
  const instance = component.buildInstance(ctx)
  for (const chunk of chunks) {
    const collector = instance.buildInputsCollector(chunk.start)
    replayChunk(rom, chunk, (batch) => collector.process(batch))
  }
  return instance.computeWitness()
}
