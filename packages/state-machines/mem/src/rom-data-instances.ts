import type { AirInstance, Pilout } from '@zisk/air'
import { InstanceWriter, MIN_LOG_ROWS, orderByWord, segmentHeights, setNumber, type WordAccesses } from '@zisk/witness'
import { MemoryError } from './memory-error.ts'
import type { RomDataAirValueLabel, RomDataColumnLabel } from './rom-data-columns.gen.ts'

type Writer = InstanceWriter<RomDataColumnLabel, RomDataAirValueLabel>

/** log2 of the largest height of RomData and InputData, as in the PIL files. */
export const READ_ONLY_MAX_LOG_ROWS = 20

/** Address of the region, the same in every memory map. */
export const ROM_DATA_START = 0x8000_0000

/** A line of read-only data: consecutive words from a byte address. */
export interface ReadOnlyLine {
  readonly address: number
  readonly words: BigUint64Array
}

/** The instances of RomData and which lines they use, by position. */
export interface RomDataWitness {
  readonly instances: readonly AirInstance[]
  readonly usedLines: ReadonlySet<number>
}

/**
 * Fills the instances of RomData: the words of every line that is read, each with its definition and its reads.
 *
 * @param lines all lines of read-only data, ascending by address
 * @throws {MemoryError} MEMORY_UNDEFINED_WORD when a read is outside the lines
 */
export function romDataInstances(
  program: Pilout,
  accesses: WordAccesses,
  lines: readonly ReadOnlyLine[],
  options: { readonly maxLogRows?: number | undefined } = {},
): RomDataWitness {
  const order = orderByWord(accesses)
  const used = findUsedLines(accesses, order, lines)
  const count = used.reduce((sum, line) => sum + lines[line]!.words.length, accesses.length)
  const heights = segmentHeights(count, {
    minLogRows: MIN_LOG_ROWS,
    maxLogRows: options.maxLogRows ?? READ_ONLY_MAX_LOG_ROWS,
  })
  const writers = heights.map((rows, segment) => new RomDataSegment(program, rows, segment))
  let current = 0
  let at = 0
  const put = (row: RomDataRow): void => {
    if (at === writers[current]!.rows) {
      current++
      at = 0
    }
    writers[current]!.put(at++, row)
  }
  let next = 0
  for (const line of used) {
    const { address, words } = lines[line]!
    for (const [k, value] of words.entries()) {
      const row = { word: address / 8 + k, low: Number(value & 0xffff_ffffn), high: Number(value >> 32n) }
      put({ ...row, step: 0, sel: 1, init: 1 })
      for (; next < order.length && accesses.word[order[next]!] === row.word; next++)
        put({ ...row, step: accesses.memStep[order[next]!]!, sel: 1, init: 0 })
    }
  }
  const last = writers.at(-1)
  if (last !== undefined) {
    const row = last.rowAt(at - 1)
    for (; at < last.rows; at++) last.put(at, { ...row, step: 0, sel: 0, init: 0 })
  }
  let previous: RomDataRow | undefined
  for (const [i, segment] of writers.entries()) {
    const end = segment.rowAt(segment.rows - 1)
    segment.link(previous, end, i === writers.length - 1)
    previous = end
  }
  return { instances: writers.map(({ writer }) => writer.instance), usedLines: new Set(used) }
}

/** Positions of the lines with reads, ascending. */
function findUsedLines(accesses: WordAccesses, order: Uint32Array, lines: readonly ReadOnlyLine[]): readonly number[] {
  const used: number[] = []
  let line = 0
  for (const access of order) {
    const word = accesses.word[access]!
    while (line < lines.length && word >= lines[line]!.address / 8 + lines[line]!.words.length) line++
    const candidate = lines[line]
    if (candidate === undefined || word < candidate.address / 8) {
      throw new MemoryError({
        code: 'MEMORY_UNDEFINED_WORD',
        message: `read-only data expected at 0x${(8 * word).toString(16)}, got none`,
        remedy: 'Transpile the ELF again.',
      })
    }
    if (used.at(-1) !== line) used.push(line)
  }
  return used
}

interface RomDataRow {
  readonly word: number
  readonly step: number
  readonly sel: number
  readonly init: number
  readonly low: number
  readonly high: number
}

/** An instance of RomData under construction. */
class RomDataSegment {
  readonly writer: Writer
  readonly rows: number
  readonly #addr: Uint32Array
  readonly #step: Uint32Array
  readonly #sel: Uint32Array
  readonly #init: Uint32Array
  readonly #low: Uint32Array
  readonly #high: Uint32Array

  constructor(program: Pilout, rows: number, segment: number) {
    this.writer = new InstanceWriter<RomDataColumnLabel, RomDataAirValueLabel>(program, {
      air: 'RomData',
      rows,
      segment,
    })
    this.rows = rows
    this.#addr = this.writer.words('addr')
    this.#step = this.writer.words('step')
    this.#sel = this.writer.words('sel')
    this.#init = this.writer.words('init')
    this.#low = this.writer.words('value[0]')
    this.#high = this.writer.words('value[1]')
  }

  put(row: number, { word, step, sel, init, low, high }: RomDataRow): void {
    const o = 2 * row
    this.#addr[o] = word
    setNumber(this.#step, o, step)
    this.#sel[o] = sel
    this.#init[o] = init
    this.#low[o] = low
    this.#high[o] = high
  }

  /** Address and value of a row. */
  rowAt(row: number): RomDataRow {
    const o = 2 * row
    return { word: this.#addr[o]!, step: 0, sel: 0, init: 0, low: this.#low[o]!, high: this.#high[o]! }
  }

  /** Sets the air values. */
  link(previous: RomDataRow | undefined, last: RomDataRow, isLast: boolean): void {
    const { writer } = this
    const before = previous ?? { word: ROM_DATA_START / 8 - 1, low: 0, high: 0 }
    writer.setAirValue('segment_id', BigInt(writer.instance.segment))
    writer.setAirValue('is_first_segment', previous === undefined ? 1n : 0n)
    writer.setAirValue('is_last_segment', isLast ? 1n : 0n)
    for (const [name, row] of [
      ['previous', before],
      ['last', last],
    ] as const) {
      writer.setAirValue(`${name}_addr`, BigInt(row.word))
      writer.setAirValue(`${name}_value[0]`, BigInt(row.low))
      writer.setAirValue(`${name}_value[1]`, BigInt(row.high))
    }
  }
}
