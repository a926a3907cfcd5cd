import type { Pilout } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import type { StepBatch } from '@zisk/emulator'
import {
  type ComponentBuilder,
  type Counter,
  type InputsGenerator,
  type Instance,
  type InstanceCtx,
  type InstructionField,
  instructionFields,
  type Planner,
  planSlices,
} from '@zisk/witness'
import { MainInstance, type MainSource } from './main-instance.ts'

/** log2 of the largest height of Main, as in `main.pil`. */
export const MAIN_MAX_LOG_ROWS = 20
/** Rows that the register gaps of `main.pil` span. */
const MAX_GAP_ROWS: number = 2 ** 19

/** What the component of Main is made from. */
export interface MainOptions {
  readonly program: Pilout
  readonly rom: ZiskRom
  /** log2 of the largest height of a segment; {@link MAIN_MAX_LOG_ROWS} when absent. */
  readonly maxLogRows?: number | undefined
  /** Rows between two ends or middles of a segment, a power of two; what `main.pil` allows when absent. */
  readonly maxGapRows?: number | undefined
}

/** Main: one row per step. */
export class MainComponent implements ComponentBuilder<StepBatch> {
  readonly airs: readonly string[] = ['Main']
  readonly #source: MainSource
  readonly #maxLogRows: number

  constructor({ program, rom, maxLogRows = MAIN_MAX_LOG_ROWS, maxGapRows = MAX_GAP_ROWS }: MainOptions) {
    const fields = Object.fromEntries(
      Object.entries(instructionFields(rom.instructions)).map(([name, column]) => [
        name,
        new Uint32Array(column.buffer),
      ]),
    ) as Record<InstructionField, Uint32Array>
    this.#source = { program, rom, fields, maxGapRows }
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
      plan: () => ({ plans: planSlices('Main', steps, this.#maxLogRows), config: {} }),
    }
  }

  configureInstances(): void {}

  buildInstance(ctx: InstanceCtx): Instance {
    return new MainInstance(this.#source, ctx)
  }
}
