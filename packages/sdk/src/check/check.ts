/** Runs a program and checks every constraint and every bus of the run, without a proof. */

import { type CheckFailure, type CheckReport, createChecker, type Pilout, type ProgramWitness } from '@zisk/air'
import { buildWitness } from '@zisk/executor'
import { createInlineEngine, createWasmBackend } from '@zisk/prover'
import { abortable } from '../abort.ts'
import type { Execution } from '../execute.ts'
import { defaultHome } from '../home.ts'
import { loadProvingKey } from '../machine/proving-key.ts'
import type { Program } from '../program.ts'
import { type ProvableRunOptions, runToProve } from '../proving/provable-run.ts'
import { RowExplainer, type RowExplanation } from './explain.ts'

/** How to check. */
export interface CheckOptions extends ProvableRunOptions {
  readonly chunkSize?: number | undefined
  /** Failures described; all are counted. 10 when absent. */
  readonly maxFailures?: number | undefined
  readonly home?: string | undefined
}

/** A failure, and where in the guest each of its rows belongs. */
export interface ExplainedFailure {
  readonly failure: CheckFailure
  readonly rows: readonly (RowExplanation & { readonly instance: string; readonly row: number })[]
}

/** What a check found. */
export interface CheckedRun {
  readonly execution: Execution
  readonly report: CheckReport
  readonly failures: readonly ExplainedFailure[]
  readonly instances: number
  /** Cells of the witness columns. */
  readonly cells: number
}

const DEFAULT_MAX_FAILURES = 10

/**
 * Checks a run.
 *
 * @throws GuestError when the run faults, does not end, or ends with an exit code that is not allowed
 * @throws AbortedError after the signal
 */
export function check(program: Program, options: CheckOptions = {}): Promise<CheckedRun> {
  return abortable(options.signal, () => checkRun(program, options))
}

async function checkRun(program: Program, options: CheckOptions): Promise<CheckedRun> {
  const { chunkSize, maxSteps, signal, home = defaultHome(), maxFailures = DEFAULT_MAX_FAILURES } = options
  const { input, execution } = await runToProve(program, options)
  const { key } = await loadProvingKey({ home }, createWasmBackend(createInlineEngine()))
  const { witness } = await buildWitness(key.program, program.rom, {
    input,
    framing: 'records',
    chunkSize,
    maxSteps,
    signal,
  })
  const cells = witness.instances.reduce(
    (sum, { rows, witness: columns }) => sum + rows * columns.filter((column) => column !== undefined).length,
    0,
  )
  return {
    execution,
    instances: witness.instances.length,
    cells,
    ...checkWitness({ machine: key.program, witness, program, maxFailures }),
  }
}

/** Checks a witness and explains what fails. */
export function checkWitness(work: {
  readonly machine: Pilout
  readonly witness: ProgramWitness
  readonly program: Program
  readonly maxFailures: number
}): Pick<CheckedRun, 'report' | 'failures'> {
  const { machine, witness, program, maxFailures } = work
  const report = createChecker(machine).check(witness, { maxFailures })
  const explainer = new RowExplainer(machine, witness, program)
  const positions = new Map(
    witness.instances.map(({ airGroup, air, segment }, position) => [
      `${machine.airGroups[airGroup]!.airs[air]!.name}#${segment}`,
      position,
    ]),
  )
  const failures = report.failures.map((failure) => ({
    failure,
    rows: rowsOf(failure).map(({ instance, row }) => ({
      instance,
      row,
      ...explainer.explain(positions.get(instance) ?? -1, row),
    })),
  }))
  return { report, failures }
}

/** The rows that a failure names. */
function rowsOf(failure: CheckFailure): readonly { readonly instance: string; readonly row: number }[] {
  if (failure.kind === 'constraint') return [failure]
  return failure.kind === 'bus' ? failure.origins.filter(({ row }) => row >= 0) : []
}
