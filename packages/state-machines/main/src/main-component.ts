import type { Pilout } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import type { StepBatch } from '@zisk/emulator'
import {
  type ComponentBuilder,
  type Counter,
  columnWords,
  INSTRUCTION_FIELDS,
  type InputsGenerator,
  type Instance,
  type InstanceCtx,
  type InstructionField,
  instructionFields,
  type Metrics,
  type Planner,
  planSlices,
} from '@zisk/witness'
import { MainInstance, type MainSource } from './main-instance.ts'
import { planRegisterReads, RegisterReadsInstance, readStepsOf } from './register-reads.ts'

/** log2 of the largest height of Main, as in `main.pil`. */
export const MAIN_MAX_LOG_ROWS = 20
/** Rows that a register gap of `main.pil` spans. */
const MAX_GAP_ROWS: number = 2 ** 14

/** What the component of Main is made from. */
export interface MainOptions {
  readonly program: Pilout
  readonly rom: ZiskRom
  /** What `instructionFields` makes of the ROM, where that is known; rows behind those of the instructions do not count. */
  readonly fields?: Readonly<Record<InstructionField, BigUint64Array>>
  /** log2 of the largest height of a segment of either AIR; {@link MAIN_MAX_LOG_ROWS} when absent. */
  readonly maxLogRows?: number | undefined
  /** Rows between two reads of all registers, a power of two; what `main.pil` allows when absent. */
  readonly maxGapRows?: number | undefined
}

/** Main: one row per step; and RegisterReads, which reads all registers from time to time. */
export class MainComponent implements ComponentBuilder<StepBatch> {
  readonly airs: readonly string[] = ['Main', 'RegisterReads']
  readonly #source: MainSource
  readonly #maxLogRows: number
  #readSteps: readonly number[] = []

  constructor({ program, rom, maxLogRows = MAIN_MAX_LOG_ROWS, maxGapRows = MAX_GAP_ROWS, ...options }: MainOptions) {
    const columns = options.fields ?? instructionFields(rom.instructions)
    const fields = Object.fromEntries(INSTRUCTION_FIELDS.map((name) => [name, columnWords(columns[name])])) as Record<
      InstructionField,
      Uint32Array
    >
    this.#source = { program, rom, fields, gapRows: maxGapRows }
    this.#maxLogRows = maxLogRows
  }

  /** Rows of all segments for a run of so many steps. */
  rowsOf(steps: number): number {
    return planSlices('Main', [steps], this.#maxLogRows).reduce((sum, { rows }) => sum + rows, 0)
  }

  /** The steps themselves. */
  buildInputsGenerator(): InputsGenerator<StepBatch> {
    return { generate: (batch) => batch }
  }

  /** The number of steps is known without a look at them. */
  buildCounter(): Counter {
    return { process: () => {}, take: () => ({}) }
  }

  buildPlanner(): Planner {
    const steps: number[] = []
    return {
      add: (chunk) => {
        steps.push(chunk.steps)
      },
      plan: () => {
        const main = planSlices('Main', steps, this.#maxLogRows)
        const { gapRows } = this.#source
        const readSteps = readStepsOf(main, gapRows)
        const reads = { readSteps, gapRows, chunkSteps: steps, maxLogRows: this.#maxLogRows }
        return { plans: [...main, ...planRegisterReads(reads)], config: { readSteps: Float64Array.from(readSteps) } }
      },
    }
  }

  configureInstances({ readSteps }: Metrics): void {
    this.#readSteps = [...readSteps!]
  }

  buildInstance(ctx: InstanceCtx): Instance {
    if (ctx.plan.air !== 'Main') return new RegisterReadsInstance({ ...this.#source, readSteps: this.#readSteps }, ctx)
    return new MainInstance(this.#source, ctx)
  }
}
