import type { OperationInputs } from './operation-inputs.ts'

/** The operations `[from, from + count)` that one instance proves. */
export interface OperationSlice {
  readonly inputs: OperationInputs
  readonly from: number
  readonly count: number
}

/** Sets the stage-1 air values of an instance in place. */
export function setAirValues(instance: { readonly airValues: bigint[] }, values: readonly bigint[]): void {
  for (const [i, value] of values.entries()) instance.airValues[i] = value
}
