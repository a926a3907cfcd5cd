import type { Pilout } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import {
  type ComponentBuilder,
  type Counter,
  type InputsGenerator,
  type Instance,
  type InstanceCtx,
  type MemoryInputs,
  MemoryInputsGenerator,
  type Metrics,
  type Plan,
  type Planner,
  planSlices,
} from '@zisk/witness'
import { carriedSegments } from './carried-segments.ts'
import { bridgeRows, InputDataInstance } from './input-data-instance.ts'
import { MemInstance } from './mem-instance.ts'
import { MEM_MAX_LOG_ROWS } from './mem-instances.ts'
import { MAX_DUAL_GAP } from './mem-rows.ts'
import { ReadOnlyRows, ReadOnlyWords } from './read-only-rows.ts'
import { RomDataInstance } from './rom-data-instance.ts'
import type { ReadOnlyLine } from './rom-data-instances.ts'
import { WordRowCounts, WordRows } from './word-rows.ts'

/** What the component of the memory regions is made from. */
export interface MemOptions {
  readonly program: Pilout
  readonly rom: ZiskRom
  /** Initial contents of RAM. */
  readonly writableLines: readonly ReadOnlyLine[]
  /** Read-only data in lines of four words, ascending. */
  readonly readOnlyLines: readonly ReadOnlyLine[]
  /** log2 of the largest height of an instance; {@link MEM_MAX_LOG_ROWS} when absent. */
  readonly maxLogRows?: number | undefined
}

/** What the planner tells the instances, column by column. */
interface MemConfig extends Metrics {
  readonly ramPages: Uint32Array
  readonly ramRows: Uint32Array
  readonly romReads: Uint32Array
  readonly inputPages: Uint32Array
  readonly inputRows: Uint32Array
}

/** Mem, RomData and InputData: the memory regions, each sorted by address over the whole run. */
export class MemComponent implements ComponentBuilder<MemoryInputs> {
  readonly airs: readonly string[] = ['Mem', 'RomData', 'InputData']
  readonly #options: MemOptions
  readonly #maxLogRows: number
  readonly #readOnly: ReadOnlyWords
  #rows: { readonly ram: WordRows; readonly romData: ReadOnlyRows; readonly input: WordRows } | undefined = undefined

  constructor(options: MemOptions) {
    this.#options = options
    this.#maxLogRows = options.maxLogRows ?? MEM_MAX_LOG_ROWS
    this.#readOnly = new ReadOnlyWords(options.readOnlyLines)
  }

  buildInputsGenerator(): InputsGenerator<MemoryInputs> {
    return new MemoryInputsGenerator(this.#options.rom, { ram: true, romData: true, input: true })
  }

  buildCounter(): Counter {
    const generator = new MemoryInputsGenerator(this.#options.rom, { ram: true, romData: true, input: true })
    return {
      process: (batch) => generator.append(batch),
      take: () => {
        const { ram, romData, input } = generator
        const counts = {
          ramWord: ram.word.slice(0, ram.length),
          ramStep: ram.memStep.slice(0, ram.length),
          ramIsWrite: ram.isWrite.slice(0, ram.length),
          romWord: romData.word.slice(0, romData.length),
          inputWord: input.word.slice(0, input.length),
        }
        generator.clear()
        return counts
      },
    }
  }

  buildPlanner(): Planner {
    return new MemPlanner(this.#options, this.#readOnly, this.#maxLogRows)
  }

  configureInstances(config: Metrics): void {
    const { ramPages, ramRows, romReads, inputPages, inputRows } = config as MemConfig
    const { ram, input } = this.#options.rom.memoryMap
    this.#rows = {
      ram: new WordRows(ram.start / 8, { pages: ramPages, rows: ramRows }),
      romData: new ReadOnlyRows(this.#readOnly, romReads),
      input: new WordRows(input.start / 8, { pages: inputPages, rows: inputRows }),
    }
  }

  buildInstance(ctx: InstanceCtx): Instance {
    if (this.#rows === undefined) throw new Error('buildInstance expected configureInstances to come first')
    const { program, rom, writableLines } = this.#options
    const { ram, romData, input } = this.#rows
    if (ctx.plan.air === 'RomData') return new RomDataInstance({ program, rom, rows: romData }, ctx)
    if (ctx.plan.air === 'InputData') return new InputDataInstance({ program, rom, rows: input }, ctx)
    return new MemInstance({ program, rom, lines: writableLines, rows: ram }, ctx)
  }
}

/** Counts the rows of every word. Accesses to RAM come in the order of time, so that pairs can be told. */
class MemPlanner implements Planner {
  readonly #options: MemOptions
  readonly #readOnly: ReadOnlyWords
  readonly #maxLogRows: number
  readonly #ram: WordRowCounts
  readonly #romReads: Uint32Array
  readonly #input: WordRowCounts
  #chunks = 0

  constructor(options: MemOptions, readOnly: ReadOnlyWords, maxLogRows: number) {
    const { ram, input } = options.rom.memoryMap
    this.#options = options
    this.#readOnly = readOnly
    this.#maxLogRows = maxLogRows
    this.#ram = new WordRowCounts(ram.start / 8, ram.size / 8)
    this.#input = new WordRowCounts(input.start / 8, input.size / 8)
    this.#romReads = new Uint32Array(readOnly.count)
    for (const { address, words } of options.writableLines) {
      for (let k = 0; k < words.length; k++) this.#countAccess(address / 8 + k, 0, 1)
    }
  }

  add(_chunk: { readonly steps: number }, counts: Metrics): void {
    const { ramWord, ramStep, ramIsWrite, romWord, inputWord } = counts as Readonly<Record<string, Uint32Array>>
    this.#chunks++
    for (let i = 0; i < ramWord!.length; i++) this.#countAccess(ramWord![i]!, ramStep![i]!, ramIsWrite![i]!)
    for (let i = 0; i < romWord!.length; i++) this.#romReads[this.#readOnly.at(romWord![i]!)]!++
    for (let i = 0; i < inputWord!.length; i++) this.#input.count(inputWord![i]!)
  }

  plan(): { readonly plans: readonly Plan[]; readonly config: MemConfig } {
    const { ram, input } = this.#options.rom.memoryMap
    const ramColumns = this.#ram.columns()
    const inputColumns = this.#input.columns()
    addBridges(input.start / 8, inputColumns)
    const romData = new ReadOnlyRows(this.#readOnly, this.#romReads)
    const maxLogRows = this.#maxLogRows
    const plans = [
      ...this.#carried('Mem', new WordRows(ram.start / 8, ramColumns).total),
      ...planSlices('RomData', [romData.total], maxLogRows).map((plan) => this.#overWholeRun(plan)),
      ...this.#carried('InputData', new WordRows(input.start / 8, inputColumns).total),
    ]
    const config = {
      ramPages: ramColumns.pages,
      ramRows: ramColumns.rows,
      romReads: this.#romReads,
      inputPages: inputColumns.pages,
      inputRows: inputColumns.rows,
    }
    return { plans, config }
  }

  #countAccess(word: number, memStep: number, isWrite: number): void {
    const at = this.#ram.at(word)
    const { rows, open } = this.#ram
    // A word without rows has no open row whatever its cell says.
    if (isWrite === 0 && rows[at] !== 0 && memStep - open[at]! < MAX_DUAL_GAP) {
      open[at] = CLOSED
      return
    }
    rows[at]!++
    open[at] = memStep
  }

  /** Plans of an AIR whose first row carries the state of the segment before. */
  #carried(air: string, total: number): readonly Plan[] {
    return carriedSegments(total, this.#maxLogRows).map(({ rows, from, count }, segment) => {
      return this.#overWholeRun({ air, segment, rows, from, count, isLast: from + count === total })
    })
  }

  /** An address may be accessed at any time. */
  #overWholeRun(plan: Omit<Plan, 'checkPoint' | 'endChunk'>): Plan {
    return { ...plan, checkPoint: { chunk: 0, skip: 0 }, endChunk: this.#chunks }
  }
}

const CLOSED = -(2 ** 40)

/** Adds to the rows of every word those that bridge the gap before it. */
function addBridges(firstWord: number, columns: { readonly pages: Uint32Array; readonly rows: Uint32Array }): void {
  if (columns.pages.length === 0) return
  let before = firstWord - 1
  const { rows } = columns
  const window = new WordRows(firstWord, columns).window(0, Math.max(1, new WordRows(firstWord, columns).total))
  window.visit((word, at) => {
    rows[at]! += bridgeRows(before, word)
    before = word
  })
}
