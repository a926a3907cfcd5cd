import type { AirInstance, Pilout } from '@zisk/air'
import { ADDRESS, FLAG, type ZiskRom } from '@zisk/core'
import type { StepBatch } from '@zisk/emulator'
import {
  type BusDevice,
  type ComponentBuilder,
  type Counter,
  describePlan,
  type InputsGenerator,
  type Instance,
  type InstanceCtx,
  InstanceWriter,
  type Metrics,
  type Plan,
  type Planner,
} from '@zisk/witness'
import type { RomColumnLabel } from './rom-columns.gen.ts'
import { LINE_BYTES, ROM_COLUMNS, type RomTable } from './rom-table.ts'

/** What the run did with the program. */
interface RomUse {
  /** Executions by row of the instruction table. */
  readonly executions: Float64Array
  /** Whether a line of read-only data is read, by its position in `RomTable.readOnlyLines`. */
  readonly lines: Uint8Array
}

/** What the component of Rom is made from. */
export interface RomOptions {
  readonly program: Pilout
  readonly rom: ZiskRom
  readonly table: RomTable
  /** Rows of Main for a run of so many steps: those behind the end execute the exit instruction. */
  readonly mainRows: (steps: number) => number
}

/** Rom: the program and how often the run used each part of it. */
export class RomComponent implements ComponentBuilder<StepBatch> {
  readonly airs: readonly string[] = ['Rom']
  readonly #program: Pilout
  readonly #rom: ZiskRom
  readonly #table: RomTable
  readonly #lines: ReadOnlyLines
  readonly #mainRows: (steps: number) => number
  #use: RomUse | undefined = undefined

  constructor({ program, rom, table, mainRows }: RomOptions) {
    this.#program = program
    this.#rom = rom
    this.#table = table
    this.#lines = new ReadOnlyLines(table)
    this.#mainRows = mainRows
  }

  /** The steps themselves. */
  buildInputsGenerator(): InputsGenerator<StepBatch> {
    return { generate: (batch) => batch }
  }

  buildCounter(): Counter {
    const { flags, bLow, indWidth, aLow } = this.#rom.instructions.columns
    let executions = new Uint32Array(this.#rom.instructions.length)
    let lines = new Uint8Array(this.#table.readOnlyLines.length)
    const mark = (address: number): void => {
      const line = this.#lines.lineOf(address)
      if (line >= 0) lines[line] = 1
    }
    return {
      process: ({ row: rows, a, length }) => {
        for (let i = 0; i < length; i++) {
          const row = rows[i]!
          executions[row]!++
          const bits = flags[row]!
          if (bits & FLAG.B_IND) {
            const address = (a[2 * i]! + bLow[row]!) >>> 0
            mark(address)
            mark(address + indWidth[row]! - 1)
          }
          if (bits & FLAG.B_MEM) mark(bLow[row]!)
          if (bits & FLAG.A_MEM) mark(aLow[row]!)
        }
      },
      take: () => {
        const taken = { executions, lines }
        executions = new Uint32Array(executions.length)
        lines = new Uint8Array(lines.length)
        return taken
      },
    }
  }

  buildPlanner(): Planner {
    const use = {
      executions: new Float64Array(this.#rom.instructions.length),
      lines: new Uint8Array(this.#table.readOnlyLines.length),
    }
    let steps = 0
    return {
      add: (chunk, counts) => {
        steps += chunk.steps
        const { executions, lines } = counts as Readonly<Record<keyof RomUse, Uint32Array>>
        for (let row = 0; row < use.executions.length; row++) use.executions[row]! += executions[row]!
        for (let line = 0; line < use.lines.length; line++) use.lines[line]! |= lines[line]!
      },
      plan: () => {
        use.executions[this.#rom.instructions.rowOf(ADDRESS.romExit)]! += this.#mainRows(steps) - steps
        return { plans: [this.#plan()], config: use }
      },
    }
  }

  configureInstances(config: Metrics): void {
    this.#use = config as Metrics & RomUse
  }

  buildInstance(ctx: InstanceCtx): Instance {
    if (this.#use === undefined) throw new Error('buildInstance expected configureInstances to come first')
    const use = this.#use
    const checkPoint = ctx.plan.checkPoint
    return {
      instanceType: 'program',
      checkPoint,
      buildInputsCollector: (): BusDevice => ({ process: () => {} }),
      computeWitness: () => romInstance({ program: this.#program, table: this.#table, use, ctx }),
      reset: () => {},
      debug: () => describePlan(ctx.plan, ctx.plan.count),
    }
  }

  #plan(): Plan {
    const { logRows, instructionCount, writableLines, readOnlyLines } = this.#table
    const count = instructionCount + writableLines.length + readOnlyLines.length
    const checkPoint = { chunk: 0, skip: 0 }
    return { air: 'Rom', segment: 0, rows: 2 ** logRows, from: 0, count, isLast: true, checkPoint, endChunk: 0 }
  }
}

/** Finds lines of read-only data by address. */
class ReadOnlyLines {
  readonly #first: number
  /** Position of the line by its distance to the first one in lines; -1 where there is none. */
  readonly #positions: Int32Array

  constructor({ readOnlyLines }: RomTable) {
    const first = readOnlyLines[0]?.address ?? 0
    const last = readOnlyLines.at(-1)?.address ?? -LINE_BYTES
    this.#first = first
    this.#positions = new Int32Array((last - first) / LINE_BYTES + 1).fill(-1)
    for (const [i, { address }] of readOnlyLines.entries()) this.#positions[(address - first) / LINE_BYTES] = i
  }

  lineOf(address: number): number {
    const at = Math.floor((address - this.#first) / LINE_BYTES)
    return at >= 0 && at < this.#positions.length ? this.#positions[at]! : -1
  }
}

/** Fills the instance of Rom. */
function romInstance(options: {
  readonly program: Pilout
  readonly table: RomTable
  readonly use: RomUse
  readonly ctx: InstanceCtx
}): AirInstance {
  const { program, table, use, ctx } = options
  const writer = new InstanceWriter<RomColumnLabel>(program, { ...ctx.plan, columns: ctx.columns })
  for (const name of ROM_COLUMNS) writer.column(name).set(table.columns[name])
  const multiplicity = writer.column('multiplicity')
  for (let row = 0; row < table.instructionCount; row++) multiplicity[row] = BigInt(use.executions[row]!)
  const firstReadOnly = table.instructionCount + table.writableLines.length
  multiplicity.fill(1n, table.instructionCount, firstReadOnly)
  for (let i = 0; i < table.readOnlyLines.length; i++) multiplicity[firstReadOnly + i] = BigInt(use.lines[i]!)
  return writer.instance
}
