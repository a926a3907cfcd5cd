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
  type WordAccesses,
} from '@zisk/witness'
import type { MemAirValueLabel, MemColumnLabel } from './mem-columns.gen.ts'
import { MAX_DUAL_GAP, setDistances } from './mem-rows.ts'
import type { WordRows, WordWindow } from './word-rows.ts'

/** Initial contents of memory: consecutive words from a byte address. */
export interface InitialLine {
  readonly address: number
  readonly words: BigUint64Array
}

type Writer = InstanceWriter<MemColumnLabel, MemAirValueLabel>

/** What all instances of Mem have in common. */
export interface MemSource {
  readonly program: Pilout
  readonly rom: ZiskRom
  /** Initial contents of RAM. */
  readonly lines: readonly InitialLine[]
  readonly rows: WordRows
}

const CLOSED = -(2 ** 40)

/**
 * One segment of Mem: the rows `[from, from + count)` of RAM sorted by address and time. Every access of the run is
 * seen; where its row is follows from the counted rows of all words, so nothing is sorted.
 */
export class MemInstance implements Instance {
  readonly instanceType: InstanceType = 'segment'
  readonly checkPoint: CheckPoint
  readonly #source: MemSource
  readonly #ctx: InstanceCtx
  readonly #generator: MemoryInputsGenerator
  #state: MemState | undefined = undefined

  constructor(source: MemSource, ctx: InstanceCtx) {
    this.#source = source
    this.#ctx = ctx
    this.checkPoint = ctx.plan.checkPoint
    this.#generator = new MemoryInputsGenerator(source.rom, { ram: true })
  }

  buildInputsCollector(): BusDevice {
    const state = this.#started()
    return { process: (batch) => state.add(this.#generator.generate(batch).ram) }
  }

  computeWitness(): AirInstance {
    return this.#started().finish()
  }

  reset(): void {
    this.#state = undefined
  }

  debug(): string {
    return describePlan(this.#ctx.plan, this.#state?.filled ?? 0)
  }

  /** The columns, which begin with the stores of the initial data. */
  #started(): MemState {
    if (this.#state === undefined) {
      this.#state = new MemState(this.#source, this.#ctx)
      for (const { address, words } of this.#source.lines) {
        for (const [k, value] of words.entries())
          this.#state.addOne(address / 8 + k, 0, 1, Number(value & 0xffff_ffffn), Number(value >> 32n))
      }
    }
    return this.#state
  }
}

/** Columns under construction. The first row is the last one of the segment before. */
class MemState {
  /** Rows written. */
  filled = 0
  readonly #ctx: InstanceCtx
  readonly #writer: Writer
  readonly #region: number
  readonly #window: WordWindow
  /** By position in the window: mem_step that began the last row, while another access may join it. */
  readonly #open: Float64Array
  readonly #words: Readonly<Partial<Record<MemColumnLabel, Uint32Array>>>

  constructor({ program, rom, rows }: MemSource, ctx: InstanceCtx) {
    const { from, count } = ctx.plan
    this.#ctx = ctx
    this.#region = rom.memoryMap.ram.start
    this.#writer = new InstanceWriter<MemColumnLabel, MemAirValueLabel>(program, {
      ...ctx.plan,
      columns: ctx.columns,
    })
    this.#window = rows.window(Math.max(0, from - 1), from + count)
    this.#open = new Float64Array(this.#window.next.length).fill(CLOSED)
    this.#words = Object.fromEntries(COLUMNS.map((name) => [name, this.#writer.words(name)]))
    // Before the first segment lies an empty word.
    if (from === 0) this.#put(0, this.#region / 8 - 1, 0, 0, 0)
  }

  add({ word, memStep, isWrite, low, high, length }: WordAccesses): void {
    for (let i = 0; i < length; i++) this.addOne(word[i]!, memStep[i]!, isWrite[i]!, low[i]!, high[i]!)
  }

  addOne(word: number, memStep: number, isWrite: number, low: number, high: number): void {
    const at = this.#window.at(word)
    if (at < 0) return
    const { next } = this.#window
    const { from, count } = this.#ctx.plan
    if (isWrite === 0 && memStep - this.#open[at]! < MAX_DUAL_GAP) {
      this.#open[at] = CLOSED
      const row = next[at]! - from
      if (row < 0 || row > count) return
      setNumber(this.#words['step_dual']!, 2 * row, memStep)
      this.#words['sel_dual']![2 * row] = 1
      return
    }
    // Row 0 of the instance is row from - 1 of the region.
    const row = ++next[at]! - from
    this.#open[at] = memStep
    if (row < 0 || row > count) return
    this.#put(row, word, memStep, low, high)
    this.#words['wr']![2 * row] = isWrite
    this.#words['sel']![2 * row] = 1
    this.filled++
  }

  finish(): AirInstance {
    const { plan } = this.#ctx
    const writer = this.#writer
    const words = this.#words
    const o = 2 * plan.count
    const [step, value0, value1] = [words['step_dual']!, words['value[0]']!, words['value[1]']!]
    // The carried row is no access; its mem_step is when the next row begins to count.
    words['step']![0] = step[0]!
    words['step']![1] = step[1]!
    words['sel']![0] = 0
    words['sel_dual']![0] = 0
    words['wr']![0] = 1
    setDistances(words, plan.count)
    for (let row = plan.count + 1; row < plan.rows; row++) {
      // Padding repeats the last word.
      this.#put(row, words['addr']![o]!, step[o]! + 2 ** 32 * step[o + 1]!, value0[o]!, value1[o]!)
      words['same_addr']![2 * row] = 1
    }
    writer.setAirValue('segment_id', BigInt(plan.segment))
    writer.setAirValue('is_first_segment', plan.segment === 0 ? 1n : 0n)
    writer.setAirValue('is_last_segment', plan.isLast ? 1n : 0n)
    this.#setState('previous', 0)
    this.#setState('last', o)
    return writer.instance
  }

  #put(row: number, word: number, memStep: number, low: number, high: number): void {
    const o = 2 * row
    const words = this.#words
    words['addr']![o] = word
    setNumber(words['step']!, o, memStep)
    setNumber(words['step_dual']!, o, memStep)
    words['value[0]']![o] = low
    words['value[1]']![o] = high
  }

  #setState(name: 'previous' | 'last', o: number): void {
    const words = this.#words
    const step = words['step_dual']!
    this.#writer.setAirValue(`${name}_addr`, BigInt(words['addr']![o]!))
    this.#writer.setAirValue(`${name}_step`, BigInt(step[o]! + 2 ** 32 * step[o + 1]!))
    this.#writer.setAirValue(`${name}_value[0]`, BigInt(words['value[0]']![o]!))
    this.#writer.setAirValue(`${name}_value[1]`, BigInt(words['value[1]']![o]!))
  }
}

const COLUMNS: readonly MemColumnLabel[] = [
  'addr',
  'step',
  'step_dual',
  'sel',
  'sel_dual',
  'wr',
  'same_addr',
  'value[0]',
  'value[1]',
  'low',
  'high',
]
