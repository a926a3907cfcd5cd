/** Executes a program whose run is to be proven, checked or planned, and refuses runs that have no proof. */

import type { Pilout } from '@zisk/air'
import { PUBLIC_OUTPUT_WORDS } from '@zisk/core'
import { ExecutorError, type PlanLimits, type PlanRunOptions, planRun, type RunPlan } from '@zisk/executor'
import type { ProvingKey, WorkOptions } from '@zisk/prover'
import { QUOTIENT_PIECES, type ZiskStatement } from '@zisk/verifier'
import { type Execution, execute, exitCodeError, outcomeError } from '../execute.ts'
import { createInput, type InputSource } from '../input.ts'
import type { Program } from '../program.ts'
import { type KeptRun, keepRun, resumeKeptRun } from './kept-run.ts'

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
  readonly statement: ZiskStatement
}

/** What to run, and how to plan it. */
type PlanToProveOptions = ProvableRunOptions & Pick<PlanRunOptions, 'threads' | 'shardCells' | 'chunkSize'>

/**
 * Runs a program once and plans the proof of the run. The caller closes the plan.
 *
 * @param key the keys of the machine
 * @param work where the run is kept: it is not executed and planned when it was before
 * @throws GuestError as {@link runToProve}
 */
export async function planToProve(
  key: Pick<ProvingKey, 'program' | 'prepared'>,
  program: Program,
  options: PlanToProveOptions,
  work?: WorkOptions,
): Promise<PlannedRun> {
  const { rom } = program
  const { threads, shardCells, allowFailure } = options
  const input = createInput(options.input ?? { kind: 'records', records: [] }, rom.memoryMap)
  const limits = { threads, shardCells, cellsPerRow: cellsPerRowOf(key) }
  const kept = work && keptRunOf(work, key, options)
  const resumed = kept && (await resumeKeptRun(kept, key.program, rom, limits))
  const plan = resumed ?? (await planNewRun(key.program, program, input, { ...options, ...limits }))
  try {
    const word = (index: number): bigint => plan.publics[PUBLIC_OUTPUT_WORDS + index]!
    const exitCode = rom.exitMode === 'bound' ? word(0) | (word(1) << 32n) : undefined
    if (exitCode !== undefined && exitCode !== 0n && allowFailure !== true) throw exitCodeError(exitCode)
    if (kept !== undefined && resumed === undefined) await keepRun(kept, plan)
    const outputs = Uint32Array.from(plan.publics.slice(0, PUBLIC_OUTPUT_WORDS), Number)
    return { plan, statement: { outputs, exitCode } }
  } catch (error) {
    await plan.close()
    throw error
  }
}

/** What decides chunks and plan beside what decides the columns: the AIRs, and options of the run. */
function keptRunOf(
  { store, identity }: WorkOptions,
  { prepared }: Pick<ProvingKey, 'prepared'>,
  { chunkSize, maxSteps }: PlanToProveOptions,
): KeptRun {
  return { store, identity: [identity, prepared.digest, JSON.stringify({ chunkSize, maxSteps })] }
}

async function planNewRun(
  machine: Pilout,
  program: Program,
  input: Uint8Array,
  options: PlanToProveOptions & PlanLimits,
): Promise<RunPlan> {
  const { threads, shardCells, cellsPerRow, chunkSize, maxSteps, signal } = options
  const limits = { threads, shardCells, cellsPerRow, chunkSize, maxSteps, signal }
  try {
    return await planRun(machine, program.rom, { input, framing: 'records', ...limits })
  } catch (error) {
    // What went wrong is told by a second run, which knows how to say it.
    if (error instanceof ExecutorError && error.code === 'RUN_NOT_EXITED') await runToProve(program, options)
    throw error
  }
}

/** What `airCost` works out from an AIR, from the key, which knows the columns that degree reduction adds. */
function cellsPerRowOf({ prepared }: Pick<ProvingKey, 'prepared'>): (airGroup: number, air: number) => number {
  return (airGroup, air) => {
    const inGroup = prepared.shapes.filter(({ group }) => group === airGroup)
    const { stage1, stage2, custom } = inGroup[air]!
    return stage1.length + 3 * stage2.length + custom.flat().length + 3 * QUOTIENT_PIECES
  }
}
