import type { AirInstance } from '@zisk/air'
import type { OperationInputs } from '@zisk/witness'

/** The operations `[from, from + count)` that one instance proves. */
export interface OperationSlice {
  readonly inputs: OperationInputs
  readonly from: number
  readonly count: number
}

/** Sets the stage-1 air values of an instance in place. */
export function setAirValues(instance: AirInstance, values: readonly bigint[]): void {
  for (const [i, value] of values.entries()) instance.airValues[i] = value
}
