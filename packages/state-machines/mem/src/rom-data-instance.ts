import type { AirInstance, Pilout } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import {
  type BusDevice,
  type CheckPoint,
  describePlan,
  type Instance,
  type InstanceCtx,
  type InstanceType,
  InstanceWriter,
  MemoryInputsGenerator,
  setNumber,
} from '@zisk/witness'
import type { ReadOnlyRows } from './read-only-rows.ts'
import type { RomDataAirValueLabel, RomDataColumnLabel } from './rom-data-columns.gen.ts'
import { ROM_DATA_START } from './rom-data-instances.ts'

type Writer = InstanceWriter<RomDataColumnLabel, RomDataAirValueLabel>

/** What all instances of RomData have in common. */
export interface RomDataSource {
  readonly program: Pilout
  readonly rom: ZiskRom
  readonly rows: ReadOnlyRows
}

/**
 * One segment of RomData: the rows `[from, from + count)` of the used lines, each word with its definition and its reads.
 * Where a row is follows from the counted reads of all words, and its value from the program.
 */
export class RomDataInstance implements Instance {
  readonly instanceType: InstanceType = 'segment'
  readonly checkPoint: CheckPoint
  readonly #source: RomDataSource
  readonly #ctx: InstanceCtx
  readonly #generator: MemoryInputsGenerator
  #step: Uint32Array
  #writer: Writer
  /** Row of the next read by word of the window; rows count over all segments. */
  #next: Float64Array
  readonly #firstWord: number
  #filled = 0

  constructor(source: RomDataSource, ctx: InstanceCtx) {
    const { from, count } = ctx.plan
    this.#source = source
    this.#ctx = ctx
    this.checkPoint = ctx.plan.checkPoint
    this.#generator = new MemoryInputsGenerator(source.rom, { romData: true })
    this.#firstWord = source.rows.wordOf(from)
    this.#next = source.rows.starts
      .slice(this.#firstWord, source.rows.wordOf(from + count - 1) + 1)
      .map((row) => row + 1)
    this.#writer = this.#newWriter()
    this.#step = this.#writer.words('step')
  }

  buildInputsCollector(): BusDevice {
    const { from, count } = this.#ctx.plan
    const { rows } = this.#source
    const next = this.#next
    return {
      process: (batch) => {
        const { word, memStep, length } = this.#generator.generate(batch).romData
        for (let i = 0; i < length; i++) {
          const at = rows.at(word[i]!) - this.#firstWord
          if (at < 0 || at >= next.length) continue
          const row = next[at]!++ - from
          if (row < 0 || row >= count) continue
          setNumber(this.#step, 2 * row, memStep[i]!)
          this.#filled++
        }
      },
    }
  }

  computeWitness(): AirInstance {
    const { plan } = this.#ctx
    const { rows } = this.#source
    const writer = this.#writer
    const [addr, sel, init] = [writer.words('addr'), writer.words('sel'), writer.words('init')]
    const [low, high] = [writer.words('value[0]'), writer.words('value[1]')]
    const end = plan.from + plan.count
    let o = 0
    for (let i = this.#firstWord; 2 * (end - plan.from) > o; i++) {
      const { word, value } = rows.wordAt(i)
      const isDefined = rows.starts[i]! >= plan.from
      if (isDefined) init[o] = rows.isUsed(i) ? 1 : 0
      const last = Math.min(end, rows.starts[i + 1]!)
      for (let row = Math.max(plan.from, rows.starts[i]!); row < last; row++, o += 2) {
        addr[o] = word
        sel[o] = 1
        low[o] = Number(value & 0xffff_ffffn)
        high[o] = Number(value >> 32n)
      }
    }
    for (; o < 2 * plan.rows; o += 2) {
      addr[o] = addr[o - 2]!
      low[o] = low[o - 2]!
      high[o] = high[o - 2]!
    }
    this.#setAirValues()
    return writer.instance
  }

  reset(): void {
    const { from, count } = this.#ctx.plan
    const { rows } = this.#source
    this.#writer = this.#newWriter()
    this.#step = this.#writer.words('step')
    this.#next = rows.starts.slice(this.#firstWord, rows.wordOf(from + count - 1) + 1).map((row) => row + 1)
    this.#filled = 0
  }

  debug(): string {
    return describePlan(this.#ctx.plan, this.#filled)
  }

  #newWriter(): Writer {
    return new InstanceWriter<RomDataColumnLabel, RomDataAirValueLabel>(this.#source.program, {
      ...this.#ctx.plan,
      columns: this.#ctx.columns,
    })
  }

  #setAirValues(): void {
    const { plan } = this.#ctx
    const { rows } = this.#source
    const writer = this.#writer
    const before =
      plan.segment === 0 ? { word: ROM_DATA_START / 8 - 1, value: 0n } : rows.wordAt(rows.wordOf(plan.from - 1))
    writer.setAirValue('segment_id', BigInt(plan.segment))
    writer.setAirValue('is_first_segment', plan.segment === 0 ? 1n : 0n)
    writer.setAirValue('is_last_segment', plan.isLast ? 1n : 0n)
    for (const [name, { word, value }] of [
      ['previous', before],
      ['last', rows.wordAt(rows.wordOf(plan.from + plan.count - 1))],
    ] as const) {
      writer.setAirValue(`${name}_addr`, BigInt(word))
      writer.setAirValue(`${name}_value[0]`, value & 0xffff_ffffn)
      writer.setAirValue(`${name}_value[1]`, value >> 32n)
    }
  }
}
