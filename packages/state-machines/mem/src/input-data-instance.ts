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
import type { InputDataAirValueLabel, InputDataColumnLabel } from './input-data-columns.gen.ts'
import { MAX_INPUT_DISTANCE } from './input-data-instances.ts'
import type { WordRows, WordWindow } from './word-rows.ts'

type Writer = InstanceWriter<InputDataColumnLabel, InputDataAirValueLabel>

/** What all instances of InputData have in common. */
export interface InputDataSource {
  readonly program: Pilout
  readonly rom: ZiskRom
  /** Rows of the words of the input: those that bridge the gap before a word count as rows of it. */
  readonly rows: WordRows
}

/** Rows that prove nothing between two words. */
export function bridgeRows(before: number, word: number): number {
  return Math.ceil((word - before) / MAX_INPUT_DISTANCE) - 1
}

/** One segment of InputData: the rows `[from, from + count)` of the input words, sorted by address. */
export class InputDataInstance implements Instance {
  readonly instanceType: InstanceType = 'segment'
  readonly checkPoint: CheckPoint
  readonly #source: InputDataSource
  readonly #ctx: InstanceCtx
  readonly #generator: MemoryInputsGenerator
  #state: InputState | undefined = undefined

  constructor(source: InputDataSource, ctx: InstanceCtx) {
    this.#source = source
    this.#ctx = ctx
    this.checkPoint = ctx.plan.checkPoint
    this.#generator = new MemoryInputsGenerator(source.rom, { input: true })
  }

  buildInputsCollector(): BusDevice {
    this.#state ??= new InputState(this.#source, this.#ctx)
    const state = this.#state
    return {
      process: (batch) => {
        const { word, memStep, low, high, length } = this.#generator.generate(batch).input
        for (let i = 0; i < length; i++) state.add(word[i]!, memStep[i]!, low[i]!, high[i]!)
      },
    }
  }

  computeWitness(): AirInstance {
    return (this.#state ?? new InputState(this.#source, this.#ctx)).finish()
  }

  reset(): void {
    this.#state = undefined
  }

  debug(): string {
    return describePlan(this.#ctx.plan, this.#state?.filled ?? 0)
  }
}

/** Columns under construction. The first row is the last one of the segment before. */
class InputState {
  filled = 0
  readonly #ctx: InstanceCtx
  readonly #writer: Writer
  readonly #firstWord: number
  readonly #window: WordWindow
  readonly #addr: Uint32Array
  readonly #step: Uint32Array
  readonly #sel: Uint32Array
  readonly #parts: readonly Uint32Array[]

  constructor({ program, rom, rows }: InputDataSource, ctx: InstanceCtx) {
    const { from, count } = ctx.plan
    const writer = new InstanceWriter<InputDataColumnLabel, InputDataAirValueLabel>(program, {
      ...ctx.plan,
      columns: ctx.columns,
    })
    this.#ctx = ctx
    this.#writer = writer
    this.#firstWord = rom.memoryMap.input.start / 8
    this.#addr = writer.words('addr')
    this.#step = writer.words('step')
    this.#sel = writer.words('sel')
    this.#parts = [0, 1, 2, 3].map((i) => writer.words(`part[${i}]` as InputDataColumnLabel))
    const first = Math.max(0, from - 1)
    this.#window = rows.window(first, from + count)
    let before = rows.wordBefore(first) ?? this.#firstWord - 1
    if (from === 0) this.#addr[0] = before
    const { next } = this.#window
    this.#window.visit((word, at) => {
      for (let bridge = bridgeRows(before, word); bridge > 0; bridge--) {
        before += MAX_INPUT_DISTANCE
        const row = ++next[at]! - from
        if (row >= 0 && row <= count) this.#addr[2 * row] = before
      }
      before = word
    })
  }

  add(word: number, memStep: number, low: number, high: number): void {
    const at = this.#window.at(word)
    if (at < 0) return
    const { from, count } = this.#ctx.plan
    const row = ++this.#window.next[at]! - from
    if (row < 0 || row > count) return
    const o = 2 * row
    this.#addr[o] = word
    setNumber(this.#step, o, memStep)
    this.#sel[o] = 1
    this.#parts[0]![o] = low & 0xffff
    this.#parts[1]![o] = low >>> 16
    this.#parts[2]![o] = high & 0xffff
    this.#parts[3]![o] = high >>> 16
    this.filled++
  }

  finish(): AirInstance {
    const { plan } = this.#ctx
    const writer = this.#writer
    const addr = this.#addr
    const [sameAddr, isFree] = [writer.words('same_addr'), writer.words('is_free')]
    // The carried row is no access.
    this.#sel[0] = 0
    setNumber(this.#step, 0, 0)
    for (let o = 2; o < 2 * plan.rows; o += 2) {
      if (o > 2 * plan.count) {
        // Padding repeats the last row.
        addr[o] = addr[o - 2]!
        for (const part of this.#parts) part[o] = part[o - 2]!
      }
      sameAddr[o] = addr[o] === addr[o - 2] ? 1 : 0
      isFree[o] = this.#sel[o] === 1 && addr[o] === this.#firstWord ? 1 : 0
    }
    writer.setAirValue('segment_id', BigInt(plan.segment))
    writer.setAirValue('is_first_segment', plan.segment === 0 ? 1n : 0n)
    writer.setAirValue('is_last_segment', plan.isLast ? 1n : 0n)
    this.#setState('previous', 0)
    this.#setState('last', 2 * plan.count)
    return writer.instance
  }

  #setState(name: 'previous' | 'last', o: number): void {
    this.#writer.setAirValue(`${name}_addr`, BigInt(this.#addr[o]!))
    for (const [i, part] of this.#parts.entries())
      this.#writer.setAirValue(`${name}_part[${i}]` as InputDataAirValueLabel, BigInt(part[o]!))
  }
}
