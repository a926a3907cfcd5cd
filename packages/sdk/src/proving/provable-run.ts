/** Executes a program whose run is to be proven, checked or planned, and refuses runs that have no proof. */

import { PUBLIC_OUTPUT_WORDS } from '@zisk/core'
import { ExecutorError, type PlanRunOptions, planRun, type RunPlan } from '@zisk/executor'
import type { ProvingKey } from '@zisk/prover'
import { QUOTIENT_PIECES, type ZiskStatement } from '@zisk/verifier'
import { type Execution, execute, exitCodeError, outcomeError } from '../execute.ts'
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

/** A planned run and what its proof will state. */
export interface PlannedRun {
  readonly plan: RunPlan
  /** As records. */
  readonly input: Uint8Array
  readonly statement: ZiskStatement
}

/**
 * Runs a program once and plans the proof of the run. The caller closes the plan.
 *
 * @param key the keys of the machine
 * @throws GuestError as {@link runToProve}
 */
export async function planToProve(
  key: Pick<ProvingKey, 'program' | 'prepared'>,
  program: Program,
  options: ProvableRunOptions & Pick<PlanRunOptions, 'threads' | 'shardCells' | 'chunkSize'>,
): Promise<PlannedRun> {
  const { rom } = program
  const { threads, shardCells, chunkSize, maxSteps, signal } = options
  const input = createInput(options.input ?? { kind: 'records', records: [] }, rom.memoryMap)
  const limits = { threads, shardCells, chunkSize, maxSteps, signal, cellsPerRow: cellsPerRowOf(key) }
  const plan = await planRun(key.program, rom, { input, framing: 'records', ...limits }).catch(
    async (error: unknown) => {
      // What went wrong is told by a second run, which knows how to say it.
      if (error instanceof ExecutorError && error.code === 'RUN_NOT_EXITED') await runToProve(program, options)
      throw error
    },
  )
  const word = (index: number): bigint => plan.publics[PUBLIC_OUTPUT_WORDS + index]!
  const exitCode = rom.exitMode === 'bound' ? word(0) | (word(1) << 32n) : undefined
  if (exitCode !== undefined && exitCode !== 0n && options.allowFailure !== true) {
    await plan.close()
    throw exitCodeError(exitCode)
  }
  const outputs = Uint32Array.from(plan.publics.slice(0, PUBLIC_OUTPUT_WORDS), Number)
  return { plan, input, statement: { outputs, exitCode } }
}

/** What `airCost` works out from an AIR, from the key, which knows the columns that degree reduction adds. */
function cellsPerRowOf({ prepared }: Pick<ProvingKey, 'prepared'>): (airGroup: number, air: number) => number {
  return (airGroup, air) => {
    const inGroup = prepared.shapes.filter(({ group }) => group === airGroup)
    const { stage1, stage2, custom } = inGroup[air]!
    return stage1.length + 3 * stage2.length + custom.flat().length + 3 * QUOTIENT_PIECES
  }
}
