import type { AirInstance, Pilout } from '@zisk/air'
import { ADDRESS, FLAG, OP, type ZiskRom } from '@zisk/core'
import type { StepBatch } from '@zisk/emulator'
import {
  INSTRUCTION_FIELDS,
  InstanceWriter,
  type InstructionField,
  instructionFields,
  MIN_LOG_ROWS,
  segmentHeights,
  setNumber,
} from '@zisk/witness'
import type { MainAirValueLabel, MainColumnLabel } from './main-columns.gen.ts'

/** log2 of the largest height of Main, as in `main.pil`. */
export const MAIN_MAX_LOG_ROWS = 19

const REGISTERS = 31
/** mem_steps per step, of which a, b and the store take the first three. */
const SLOTS = 4
/** Bits of a flags word, from bit 1 on, by the column that holds them. */
const FLAG_COLUMNS: readonly (readonly [column: MainColumnLabel, bit: number])[] = [
  ['a_src_imm', FLAG.A_IMM],
  ['a_src_mem', FLAG.A_MEM],
  ['is_precompiled', FLAG.PRECOMPILED],
  ['b_src_imm', FLAG.B_IMM],
  ['b_src_mem', FLAG.B_MEM],
  ['is_external_op', FLAG.EXTERNAL],
  ['store_pc', FLAG.STORE_PC],
  ['store_mem', FLAG.STORE_MEM],
  ['store_ind', FLAG.STORE_IND],
  ['set_pc', FLAG.SET_PC],
  ['m32', FLAG.M32],
  ['b_src_ind', FLAG.B_IND],
  ['a_src_reg', FLAG.A_REG],
  ['b_src_reg', FLAG.B_REG],
  ['store_reg', FLAG.STORE_REG],
]

/** Fields of the instruction that Main has under the same name. */
const COPIED_FIELDS: readonly (InstructionField & MainColumnLabel)[] = INSTRUCTION_FIELDS.filter(
  (name) => name !== 'flags',
)

/** How Main is cut into segments. */
export interface MainOptions {
  /** log2 of the height of all segments but the last; {@link MAIN_MAX_LOG_ROWS} when absent. */
  readonly maxLogRows?: number | undefined
}

/**
 * Fills the instances of Main from the replayed steps of a run, which come in order and all of them.
 *
 * Rows after the end of the run repeat the exit instruction, which jumps to itself.
 */
export class MainTrace {
  readonly #rom: ZiskRom
  readonly #fields: Readonly<Record<InstructionField, Uint32Array>>
  readonly #segments: readonly MainSegment[]
  readonly #steps: number
  /** Executions by row of the instruction table. */
  readonly executions: Float64Array
  #current = 0
  /** mem_step of the last access and value by register, over segments. */
  readonly #registerStep: Float64Array = new Float64Array(REGISTERS + 1)
  readonly #registerValue: Uint32Array = new Uint32Array(2 * (REGISTERS + 1))

  /** @param steps steps of the run, the exit instruction included */
  constructor(program: Pilout, rom: ZiskRom, steps: number, options: MainOptions = {}) {
    this.#rom = rom
    this.#steps = steps
    const fields = instructionFields(rom.instructions)
    this.#fields = Object.fromEntries(
      Object.entries(fields).map(([name, column]) => [name, new Uint32Array(column.buffer)]),
    ) as Record<InstructionField, Uint32Array>
    this.executions = new Float64Array(rom.instructions.length)
    const maxLogRows = options.maxLogRows ?? MAIN_MAX_LOG_ROWS
    let firstStep = 0
    this.#segments = segmentHeights(steps, { minLogRows: MIN_LOG_ROWS, maxLogRows }).map((rows, segment) => {
      const made = new MainSegment(program, { rows, segment, firstStep })
      firstStep += rows
      return made
    })
  }

  /** Adds the next steps. */
  process(batch: StepBatch): void {
    for (let from = 0; from < batch.length; ) {
      const segment = this.#segments[this.#current]!
      const row = batch.firstStep + from - segment.firstStep
      const to = Math.min(batch.length, from + segment.rows - row)
      this.#fill(segment, row, batch, from, to)
      from = to
      if (batch.firstStep + to === segment.firstStep + segment.rows) this.#close(segment)
    }
  }

  /** Pads the last segment and returns all instances. */
  finish(): readonly AirInstance[] {
    const segment = this.#segments[this.#current]
    if (segment !== undefined) {
      const exit = this.#exitBatch()
      for (let step = this.#steps; step < segment.firstStep + segment.rows; step++) {
        exit.firstStep = step
        this.#fill(segment, step - segment.firstStep, exit, 0, 1)
      }
      this.#close(segment)
    }
    const last = this.#segments.length - 1
    return this.#segments.map(({ writer }, i) => {
      writer.setAirValue('is_last_segment', i === last ? 1n : 0n)
      return writer.instance
    })
  }

  /** One step of the exit instruction, whose operands are immediate zeros. */
  #exitBatch(): StepBatch {
    const { instructions } = this.#rom
    const row = instructions.rowOf(ADDRESS.romExit)
    const flag = instructions.columns.op[row] === OP.FLAG ? 1 : 0
    return {
      firstStep: 0,
      length: 1,
      row: Int32Array.of(row),
      a: new Int32Array(2),
      b: new Int32Array(2),
      c: new Int32Array(2),
      flag: Uint8Array.of(flag),
      words: new BigUint64Array(0),
      wordEnd: new Uint32Array(1),
    }
  }

  #fill(segment: MainSegment, at: number, batch: StepBatch, from: number, to: number): void {
    this.#copyInstructions(segment, at, batch, from, to)
    this.#fillValues(segment, at, batch, from, to)
    for (let i = from; i < to; i++) this.executions[batch.row[i]!]!++
  }

  /** Copies the columns that come from the ROM, one after the other. */
  #copyInstructions(segment: MainSegment, at: number, batch: StepBatch, from: number, to: number): void {
    const { row: rows } = batch
    for (const name of COPIED_FIELDS) {
      const source = this.#fields[name]
      const target = segment.words[name]!
      for (let i = from, o = 2 * at; i < to; i++, o += 2) {
        const r = 2 * rows[i]!
        target[o] = source[r]!
        target[o + 1] = source[r + 1]!
      }
    }
    const { flags } = this.#rom.instructions.columns
    for (const [name, bit] of FLAG_COLUMNS) {
      const target = segment.words[name]!
      for (let i = from, o = 2 * at; i < to; i++, o += 2) target[o] = flags[rows[i]!]! & bit ? 1 : 0
    }
  }

  /** Fills what depends on the step: values, pc, time and the accesses to registers. */
  #fillValues(segment: MainSegment, at: number, batch: StepBatch, from: number, to: number): void {
    const { a, b, c, flag, row: rows } = batch
    const { flags, aLow, bLow, storeOffset, jmpOffset2, pc: pcs } = this.#rom.instructions.columns
    const column = (name: MainColumnLabel): Uint32Array => segment.words[name]!
    const [a0, a1, b0, b1] = [column('a[0]'), column('a[1]'), column('b[0]'), column('b[1]')]
    const [c0, c1, flagColumn, pcColumn] = [column('c[0]'), column('c[1]'), column('flag'), column('pc')]
    const stepColumn = column('step')
    const [aBefore, aGap] = [column('a_reg_prev_mem_step'), column('a_gap_high')]
    const [bBefore, bGap] = [column('b_reg_prev_mem_step'), column('b_gap_high')]
    const [storeBefore, storeGap] = [column('store_reg_prev_mem_step'), column('store_gap_high')]
    const [replaced0, replaced1] = [column('store_reg_prev_value[0]'), column('store_reg_prev_value[1]')]
    const registerValue = this.#registerValue
    for (let i = from, o = 2 * at; i < to; i++, o += 2) {
      const row = rows[i]!
      const step = batch.firstStep + i
      const memStep = 1 + SLOTS * step
      const bits = flags[row]!
      a0[o] = a[2 * i]!
      a1[o] = a[2 * i + 1]!
      b0[o] = b[2 * i]!
      b1[o] = b[2 * i + 1]!
      c0[o] = c[2 * i]!
      c1[o] = c[2 * i + 1]!
      flagColumn[o] = flag[i]!
      pcColumn[o] = pcs[row]!
      setNumber(stepColumn, o, step)
      if (bits & FLAG.A_REG) this.#access(aBefore, aGap, o, aLow[row]!, memStep)
      if (bits & FLAG.B_REG) this.#access(bBefore, bGap, o, bLow[row]!, memStep + 1)
      if (bits & FLAG.STORE_REG) {
        const register = storeOffset[row]!
        replaced0[o] = registerValue[2 * register]!
        replaced1[o] = registerValue[2 * register + 1]!
        this.#access(storeBefore, storeGap, o, register, memStep + 2)
        const isLink = bits & FLAG.STORE_PC
        registerValue[2 * register] = isLink ? pcs[row]! + jmpOffset2[row]! : c[2 * i]!
        registerValue[2 * register + 1] = isLink ? 0 : c[2 * i + 1]!
      }
    }
  }

  #access(previous: Uint32Array, gapHigh: Uint32Array, o: number, register: number, memStep: number): void {
    const before = this.#registerStep[register]!
    setNumber(previous, o, before)
    gapHigh[o] = (memStep - before - 1) / 2 ** 16
    this.#registerStep[register] = memStep
  }

  /** Sets the air values of a full segment and passes its state on. */
  #close(segment: MainSegment): void {
    const { writer, rows, words, firstStep } = segment
    const nextStep = firstStep + rows
    const o = 2 * (rows - 1)
    const c0 = BigInt(words['c[0]']![o]!)
    const c1 = BigInt(words['c[1]']![o]!)
    writer.setAirValue('main_segment', BigInt(writer.instance.segment))
    writer.setAirValue('first_step', BigInt(firstStep))
    writer.setAirValue('next_step', BigInt(nextStep))
    writer.setAirValue('segment_initial_pc', BigInt(words['pc']![0]!))
    writer.setAirValue('segment_last_c[0]', c0)
    writer.setAirValue('segment_last_c[1]', c1)
    writer.setAirValue('segment_next_pc', BigInt(this.#nextPc(segment)))
    for (let r = 1; r <= REGISTERS; r++) {
      writer.setAirValue(`last_reg_value[${r - 1}][0]` as MainAirValueLabel, BigInt(this.#registerValue[2 * r]!))
      writer.setAirValue(`last_reg_value[${r - 1}][1]` as MainAirValueLabel, BigInt(this.#registerValue[2 * r + 1]!))
      writer.setAirValue(`last_reg_mem_step[${r - 1}]` as MainAirValueLabel, BigInt(this.#registerStep[r]!))
      this.#registerStep[r] = SLOTS * nextStep
    }
    this.#current++
    const next = this.#segments[this.#current]
    next?.writer.setAirValue('segment_previous_c[0]', c0)
    next?.writer.setAirValue('segment_previous_c[1]', c1)
  }

  #nextPc({ words: w, rows }: MainSegment): number {
    const o = 2 * (rows - 1)
    const pc = w['pc']![o]!
    const row = this.#rom.instructions.rowOf(pc)
    const { jmpOffset1, jmpOffset2 } = this.#rom.instructions.columns
    if (w['set_pc']![o] === 1) return w['c[0]']![o]! + jmpOffset1[row]!
    return pc + (w['flag']![o] === 1 ? jmpOffset1[row]! : jmpOffset2[row]!)
  }
}

/** An instance of Main and its columns as pairs of words. */
class MainSegment {
  readonly writer: InstanceWriter<MainColumnLabel, MainAirValueLabel>
  readonly firstStep: number
  readonly words: Readonly<Partial<Record<MainColumnLabel, Uint32Array>>>

  constructor(
    program: Pilout,
    options: { readonly rows: number; readonly segment: number; readonly firstStep: number },
  ) {
    this.writer = new InstanceWriter(program, { air: 'Main', rows: options.rows, segment: options.segment })
    this.firstStep = options.firstStep
    this.words = Object.fromEntries(
      [...VALUE_COLUMNS, ...COPIED_FIELDS, ...FLAG_COLUMNS.map(([name]) => name)].map((name) => [
        name,
        this.writer.words(name),
      ]),
    )
  }

  get rows(): number {
    return this.writer.rows
  }
}

const VALUE_COLUMNS: readonly MainColumnLabel[] = [
  'a[0]',
  'a[1]',
  'b[0]',
  'b[1]',
  'c[0]',
  'c[1]',
  'flag',
  'pc',
  'step',
  'a_reg_prev_mem_step',
  'b_reg_prev_mem_step',
  'store_reg_prev_mem_step',
  'store_reg_prev_value[0]',
  'store_reg_prev_value[1]',
  'a_gap_high',
  'b_gap_high',
  'store_gap_high',
]
