import type { Pilout, ProgramWitness } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import { type PlanRunOptions, planRun } from './plan-run.ts'

/** A run, ready to be checked or proved. */
export interface RunWitness {
  readonly steps: number
  readonly witness: ProgramWitness
}

/**
 * Executes a program and fills the instances of all AIRs at once: for checks, and for runs that fit into memory. One thread
 * when `threads` is absent.
 *
 * @param program the compiled `pil/zisk.pil`
 * @throws {ExecutorError} RUN_NOT_EXITED when the run does not end at the exit instruction, OPERATION_WITHOUT_MACHINE
 */
export async function buildWitness(program: Pilout, rom: ZiskRom, options: PlanRunOptions = {}): Promise<RunWitness> {
  const { steps, source, close } = await planRun(program, rom, { threads: 1, ...options })
  try {
    const { publics, proofValues } = source
    const instances = await Promise.all(
      source.instances.map((_, position) => source.instance(position, options.signal)),
    )
    return { steps, witness: { instances, publics, proofValues } }
  } finally {
    await close()
  }
}
