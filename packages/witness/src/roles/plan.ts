import type { Metrics } from './bus-device.ts'

/** Where in a run the inputs of an instance begin: behind `skip` inputs of a chunk. */
export interface CheckPoint {
  readonly chunk: number
  readonly skip: number
}

/**
 * What one instance proves: the inputs `[from, from + count)` of its AIR, in the order of its rows. Instances of an AIR
 * follow each other without gaps.
 */
export interface Plan {
  readonly air: string
  readonly segment: number
  readonly rows: number
  readonly from: number
  readonly count: number
  /** Whether it is the last segment of its AIR. */
  readonly isLast: boolean
  /** First chunk with inputs of it. */
  readonly checkPoint: CheckPoint
  /** Chunk behind the last one with inputs of it; that of the check point when it needs no chunk. */
  readonly endChunk: number
}

/** What the planner of a component decided. */
export interface PlannedComponent {
  readonly plans: readonly Plan[]
  /** What all instances of the component need to know of the run. */
  readonly config: Metrics
}

/** Turns counts into plans. */
export interface Planner {
  /** Adds the counts of the next chunk; chunks come in order. */
  add(chunk: { readonly firstStep: number; readonly steps: number }, counts: Metrics): void
  plan(): PlannedComponent
}
