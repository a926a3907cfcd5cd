import type { Pilout } from '@zisk/air'
import { type Claim, machineSource, pushClaims } from '@zisk/air-testkit'
import { compilePilOrThrow } from '@zisk/pilc'
import { OperationInputs } from '@zisk/witness'

/** Compiles machines of this package with a client of the operation bus. */
export function compileMachine(files: readonly string[], body: string): Pilout {
  return compilePilOrThrow(machineSource({ files, body, folders: ['packages/state-machines/arith/pil'] }))
}

/** The operands of claims, as a machine receives them. */
export function inputsOf(claims: readonly Claim[]): OperationInputs {
  return pushClaims(new OperationInputs(), claims)
}
