import { type AirInstance, type CheckReport, createChecker, createInstance, type Pilout } from '@zisk/air'
import { type Claim, clientOf, complete } from '@zisk/air-testkit'
import type { OperationSlice } from '@zisk/witness'
import { inputsOf } from './compile-machine.ts'

/** A machine and what fills it. */
interface Forgery {
  readonly air: string
  readonly fill: (instance: AirInstance, slice: OperationSlice) => void
  /** A false claim, which the machine is filled with as if it were true. */
  readonly claim: Claim
  /** Changes the row afterwards. */
  readonly forge?: (instance: AirInstance) => void
}

/** What the checker says of a machine whose first row is to prove a false claim that somebody makes. */
export function checkForgedClaim(program: Pilout, { air, fill, claim, forge }: Forgery): CheckReport {
  const forged = createInstance(program, { air })
  fill(forged, { inputs: inputsOf([claim]), from: 0, count: 1 })
  forge?.(forged)
  const witness = complete(program, [clientOf(program, [claim]), forged])
  return createChecker(program).check(witness, { sums: false, stage2: false })
}
