import type { AirInstance } from '@zisk/air'
import type { ChunkStart } from '@zisk/emulator'
import type { BusDevice } from './bus-device.ts'
import type { CheckPoint, Plan } from './plan.ts'

/** Whether an instance gets its rows from steps of the run, or from what the whole program did. */
export type InstanceType = 'segment' | 'program'

/** What an instance is made of. */
export interface InstanceCtx {
  readonly plan: Plan
  /** Memory for its columns of stage 1; their own when absent. */
  readonly columns?: readonly BigUint64Array[] | undefined
}

/** One instance of an AIR under construction. */
export interface Instance {
  readonly instanceType: InstanceType
  readonly checkPoint: CheckPoint
  /**
   * The device that takes the inputs of a chunk. Chunks come in order, from that of the check point on.
   *
   * @param start the state at the chunk's first step
   */
  buildInputsCollector(start: ChunkStart): BusDevice
  /** The filled columns and air values, when all chunks of the plan were seen. */
  computeWitness(): AirInstance
  /** Forgets inputs and columns: the instance can be computed again. */
  reset(): void
  /** What it is and how far it got, for people. */
  debug(): string
}

/** Names an instance and what it holds. */
export function describePlan({ air, segment, rows, count }: Plan, collected: number): string {
  return `${air}#${segment}: ${rows} rows, ${collected} of ${count} inputs`
}
