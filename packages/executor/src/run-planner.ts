import type { Pilout } from '@zisk/air'
import { FLAG, OP, opcodeByCode, type ZiskRom } from '@zisk/core'
import type { ComponentBuilder, Metrics, Plan, Planner } from '@zisk/witness'
import { ExecutorError } from './executor-error.ts'

/** What the planners of all components decided. */
export interface PlannedRun {
  readonly steps: number
  /** The instances in the order of their AIRs, without tables. */
  readonly plans: readonly Plan[]
  /** What components have to know, by position. */
  readonly configs: readonly Metrics[]
  readonly proofValues: readonly bigint[]
}

/** The AIR of the region that a proof value enables. */
const REGIONS: Readonly<Record<string, string>> = {
  enable_ram: 'Mem',
  enable_rom_data: 'RomData',
  enable_input: 'InputData',
}

/** Phase PLAN: turns the counts of chunks into instances. */
export class RunPlanner {
  readonly #program: Pilout
  readonly #rom: ZiskRom
  readonly #components: readonly ComponentBuilder[]
  readonly #planners: readonly Planner[]
  #steps = 0

  constructor(program: Pilout, rom: ZiskRom, components: readonly ComponentBuilder[]) {
    this.#program = program
    this.#rom = rom
    this.#components = components
    this.#planners = components.map((component) => component.buildPlanner())
  }

  /** Adds the counts of the next chunk, by component. */
  add(chunk: { readonly firstStep: number; readonly steps: number }, counts: readonly Metrics[]): void {
    for (const [i, planner] of this.#planners.entries()) planner.add(chunk, counts[i]!)
    this.#steps += chunk.steps
  }

  /** @throws {ExecutorError} OPERATION_WITHOUT_MACHINE when the run used an operation that no AIR proves */
  plan(): PlannedRun {
    const planned = this.#planners.map((planner) => planner.plan())
    const plans = planned.flatMap((component) => component.plans)
    const executions = planned[this.#components.findIndex(({ airs }) => airs.includes('Rom'))]!.config['executions']!
    this.#checkOperations(executions)
    const airs = new Set(plans.map(({ air }) => air))
    const proofValues = this.#program.proofValues.map(({ name }) => (airs.has(REGIONS[name]!) ? 1n : 0n))
    return { steps: this.#steps, plans, configs: planned.map(({ config }) => config), proofValues }
  }

  #checkOperations(executions: Metrics[string]): void {
    const { flags, op } = this.#rom.instructions.columns
    for (let row = 0; row < executions.length; row++) {
      // Public outputs are proved by the statement.
      if (executions[row] === 0 || !(flags[row]! & FLAG.EXTERNAL) || op[row] === OP.PUBOUT) continue
      if (!this.#components.some(({ operations }) => operations?.has(op[row]!))) throw withoutMachine(op[row]!)
    }
  }
}

function withoutMachine(op: number): ExecutorError {
  const name = opcodeByCode(op)?.name ?? op
  return new ExecutorError({
    code: 'OPERATION_WITHOUT_MACHINE',
    message: `operation expected one that a machine proves, got ${name}`,
    remedy: 'Build the guest without this precompile.',
  })
}
