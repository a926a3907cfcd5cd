import { availableParallelism } from 'node:os'
import { airCost, type Pilout, type WitnessSource } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import type { TraceChunk } from '@zisk/emulator'
import type { Metrics } from '@zisk/witness'
import type { ComponentOptions, HeightLimits } from './components.ts'
import { type ExecuteRunOptions, executeRun } from './execute-run.ts'
import { ExecutorError } from './executor-error.ts'
import { decodePlan, encodePlan, type StoredPlan } from './plan-codec.ts'
import { type PlannedInstance, planShards } from './plan-shards.ts'
import { RunPlanner } from './run-planner.ts'
import { RunSource } from './run-source.ts'
import { RunThreads } from './run-threads.ts'

/** How to cut a run into instances and shards, and where to compute them. */
export interface PlanLimits {
  /** Worker threads; as many as the host has processors when absent. */
  readonly threads?: number | undefined
  /** Most cells of a shard; `DEFAULT_SHARD_CELLS` when absent. */
  readonly shardCells?: number | undefined
  /** log2 of the largest height of an instance, by family of AIRs; what the AIRs allow when absent. */
  readonly maxLogRows?: HeightLimits | undefined
  /** Rows of Main between two reads of all registers, a power of two; what the AIR allows when absent. */
  readonly maxGapRows?: number | undefined
  /** Operations from which a machine for them alone has instances; as many as pay when absent. */
  readonly minOwnRows?: number | undefined
  /** Base-field cells per row of an AIR, for those who know them; worked out from the program when absent. */
  readonly cellsPerRow?: ((airGroup: number, air: number) => number) | undefined
}

/** How to plan a run. */
export interface PlanRunOptions extends ExecuteRunOptions, PlanLimits {
  /** Called after every counted chunk. */
  readonly onProgress?: ((progress: PlanProgress) => void) | undefined
}

/** How far EXECUTE and COUNT got. */
export interface PlanProgress {
  readonly executedSteps: number
  readonly countedSteps: number
}

/** A run that is planned: what its proof will consist of, and the means to compute it. */
export interface RunPlan {
  readonly steps: number
  /** In the order of the source: tables come last. */
  readonly instances: readonly PlannedInstance[]
  /** Positions of the instances by shard. */
  readonly shards: readonly (readonly number[])[]
  readonly publics: readonly bigint[]
  readonly source: WitnessSource
  /** The minimal trace. */
  readonly chunks: readonly TraceChunk[]
  /** The plan as bytes: with the chunks all that {@link resumeRun} needs. */
  readonly encode: () => Uint8Array
  /** Ends the worker threads. The source is of no use afterwards. */
  readonly close: () => Promise<void>
}

/**
 * Phases EXECUTE, COUNT and PLAN: runs a program once, counts in worker threads what its chunks need while it goes on,
 * and cuts it into instances and shards. The plan depends on program, input and limits alone, not on threads or chunks.
 *
 * @param program the compiled `pil/zisk.pil`
 * @throws {ExecutorError} RUN_NOT_EXITED when the run does not end at the exit instruction, OPERATION_WITHOUT_MACHINE
 * @throws the reason of the signal when it is aborted
 */
export async function planRun(program: Pilout, rom: ZiskRom, options: PlanRunOptions = {}): Promise<RunPlan> {
  const components = componentOptions(program, rom, options)
  const threads = new RunThreads(components, options.threads ?? availableParallelism())
  try {
    const planner = new RunPlanner(program, rom, threads.context.components)
    const chunks: TraceChunk[] = []
    const counting = new OrderedCounts(planner, options.onProgress)
    const publics = await executeRun(rom, options, async (chunk) => {
      chunks.push(chunk)
      counting.push(chunk, threads.count(chunk))
      await counting.drain(threads.capacity)
    })
    await counting.drain(0)
    options.signal?.throwIfAborted()
    const planned = { ...planner.plan(), publics, chunkCount: chunks.length }
    return runPlan({ program, options, threads, chunks, planned })
  } catch (error) {
    await threads.close()
    throw error
  }
}

/**
 * Continues a run that was planned before, by the same version and with the same limits.
 *
 * @param stored what {@link RunPlan.encode} gave
 * @param chunks all chunks of the run
 * @throws {ExecutorError} PLAN_INVALID
 */
export function resumeRun(
  program: Pilout,
  rom: ZiskRom,
  stored: { readonly plan: Uint8Array; readonly chunks: readonly TraceChunk[] },
  options: PlanLimits = {},
): RunPlan {
  const planned = decodePlan(stored.plan)
  const { chunks } = stored
  const steps = chunks.reduce((sum, chunk) => sum + chunk.steps, 0)
  if (planned.chunkCount !== chunks.length || planned.steps !== steps) {
    throw new ExecutorError({
      code: 'PLAN_INVALID',
      message: `chunks of ${planned.steps} steps expected, ${planned.chunkCount} of them, got ${chunks.length} of ${steps}`,
      remedy: 'Execute the program again.',
    })
  }
  const components = componentOptions(program, rom, options)
  const threads = new RunThreads(components, options.threads ?? availableParallelism())
  return runPlan({ program, options, threads, chunks, planned })
}

function componentOptions(program: Pilout, rom: ZiskRom, limits: PlanLimits): ComponentOptions {
  const { maxLogRows = {}, maxGapRows, minOwnRows } = limits
  return { program, rom, maxLogRows, maxGapRows, minOwnRows }
}

function runPlan(run: {
  readonly program: Pilout
  readonly options: PlanLimits
  readonly threads: RunThreads
  readonly chunks: readonly TraceChunk[]
  readonly planned: StoredPlan
}): RunPlan {
  const { program, options, threads, chunks, planned } = run
  const { steps, plans, configs, proofValues, publics } = planned
  threads.configure(configs, steps)
  const source = new RunSource({ program, threads, chunks, plans, publics, proofValues })
  const instances = plannedInstances(program, source, options.cellsPerRow)
  return {
    steps,
    instances,
    shards: planShards(instances, options.shardCells),
    publics,
    source,
    chunks,
    encode: () => encodePlan(planned),
    close: async () => {
      await source.stop()
      await threads.close()
    },
  }
}

/** The instances of a source with what they cost. */
function plannedInstances(
  program: Pilout,
  { instances }: WitnessSource,
  cellsPerRow: PlanLimits['cellsPerRow'],
): readonly PlannedInstance[] {
  const widths = new Map<string, number>()
  return instances.map((instance) => {
    const air = program.airGroups[instance.airGroup]!.airs[instance.air]!
    const width =
      widths.get(air.name) ?? cellsPerRow?.(instance.airGroup, instance.air) ?? airCost(program, air).cellsPerRow
    widths.set(air.name, width)
    return { ...instance, name: air.name, cells: width * instance.rows }
  })
}

/** Hands counts to the planner in the order of the chunks. */
class OrderedCounts {
  readonly #planner: RunPlanner
  readonly #onProgress: ((progress: PlanProgress) => void) | undefined
  readonly #underWay: { readonly chunk: TraceChunk; readonly counts: Promise<readonly Metrics[]> }[] = []
  #executedSteps = 0
  #countedSteps = 0

  constructor(planner: RunPlanner, onProgress: ((progress: PlanProgress) => void) | undefined) {
    this.#planner = planner
    this.#onProgress = onProgress
  }

  push(chunk: TraceChunk, counts: Promise<readonly Metrics[]>): void {
    // A failure is met in drain; until then it must not count as unhandled.
    counts.catch(() => {})
    this.#underWay.push({ chunk, counts })
    this.#executedSteps += chunk.steps
  }

  /** Waits until at most `count` chunks are under way. */
  async drain(count: number): Promise<void> {
    while (this.#underWay.length > count) {
      const { chunk, counts } = this.#underWay.shift()!
      this.#planner.add(chunk, await counts)
      this.#countedSteps += chunk.steps
      this.#onProgress?.({ executedSteps: this.#executedSteps, countedSteps: this.#countedSteps })
    }
  }
}
