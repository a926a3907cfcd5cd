/** Executes a program whose run is to be proven, checked or planned, and refuses runs that have no proof. */

import type { ZiskStatement } from '@zisk/verifier'
import { type Execution, execute, outcomeError } from '../execute.ts'
import { createInput, type InputSource } from '../input.ts'
import type { Program } from '../program.ts'

/** What to run. */
export interface ProvableRunOptions {
  /** An empty input when absent. */
  readonly input?: InputSource | undefined
  readonly maxSteps?: number | undefined
  /** Accepts a run whatever exit code it ends with. */
  readonly allowFailure?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs a program to its end.
 *
 * @returns the run, and its input as records
 * @throws GuestError when the run faults, does not end, or ends with an exit code that is not allowed
 */
export async function runToProve(
  program: Program,
  options: ProvableRunOptions,
): Promise<{ readonly input: Uint8Array; readonly execution: Execution }> {
  const { maxSteps, signal, allowFailure } = options
  const input = createInput(options.input ?? { kind: 'records', records: [] }, program.rom.memoryMap)
  const execution = await execute(program, { input: { kind: 'ready', bytes: input }, maxSteps, signal })
  const failure = outcomeError(execution)
  if (failure !== undefined && !(failure.code === 'GUEST_EXIT' && allowFailure === true)) throw failure
  return { input, execution }
}

/** What the proof of a finished run states. */
export function statementOf({ outcome, program }: Execution): ZiskStatement {
  if (outcome.kind !== 'exited') throw new Error(`a finished run expected, got ${outcome.kind}`)
  return { outputs: outcome.publics, exitCode: program.rom.exitMode === 'bound' ? outcome.exitWord : undefined }
}
