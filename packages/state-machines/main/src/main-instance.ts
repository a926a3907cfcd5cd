import type { AirInstance, Pilout } from '@zisk/air'
import { ADDRESS, FLAG, OP, type ZiskRom } from '@zisk/core'
import type { ChunkStart, StepBatch } from '@zisk/emulator'
import {
  type BusDevice,
  type CheckPoint,
  describePlan,
  type Instance,
  type InstanceCtx,
  type InstanceType,
  InstanceWriter,
  type InstructionField,
  setNumber,
} from '@zisk/witness'
import type { MainAirValueLabel, MainColumnLabel } from './main-columns.gen.ts'
import { COPIED_FIELDS, FLAG_COLUMNS, VALUE_COLUMNS } from './main-columns.ts'
import { REGISTERS, RegisterAccesses, SLOTS } from './register-accesses.ts'

type Writer = InstanceWriter<MainColumnLabel, MainAirValueLabel>

/** What all instances of Main have in common. */
export interface MainSource {
  readonly program: Pilout
  readonly rom: ZiskRom
  /** Instruction fields by row as pairs of words. */
  readonly fields: Readonly<Record<InstructionField, Uint32Array>>
  /** Rows between two reads of all registers. */
  readonly gapRows: number
}

/**
 * One segment of Main, from the replayed steps of its chunks. Steps before the segment only bring the registers up to
 * date.
 *
 * Rows after the end of the run repeat the exit instruction, which jumps to itself.
 */
export class MainInstance implements Instance {
  readonly instanceType: InstanceType = 'segment'
  readonly checkPoint: CheckPoint
  readonly #source: MainSource
  readonly #ctx: InstanceCtx
  #writer: Writer
  #words: Readonly<Partial<Record<MainColumnLabel, Uint32Array>>>
  /** Rows filled. */
  #filled = 0
  #isStarted = false
  #registers: RegisterAccesses
  /** Result of the step before, as halves. */
  readonly #lastC: Uint32Array = new Uint32Array(2)

  constructor(source: MainSource, ctx: InstanceCtx) {
    this.#source = source
    this.#ctx = ctx
    this.checkPoint = ctx.plan.checkPoint
    this.#registers = new RegisterAccesses(source.rom)
    this.#writer = new InstanceWriter(source.program, { ...ctx.plan, columns: ctx.columns })
    this.#words = columnsOf(this.#writer)
  }

  buildInputsCollector({ registers, lastC }: ChunkStart): BusDevice {
    if (!this.#isStarted) {
      this.#isStarted = true
      this.#registers.load(registers)
      new BigUint64Array(this.#lastC.buffer)[0] = lastC
    }
    return { process: (batch) => this.#process(batch) }
  }

  computeWitness(): AirInstance {
    const { plan } = this.#ctx
    const exit = this.#exitBatch()
    while (this.#filled < plan.rows) {
      exit.firstStep = plan.from + this.#filled
      this.#process(exit)
    }
    this.#setAirValues()
    return this.#writer.instance
  }

  reset(): void {
    this.#writer = new InstanceWriter(this.#source.program, { ...this.#ctx.plan, columns: this.#ctx.columns })
    this.#words = columnsOf(this.#writer)
    this.#filled = 0
    this.#isStarted = false
    this.#registers = new RegisterAccesses(this.#source.rom)
  }

  debug(): string {
    return describePlan(this.#ctx.plan, Math.min(this.#filled, this.#ctx.plan.count))
  }

  /** Adds the next steps. */
  #process(batch: StepBatch): void {
    const { from: firstStep, rows } = this.#ctx.plan
    let from = Math.max(0, Math.min(batch.length, firstStep - batch.firstStep))
    if (from > 0) this.#pass(batch, from)
    while (from < batch.length && this.#filled < rows) {
      if (this.#filled === 0) this.#setPreviousC()
      // RegisterReads, or the segment before at its end, has just read every register.
      const { gapRows } = this.#source
      if (this.#filled % gapRows === 0) this.#registers.readAll(firstStep + this.#filled)
      const to = Math.min(batch.length, from + Math.min(rows - this.#filled, gapRows - (this.#filled % gapRows)))
      this.#copyInstructions(this.#filled, batch, from, to)
      this.#fillValues(this.#filled, batch, from, to)
      this.#filled += to - from
      from = to
    }
  }

  /** Keeps registers and last result up to date over the first `count` steps of a batch, which come before the segment. */
  #pass(batch: StepBatch, count: number): void {
    const { c } = batch
    this.#registers.follow(batch, 0, count)
    this.#lastC[0] = c[2 * count - 2]!
    this.#lastC[1] = c[2 * count - 1]!
  }

  /** One step of the exit instruction, whose operands are immediate zeros. */
  #exitBatch(): StepBatch {
    const { instructions } = this.#source.rom
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

  /** Copies the columns that come from the ROM, one after the other. */
  #copyInstructions(at: number, batch: StepBatch, from: number, to: number): void {
    const { row: rows } = batch
    for (const name of COPIED_FIELDS) {
      const source = this.#source.fields[name]
      const target = this.#words[name]!
      for (let i = from, o = 2 * at; i < to; i++, o += 2) {
        const r = 2 * rows[i]!
        target[o] = source[r]!
        target[o + 1] = source[r + 1]!
      }
    }
    const { flags } = this.#source.rom.instructions.columns
    for (const [name, bit] of FLAG_COLUMNS) {
      const target = this.#words[name]!
      for (let i = from, o = 2 * at; i < to; i++, o += 2) target[o] = flags[rows[i]!]! & bit ? 1 : 0
    }
  }

  /** Fills what depends on the step: values, pc, time and the accesses to registers. */
  #fillValues(at: number, batch: StepBatch, from: number, to: number): void {
    const { a, b, c, flag, row: rows } = batch
    const { flags, aLow, bLow, storeOffset, pc: pcs } = this.#source.rom.instructions.columns
    const column = (name: MainColumnLabel): Uint32Array => this.#words[name]!
    const [a0, a1, b0, b1] = [column('a[0]'), column('a[1]'), column('b[0]'), column('b[1]')]
    const [c0, c1, flagColumn, pcColumn] = [column('c[0]'), column('c[1]'), column('flag'), column('pc')]
    const stepColumn = column('step')
    const [aBefore, bBefore] = [column('a_reg_prev_mem_step'), column('b_reg_prev_mem_step')]
    const storeBefore = column('store_reg_prev_mem_step')
    const [replaced0, replaced1] = [column('store_reg_prev_value[0]'), column('store_reg_prev_value[1]')]
    const registers = this.#registers
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
      if (bits & FLAG.A_REG) this.#access(aBefore, o, aLow[row]!, memStep)
      if (bits & FLAG.B_REG) this.#access(bBefore, o, bLow[row]!, memStep + 1)
      if (bits & FLAG.STORE_REG) {
        const register = storeOffset[row]!
        replaced0[o] = registers.value[2 * register]!
        replaced1[o] = registers.value[2 * register + 1]!
        this.#access(storeBefore, o, register, memStep + 2)
        registers.store(register, row, c[2 * i]!, c[2 * i + 1]!)
      }
    }
  }

  #access(previous: Uint32Array, o: number, register: number, memStep: number): void {
    setNumber(previous, o, this.#registers.memStep[register]!)
    this.#registers.memStep[register] = memStep
  }

  #setPreviousC(): void {
    this.#writer.setAirValue('segment_previous_c[0]', BigInt(this.#lastC[0]!))
    this.#writer.setAirValue('segment_previous_c[1]', BigInt(this.#lastC[1]!))
  }

  /** Sets value and last access of all registers at the end. */
  #setRegisters(): void {
    const { value, memStep } = this.#registers
    for (let r = 1; r <= REGISTERS; r++) {
      this.#writer.setAirValue(`last_reg_value[${r - 1}][0]` as MainAirValueLabel, BigInt(value[2 * r]!))
      this.#writer.setAirValue(`last_reg_value[${r - 1}][1]` as MainAirValueLabel, BigInt(value[2 * r + 1]!))
      this.#writer.setAirValue(`last_reg_mem_step[${r - 1}]` as MainAirValueLabel, BigInt(memStep[r]!))
    }
  }

  #setAirValues(): void {
    const { plan } = this.#ctx
    const writer = this.#writer
    const words = this.#words
    const o = 2 * (plan.rows - 1)
    writer.setAirValue('main_segment', BigInt(plan.segment))
    writer.setAirValue('is_last_segment', plan.isLast ? 1n : 0n)
    writer.setAirValue('first_step', BigInt(plan.from))
    writer.setAirValue('next_step', BigInt(plan.from + plan.rows))
    writer.setAirValue('segment_initial_pc', BigInt(words['pc']![0]!))
    writer.setAirValue('segment_last_c[0]', BigInt(words['c[0]']![o]!))
    writer.setAirValue('segment_last_c[1]', BigInt(words['c[1]']![o]!))
    writer.setAirValue('segment_next_pc', BigInt(this.#nextPc(o)))
    this.#setRegisters()
  }

  #nextPc(o: number): number {
    const words = this.#words
    const pc = words['pc']![o]!
    const { instructions } = this.#source.rom
    const row = instructions.rowOf(pc)
    const { jmpOffset1, jmpOffset2 } = instructions.columns
    if (words['set_pc']![o] === 1) return words['c[0]']![o]! + jmpOffset1[row]!
    return pc + (words['flag']![o] === 1 ? jmpOffset1[row]! : jmpOffset2[row]!)
  }
}

function columnsOf(writer: Writer): Readonly<Partial<Record<MainColumnLabel, Uint32Array>>> {
  const names = [...VALUE_COLUMNS, ...COPIED_FIELDS, ...FLAG_COLUMNS.map(([name]) => name)]
  return Object.fromEntries(names.map((name) => [name, writer.words(name)]))
}
