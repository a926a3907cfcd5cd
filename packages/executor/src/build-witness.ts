import { completeWitness, type Pilout, type ProgramWitness } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import { decodeRom, type TraceChunk } from '@zisk/emulator'
import { createComponents, type HeightLimits } from './components.ts'
import { ChunkCounters } from './count-chunk.ts'
import { type ExecuteRunOptions, executeRun } from './execute-run.ts'
import { expandInstance } from './expand-instance.ts'
import { RunPlanner } from './run-planner.ts'

/** How to run and to cut a run into instances. */
export interface WitnessOptions extends ExecuteRunOptions {
  /** log2 of the largest height of an instance, by family of AIRs; what the AIRs allow when absent. */
  readonly maxLogRows?: HeightLimits | undefined
  /** Rows of Main between two reads of all registers, a power of two; what the AIR allows when absent. */
  readonly maxGapRows?: number | undefined
}

/** A run, ready to be checked or proved. */
export interface RunWitness {
  readonly steps: number
  readonly witness: ProgramWitness
}

/**
 * Executes a program and fills the instances of all AIRs at once, in this thread: for checks and tests of small runs.
 *
 * @param program the compiled `pil/zisk.pil`
 * @throws {ExecutorError} RUN_NOT_EXITED when the run does not end at the exit instruction, OPERATION_WITHOUT_MACHINE
 */
export async function buildWitness(program: Pilout, rom: ZiskRom, options: WitnessOptions = {}): Promise<RunWitness> {
  const components = createComponents({
    program,
    rom,
    maxLogRows: options.maxLogRows ?? {},
    maxGapRows: options.maxGapRows,
  })
  const decoded = decodeRom(rom.instructions)
  const counters = new ChunkCounters(decoded, components)
  const planner = new RunPlanner(program, rom, components)
  const chunks: TraceChunk[] = []
  const publics = await executeRun(rom, options, (chunk) => {
    chunks.push(chunk)
    planner.add(chunk, counters.count(chunk))
  })
  const { steps, plans, configs, proofValues } = planner.plan()
  for (const [i, component] of components.entries()) component.configureInstances(configs[i]!)
  const instances = plans.map((plan) => expandInstance({ rom: decoded, components, chunks }, plan))
  return { steps, witness: completeWitness(program, { instances, publics, proofValues }) }
}
