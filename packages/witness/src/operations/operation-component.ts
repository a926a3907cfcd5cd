import type { AirInstance, Pilout } from '@zisk/air'
import { createInstance } from '@zisk/air'
import { FLAG, type ZiskRom } from '@zisk/core'
import type { StepBatch } from '@zisk/emulator'
import { OperationInputs } from '../operation-inputs.ts'
import type { OperationSlice } from '../operation-slice.ts'
import type { BusDevice, Counter, InputsGenerator, Metrics } from '../roles/bus-device.ts'
import type { ComponentBuilder } from '../roles/component-builder.ts'
import { describePlan, type Instance, type InstanceCtx, type InstanceType } from '../roles/instance.ts'
import type { CheckPoint, Planner } from '../roles/plan.ts'
import { planSlices } from '../roles/plan-slices.ts'
import { INSTANCE_ROWS } from '../segment-heights.ts'

/** A machine that proves operations, one per row. */
export interface OperationMachine {
  readonly air: string
  /** Operation codes. */
  readonly operations: readonly number[]
  readonly fill: (instance: AirInstance, slice: OperationSlice) => void
  /** AIR of a machine that proves the same operations and others in wider rows: it takes them where they are few. */
  readonly general?: string
}

/** What an operation component is made from. */
export interface OperationComponentOptions {
  readonly program: Pilout
  readonly rom: ZiskRom
  readonly machines: readonly OperationMachine[]
  /** log2 of the largest height of an instance. */
  readonly maxLogRows: number
  /** Operations from which a machine that is not the general one has instances; {@link INSTANCE_ROWS} when absent. */
  readonly minOwnRows?: number | undefined
}

/** Operations of no machine of the component. */
const NO_MACHINE = 255

/** Machines for operations that Main puts on the operation bus. */
export class OperationComponent implements ComponentBuilder<readonly OperationInputs[]> {
  readonly airs: readonly string[]
  readonly operations: ReadonlySet<number>
  readonly #options: OperationComponentOptions
  /** Position of the first machine by row of the instruction table. */
  readonly #machineOf: Uint8Array
  /** Position of the machine that takes the operations of a machine. */
  #takenBy: Uint8Array

  constructor(options: OperationComponentOptions) {
    const { machines, rom } = options
    this.#options = options
    this.airs = machines.map(({ air }) => air)
    this.operations = new Set(machines.flatMap(({ operations }) => operations))
    this.#takenBy = Uint8Array.from({ length: NO_MACHINE + 1 }, (_, machine) => machine)
    const { op, flags } = rom.instructions.columns
    const machineOfOperation = new Uint8Array(256).fill(NO_MACHINE)
    // The first machine of an operation has it: those for it alone come before the general one.
    for (const [machine, { operations }] of [...machines.entries()].toReversed())
      for (const operation of operations) machineOfOperation[operation] = machine
    this.#machineOf = op.map((operation, row) =>
      flags[row]! & FLAG.EXTERNAL ? machineOfOperation[operation]! : NO_MACHINE,
    )
  }

  buildInputsGenerator(): InputsGenerator<readonly OperationInputs[]> {
    const inputs = this.airs.map(() => new OperationInputs())
    return {
      generate: (batch) => {
        for (const [machine, list] of inputs.entries()) {
          list.length = 0
          this.#append(list, batch, machine, 0)
        }
        return inputs
      },
    }
  }

  buildCounter(): Counter {
    const machineOf = this.#machineOf
    const counts = new Float64Array(NO_MACHINE + 1)
    return {
      process: ({ row, length }) => {
        for (let i = 0; i < length; i++) counts[machineOf[row[i]!]!]!++
      },
      take: () => {
        const taken = counts.slice(0, this.airs.length)
        counts.fill(0)
        return { operations: taken }
      },
    }
  }

  buildPlanner(): Planner {
    const counts: number[][] = this.airs.map(() => [])
    return {
      add: (_chunk, { operations }) => {
        for (const [machine, list] of counts.entries()) list.push(operations![machine]!)
      },
      plan: () => {
        const takenBy = this.#taking(counts)
        const taken = this.airs.map((_, machine) =>
          counts[machine]!.map((_, chunk) =>
            counts.reduce((sum, list, from) => sum + (takenBy[from] === machine ? list[chunk]! : 0), 0),
          ),
        )
        return {
          plans: this.airs.flatMap((air, machine) => planSlices(air, taken[machine]!, this.#options.maxLogRows)),
          config: { takenBy },
        }
      },
    }
  }

  configureInstances({ takenBy }: Metrics): void {
    this.#takenBy = Uint8Array.from(takenBy!)
  }

  /** Which machine takes the operations of each: the general one where an instance more would cost more than it saves. */
  #taking(counts: readonly (readonly number[])[]): Uint8Array {
    const { machines, minOwnRows = INSTANCE_ROWS } = this.#options
    return Uint8Array.from({ length: NO_MACHINE + 1 }, (_, machine) => {
      const general = machines[machine]?.general
      const total = counts[machine]?.reduce((sum, count) => sum + count, 0) ?? 0
      return general === undefined || total >= minOwnRows ? machine : this.airs.indexOf(general)
    })
  }

  buildInstance(ctx: InstanceCtx): Instance {
    const machine = this.airs.indexOf(ctx.plan.air)
    return new OperationInstance(this.#options.program, ctx, this.#options.machines[machine]!, (inputs, batch, skip) =>
      this.#append(inputs, batch, machine, skip),
    )
  }

  /** Appends the operations of a machine behind the first `skip`; returns how many are still to be skipped. */
  #append(inputs: OperationInputs, batch: StepBatch, machine: number, skip: number): number {
    const machineOf = this.#machineOf
    const takenBy = this.#takenBy
    const { flags, op } = this.#options.rom.instructions.columns
    const { a, b, row: rows, length } = batch
    let left = skip
    for (let i = 0; i < length; i++) {
      const row = rows[i]!
      if (takenBy[machineOf[row]!] !== machine) continue
      if (left > 0) {
        left--
        continue
      }
      const mask = flags[row]! & FLAG.M32 ? 0 : -1
      inputs.push(op[row]!, a[2 * i]!, a[2 * i + 1]! & mask, b[2 * i]!, b[2 * i + 1]! & mask)
    }
    return left
  }
}

class OperationInstance implements Instance {
  readonly instanceType: InstanceType = 'segment'
  readonly checkPoint: CheckPoint
  readonly #program: Pilout
  readonly #ctx: InstanceCtx
  readonly #machine: OperationMachine
  readonly #append: (inputs: OperationInputs, batch: StepBatch, skip: number) => number
  #inputs = new OperationInputs()
  #skip: number

  constructor(
    program: Pilout,
    ctx: InstanceCtx,
    machine: OperationMachine,
    append: (inputs: OperationInputs, batch: StepBatch, skip: number) => number,
  ) {
    this.#program = program
    this.#ctx = ctx
    this.#machine = machine
    this.#append = append
    this.checkPoint = ctx.plan.checkPoint
    this.#skip = this.checkPoint.skip
  }

  buildInputsCollector(): BusDevice {
    return {
      process: (batch) => {
        if (this.#inputs.length >= this.#ctx.plan.count) return
        this.#skip = this.#append(this.#inputs, batch, this.#skip)
      },
    }
  }

  computeWitness(): AirInstance {
    const { plan, columns } = this.#ctx
    const instance = createInstance(this.#program, { ...plan, columns })
    // The last batch may go on behind the last operation of the instance.
    this.#machine.fill(instance, { inputs: this.#inputs, from: 0, count: plan.count })
    return instance
  }

  reset(): void {
    this.#inputs = new OperationInputs()
    this.#skip = this.checkPoint.skip
  }

  debug(): string {
    return describePlan(this.#ctx.plan, this.#inputs.length)
  }
}
