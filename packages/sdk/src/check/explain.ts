/** Where in the guest a row of an AIR belongs: from row to step, from step to instruction, symbol and source line. */

import {
  type Air,
  type AirInstance,
  busTerms,
  entryLabel,
  evaluateDag,
  isColumn,
  NODE,
  type Pilout,
  type ProgramWitness,
} from '@zisk/air'
import { disassembleRom, hex, opcodeByCode } from '@zisk/core'
import { type Ext, extField } from '@zisk/field'
import { formatLocation, locate, type Program } from '../program.ts'

/** What a row of an AIR is about; what is absent could not be found. */
export interface RowExplanation {
  readonly step?: number
  /** `0x80000012 in main+0x2 (main.c:7)`. */
  readonly location?: string
  /** The ZisK instruction. */
  readonly instruction?: string
  /** The access, operation or piece of initial memory that the row holds. */
  readonly what?: string
}

/** `mem_step` of slot s of a step is 1 + 4 * step + s; see `pil/ids.pil`. */
const MEM_STEP_BASE = 1
const MEM_STEPS_PER_STEP = 4
const OPERATION_BUS_ID = 5000n
const WORD_BYTES = 8n

/** Explains rows of one run. */
export class RowExplainer {
  readonly #machine: Pilout
  readonly #witness: Pick<ProgramWitness, 'instances'>
  readonly #program: Program

  constructor(machine: Pilout, witness: Pick<ProgramWitness, 'instances'>, program: Program) {
    this.#machine = machine
    this.#witness = witness
    this.#program = program
  }

  /** @param position of the instance in the witness */
  explain(position: number, row: number): RowExplanation {
    const instance = this.#witness.instances[position]
    if (instance === undefined || row < 0 || row >= instance.rows) return {}
    const cell = this.#cells(instance, row)
    switch (this.#airOf(instance).name) {
      case 'Main':
        return this.#atPc(Number(cell('pc') ?? 0n), Number(cell('step') ?? 0n))
      case 'Rom':
        return this.#romRow(cell)
      case 'RegisterReads':
        return this.#registerRow(cell)
      default:
        return cell('step') === undefined ? this.#operationRow(instance, row) : this.#accessRow(cell)
    }
  }

  #airOf({ airGroup, air }: AirInstance): Air {
    return this.#machine.airGroups[airGroup]!.airs[air]!
  }

  /** Reads witness and custom columns of a row by their PIL names. */
  #cells(instance: AirInstance, row: number): (label: string) => bigint | undefined {
    const { witness, customColumns } = this.#airOf(instance)
    return (label) => {
      const isNamed = (column: Air['witness'][number] | Air['customColumns'][number]) => entryLabel(column) === label
      const column = witness.findIndex(isNamed)
      return column >= 0 ? instance.witness[column]?.[row] : instance.custom[customColumns.findIndex(isNamed)]?.[row]
    }
  }

  #romRow(cell: (label: string) => bigint | undefined): RowExplanation {
    const line = Number(cell('line') ?? 0n)
    if (cell('is_data') === 1n) return { what: `initial memory at ${hex(line)}` }
    return cell('flags') === 0n ? { what: 'padding' } : this.#atPc(line)
  }

  #registerRow(cell: (label: string) => bigint | undefined): RowExplanation {
    if (cell('sel') === 0n) return { what: 'padding' }
    const step = Number(cell('mem_step') ?? 0n) / MEM_STEPS_PER_STEP
    return { ...this.#atStep(step), what: `read of x${cell('register')} in front of the step` }
  }

  #accessRow(cell: (label: string) => bigint | undefined): RowExplanation {
    if (cell('sel') === 0n) return { what: 'padding, or the state carried from the segment before' }
    const address = cell('addr') ?? (cell('addr_low') ?? 0n) + ((cell('addr_high') ?? 0n) << 16n)
    const memStep = Number(cell('step'))
    const what = `${cell('wr') === 1n ? 'store' : 'access'} of the word at ${hex(address * WORD_BYTES)}`
    if (memStep < MEM_STEP_BASE) return { what: `${what}, before the first step` }
    return { ...this.#atStep(Math.floor((memStep - MEM_STEP_BASE) / MEM_STEPS_PER_STEP)), what }
  }

  /** Finds the first step that asks for the operation that the row proves. */
  #operationRow(instance: AirInstance, row: number): RowExplanation {
    const tuple = this.#operationOf(instance, row)
    if (tuple === undefined) return {}
    const [op = 0n, a0 = 0n, a1 = 0n, b0 = 0n, b1 = 0n, c0 = 0n, c1 = 0n] = tuple
    const word = (low: bigint, high: bigint): string => hex((high << 32n) + low)
    const name = opcodeByCode(Number(op))?.name ?? `operation ${op}`
    const what = `${name}(${word(a0, a1)}, ${word(b0, b1)}) = ${word(c0, c1)}`
    for (const main of this.#mainInstances()) {
      const column = (label: string): BigUint64Array => main.witness[this.#columnIndex(main, label)]!
      const ops = column('op')
      const external = column('is_external_op')
      const narrow = column('m32')
      const operands = ['a[0]', 'a[1]', 'b[0]', 'b[1]'].map(column) as [BigUint64Array, ...BigUint64Array[]]
      const wanted = [a0, a1, b0, b1]
      for (let at = 0; at < main.rows; at++) {
        if (ops[at] !== op || external[at] !== 1n) continue
        const isHighOfNarrow = (limb: number): boolean => narrow[at] === 1n && limb % 2 === 1
        if (!operands.every((values, limb) => (isHighOfNarrow(limb) ? 0n : values[at]) === wanted[limb])) continue
        return { ...this.#atPc(Number(column('pc')[at]), Number(column('step')[at])), what }
      }
    }
    return { what: `${what}, which no step asks for` }
  }

  /** The tuple that a row proves on the operation bus. */
  #operationOf(instance: AirInstance, row: number): readonly bigint[] | undefined {
    const air = this.#airOf(instance)
    const isOperation = (term: ReturnType<typeof busTerms>[number]): boolean =>
      term.id === OPERATION_BUS_ID && term.scope === 'row'
    const term = busTerms(this.#machine, air).find(isOperation)
    if (term === undefined) return undefined
    const leaf = (kind: number, a: number, b: number): Ext => {
      if (!isColumn(kind)) return kind === NODE.airValue ? [instance.airValues[a] ?? 0n, 0n, 0n] : [0n, 0n, 0n]
      const columns = kind === NODE.witness ? instance.witness : kind === NODE.custom ? instance.custom : []
      return [columns[a]?.[(row + b + instance.rows) % instance.rows] ?? 0n, 0n, 0n]
    }
    const values = evaluateDag(air.expressions, extField, leaf)
    return term.tuple.map((field) => (typeof field === 'bigint' ? field : values[field]![0]))
  }

  #mainInstances(): readonly AirInstance[] {
    return this.#witness.instances.filter((instance) => this.#airOf(instance).name === 'Main')
  }

  #columnIndex(instance: AirInstance, label: string): number {
    return this.#airOf(instance).witness.findIndex((column) => entryLabel(column) === label)
  }

  #atStep(step: number): RowExplanation {
    for (const main of this.#mainInstances()) {
      const steps = main.witness[this.#columnIndex(main, 'step')]!
      const row = step - Number(steps[0])
      if (row >= 0 && row < main.rows)
        return this.#atPc(Number(main.witness[this.#columnIndex(main, 'pc')]![row]), step)
    }
    return { step }
  }

  #atPc(pc: number, step?: number): RowExplanation {
    const { instructions } = this.#program.rom
    const row = instructions.columns.pc.indexOf(pc)
    return {
      ...(step === undefined ? {} : { step }),
      location: formatLocation(locate(this.#program, pc)),
      instruction: row < 0 ? 'no instruction of the program' : disassembleRom(instructions.at(row)),
    }
  }
}
