/** Finds the row of a table that holds a tuple: by a dense index where the first fields tell the rows apart. */
import { P } from '@zisk/field'
import { hashWords, TupleTable } from './tuple-table.ts'

/** The index of a dense table may have this many entries per row. */
const MAX_SPARSITY = 16
const MIN_ENTRIES = 1024

/** A column of a table: pairs of 32-bit words, low word first, and a constant that is added to each. */
export interface TableColumn {
  readonly words: Uint32Array
  readonly shift: bigint
}

/** Rows of a table that follow each other. */
interface TablePart {
  readonly columns: readonly TableColumn[]
  readonly first: number
  readonly end: number
  /** What {@link TableIndex.find} returns for row 0 of the columns. */
  readonly position: number
}

/** A table under construction. */
export class TableRows {
  readonly width: number
  readonly #parts: TablePart[] = []

  /** @param width fields of a tuple, without the bus id */
  constructor(width: number) {
    this.width = width
  }

  /**
   * Adds the rows `[first, end)` of columns.
   *
   * @param position what {@link TableIndex.find} returns for row 0 of the columns
   */
  add(columns: readonly TableColumn[], first: number, end: number, position: number): void {
    this.#parts.push({ columns, first, end, position })
  }

  /** The finished index; equal rows are found at the first of them. */
  index(): TableIndex {
    const { width } = this
    const range = width === 1 ? rangeOf(this.#parts) : undefined
    if (range !== undefined) return new RangeIndex(range)
    const { words, positions } = rowsOf(this.#parts, width)
    const extents: Extent[] = []
    for (let k = 0; k < width; k++) {
      const extent = extentOf(words, width, k)
      if (extent === undefined) break
      extents.push(extent)
      const dense = denseIndex(words, width, extents)
      if (dense !== undefined) return new DenseIndex(words, width, positions, dense)
    }
    return new HashedIndex(words, width, positions)
  }
}

/** A table of single numbers without gaps. The position of a value is {@link rangePosition}. */
export interface Range {
  readonly min: number
  /** Number of values. */
  readonly size: number
  /** log2 of the values that have an offset in common. */
  readonly logPart: number
  /** Position minus distance from the smallest value, for each 2^logPart values. */
  readonly offsets: Int32Array
}

/** Position of the value that is `distance` from the smallest, at least 0 and below {@link Range.size}. */
export function rangePosition({ offsets, logPart }: Range, distance: number): number {
  return offsets[distance >>> logPart]! + distance
}

/** The range that parts of consecutive numbers make up, if they do. Parts of one column are looked at once. */
function rangeOf(parts: readonly TablePart[]): Range | undefined {
  const starts: number[] = []
  for (const [i, part] of parts.entries()) {
    const before = parts[i - 1]
    if (!(before !== undefined && areSameRows(before, part)) && !isConsecutive(part)) return undefined
    const [{ words, shift }] = part.columns as [TableColumn]
    const felt = (BigInt(words[2 * part.first]!) + shift) % P
    starts.push(small(Number(felt & 0xffff_ffffn), Number(felt >> 32n)))
  }
  const ends = parts.map(({ first, end }, i) => starts[i]! + end - first)
  const min = Math.min(...starts)
  const size = Math.max(...ends) - min
  // A NaN is not: a number that is not small.
  if (!(size <= parts.reduce((sum, { first, end }) => sum + end - first, 0))) return undefined
  const froms = starts.map((start) => start - min)
  const offsetOf = ({ position, first }: TablePart, i: number): number => position + first - froms[i]!
  const logPart = evenParts(parts, froms)
  if (logPart !== undefined) return { min, size, logPart, offsets: Int32Array.from(parts, offsetOf) }
  const offsets = new Int32Array(size)
  const isKnown = new Uint8Array(size)
  for (const [i, part] of parts.entries())
    for (let value = froms[i]!; value < froms[i]! + part.end - part.first; value++) {
      if (isKnown[value] === 0) offsets[value] = offsetOf(part, i)
      isKnown[value] = 1
    }
  return isKnown.includes(0) ? undefined : { min, size, logPart: 0, offsets }
}

/** log2 of the rows of parts of one size, but for a shorter last one, whose values follow each other; or undefined. */
function evenParts(parts: readonly TablePart[], froms: readonly number[]): number | undefined {
  const rows = parts.map(({ first, end }) => end - first)
  // One part has one offset, whatever its size.
  if (rows.length === 1) return 31
  const log = Math.log2(rows[0]!)
  const isEven = rows.every(
    (count, i) => froms[i] === i * rows[0]! && (count === rows[0] || (i === rows.length - 1 && count < rows[0]!)),
  )
  return Number.isInteger(log) && isEven ? log : undefined
}

function areSameRows(x: TablePart, y: TablePart): boolean {
  const [a, b] = [x.columns[0]!.words, y.columns[0]!.words]
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset && x.first === y.first && x.end === y.end
}

/** Whether the column of a part goes up by 1 from row to row, in small numbers. */
function isConsecutive({ columns, first, end }: TablePart): boolean {
  const [{ words }] = columns as [TableColumn]
  const start = words[2 * first]!
  for (let row = first; row < end; row++)
    if (words[2 * row] !== start + row - first || words[2 * row + 1] !== 0) return false
  return true
}

/** All rows as words, row by row, and their positions. */
function rowsOf(
  parts: readonly TablePart[],
  width: number,
): { readonly words: Uint32Array; readonly positions: Int32Array } {
  const count = parts.reduce((sum, { first, end }) => sum + end - first, 0)
  const words = new Uint32Array(2 * width * count)
  const positions = new Int32Array(count)
  let at = 0
  for (const { columns, first, end, position } of parts) {
    for (const [k, column] of columns.entries())
      copyShifted(column, first, end, { words, start: 2 * (at * width + k), step: 2 * width })
    for (let row = first; row < end; row++) positions[at++] = position + row
  }
  return { words, positions }
}

/** Where the words of a field go. */
interface FieldPlace {
  readonly words: Uint32Array
  readonly start: number
  readonly step: number
}

function copyShifted(column: TableColumn, first: number, end: number, { words: to, start, step }: FieldPlace): void {
  const { words, shift } = column
  // Most sums are of small numbers; none is where nothing is added.
  const low = shift < 2n ** 31n ? Number(shift) : 2 ** 32
  const mostHigh = shift === 0n ? 0xffff_ffff : 0
  for (let row = first, i = start; row < end; row++, i += step) {
    const sum = words[2 * row]! + low
    const high = words[2 * row + 1]!
    if (high <= mostHigh && sum <= 0xffff_ffff) {
      to[i] = sum
      to[i + 1] = high
    } else {
      const felt = (BigInt(words[2 * row]!) + (BigInt(high) << 32n) + shift) % P
      to[i] = Number(felt & 0xffff_ffffn)
      to[i + 1] = Number(felt >> 32n)
    }
  }
}

/** A table that can be asked for tuples. */
export interface TableIndex {
  readonly width: number
  /** What a table of single numbers without gaps consists of. */
  readonly range: Range | undefined
  /** The position of the tuple in row `r` of columns of words, low word first, or -1. Columns left out are zeros. */
  find(columns: readonly Uint32Array[], r: number): number
}

interface Dense {
  readonly mins: readonly number[]
  readonly extents: readonly number[]
  /** Row by key; -1 where there is none. */
  readonly rows: Int32Array
}

/** A field element as an integer of either sign; NaN when it is not small. */
function small(low: number, high: number): number {
  if (high === 0) return low
  if (high === 0xffff_ffff) return low - 1
  return high === 0xffff_fffe ? low - 2 ** 32 - 1 : Number.NaN
}

/** Smallest value of a field, and how many follow it up to the largest. */
interface Extent {
  readonly min: number
  readonly extent: number
}

/** The extent of field k of all rows, or undefined when it has values that are not small. */
function extentOf(words: Uint32Array, width: number, k: number): Extent | undefined {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 2 * k; i < words.length; i += 2 * width) {
    const value = words[i + 1] === 0 ? words[i]! : small(words[i]!, words[i + 1]!)
    if (words[i + 1] !== 0 && Number.isNaN(value)) return undefined
    if (value < min) min = value
    if (value > max) max = value
  }
  return { min, extent: max - min + 1 }
}

/** The rows by their first fields, or undefined when that takes too much memory or does not tell them apart. */
function denseIndex(words: Uint32Array, width: number, keys: readonly Extent[]): Dense | undefined {
  const count = words.length / (2 * width)
  const mins = keys.map(({ min }) => min)
  const extents = keys.map(({ extent }) => extent)
  const size = extents.reduce((product, extent) => product * extent, 1)
  if (size > Math.max(MIN_ENTRIES, MAX_SPARSITY * count)) return undefined
  const rows = new Int32Array(size).fill(-1)
  for (let row = 0, start = 0; row < count; row++, start += 2 * width) {
    let key = 0
    for (let k = 0; k < mins.length; k++) {
      const i = start + 2 * k
      const value = words[i + 1] === 0 ? words[i]! : small(words[i]!, words[i + 1]!)
      key = key * extents[k]! + value - mins[k]!
    }
    if (rows[key] === -1) rows[key] = row
    else if (!isEqual(words, 2 * rows[key]! * width, words, start, 2 * width)) return undefined
  }
  return { mins, extents, rows }
}

/** Key of the tuple in a row of columns, or -1 when a field is out of range. */
function keyAt({ mins, extents }: Dense, columns: readonly Uint32Array[], r: number): number {
  let key = 0
  for (let k = 0; k < mins.length; k++) {
    const column = columns[k]
    const high = column === undefined ? 0 : column[2 * r + 1]!
    const low = column === undefined ? 0 : column[2 * r]!
    const value = (high === 0 ? low : small(low, high)) - mins[k]!
    if (!(value >= 0 && value < extents[k]!)) return -1
    key = key * extents[k]! + value
  }
  return key
}

function isEqual(x: Uint32Array, xStart: number, y: Uint32Array, yStart: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (x[xStart + i] !== y[yStart + i]) return false
  return true
}

class RangeIndex implements TableIndex {
  readonly width = 1
  readonly range: Range

  constructor(range: Range) {
    this.range = range
  }

  find(columns: readonly Uint32Array[], r: number): number {
    const { range } = this
    const [column] = columns
    const value = (column === undefined ? 0 : small(column[2 * r]!, column[2 * r + 1]!)) - range.min
    return value >= 0 && value < range.size && isZeroBehind(columns, 1, r) ? rangePosition(range, value) : -1
  }
}

class DenseIndex implements TableIndex {
  readonly width: number
  readonly range = undefined
  readonly #words: Uint32Array
  readonly #positions: Int32Array
  readonly #dense: Dense

  constructor(words: Uint32Array, width: number, positions: Int32Array, dense: Dense) {
    this.width = width
    this.#words = words
    this.#positions = positions
    this.#dense = dense
  }

  find(columns: readonly Uint32Array[], r: number): number {
    const dense = this.#dense
    const key = keyAt(dense, columns, r)
    const row = key < 0 ? -1 : dense.rows[key]!
    if (row < 0) return -1
    // The key fields are equal already.
    const words = this.#words
    for (let k = dense.mins.length; k < this.width; k++) {
      const at = 2 * (row * this.width + k)
      const column = columns[k]
      if (words[at] !== (column === undefined ? 0 : column[2 * r]!)) return -1
      if (words[at + 1] !== (column === undefined ? 0 : column[2 * r + 1]!)) return -1
    }
    return isZeroBehind(columns, this.width, r) ? this.#positions[row]! : -1
  }
}

/** Whether the fields of a tuple behind the first `width` are 0. */
function isZeroBehind(columns: readonly Uint32Array[], width: number, r: number): boolean {
  for (let k = width; k < columns.length; k++) if ((columns[k]![2 * r]! | columns[k]![2 * r + 1]!) !== 0) return false
  return true
}

/** For tables whose first fields are no small numbers. */
class HashedIndex implements TableIndex {
  readonly width: number
  readonly range = undefined
  readonly #table: TupleTable = new TupleTable()
  readonly #positions: number[] = []
  readonly #tuple: Uint32Array

  constructor(words: Uint32Array, width: number, positions: Int32Array) {
    this.width = width
    this.#tuple = new Uint32Array(2 * width)
    for (let row = 0; row < positions.length; row++) {
      const tuple = words.subarray(2 * row * width, 2 * (row + 1) * width)
      const entry = this.#table.entry(tuple, tuple.length, hashWords(tuple, tuple.length))
      if (entry === this.#positions.length) this.#positions.push(positions[row]!)
    }
  }

  find(columns: readonly Uint32Array[], r: number): number {
    const tuple = this.#tuple
    for (let k = 0; k < this.width; k++) {
      tuple[2 * k] = columns[k]?.[2 * r] ?? 0
      tuple[2 * k + 1] = columns[k]?.[2 * r + 1] ?? 0
    }
    const entry = this.#table.find(tuple, tuple.length, hashWords(tuple, tuple.length))
    return entry === undefined || !isZeroBehind(columns, this.width, r) ? -1 : this.#positions[entry]!
  }
}
