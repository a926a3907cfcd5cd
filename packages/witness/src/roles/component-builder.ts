import type { Counter, InputsGenerator, Metrics } from './bus-device.ts'
import type { Instance, InstanceCtx } from './instance.ts'
import type { Planner } from './plan.ts'

/** All that a component (a family of machines with a common source of inputs) contributes to a witness. */
export interface ComponentBuilder<Inputs = unknown> {
  /** The AIRs that it fills. */
  readonly airs: readonly string[]
  /** Codes of the operations that it proves; absent when it proves none. */
  readonly operations?: ReadonlySet<number>
  buildInputsGenerator(): InputsGenerator<Inputs>
  buildCounter(): Counter
  buildPlanner(): Planner
  /** Tells the component what its planner found out. Comes before {@link buildInstance}. */
  configureInstances(config: Metrics): void
  buildInstance(ctx: InstanceCtx): Instance
}
