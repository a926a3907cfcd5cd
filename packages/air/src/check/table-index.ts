/** Finds the row of a table that holds a tuple: by a dense index where the first fields tell the rows apart. */

import { hashWords, TupleTable } from './tuple-table.ts'

/** The index of a dense table may have this many entries per row. */
const MAX_SPARSITY = 16
const MIN_ENTRIES = 1024

/** A table under construction: tuples as pairs of 32-bit words, low word first. */
export class TableRows {
  readonly width: number
  readonly #words: Uint32Array[] = []
  readonly #positions: Int32Array[] = []

  /** @param width fields of a tuple, without the bus id */
  constructor(width: number) {
    this.width = width
  }

  /**
   * Adds the rows `[first, end)` of columns of words.
   *
   * @param position what {@link TableIndex.find} returns for row 0 of the columns
   */
  add(columns: readonly Uint32Array[], first: number, end: number, position: number): void {
    const { width } = this
    const words = new Uint32Array(2 * width * (end - first))
    for (const [k, column] of columns.entries()) {
      for (let row = first, i = 2 * k; row < end; row++, i += 2 * width) {
        words[i] = column[2 * row]!
        words[i + 1] = column[2 * row + 1]!
      }
    }
    this.#words.push(words)
    const positions = new Int32Array(end - first)
    for (let i = 0; i < positions.length; i++) positions[i] = position + first + i
    this.#positions.push(positions)
  }

  /** The finished index; equal rows are found at the first of them. */
  index(): TableIndex {
    const words = concatenated(this.#words, Uint32Array)
    const positions = concatenated(this.#positions, Int32Array)
    for (let keys = 1; keys <= this.width; keys++) {
      const dense = denseIndex(words, this.width, keys, positions.length)
      if (dense !== undefined) return new DenseIndex(words, this.width, positions, dense)
    }
    return new HashedIndex(words, this.width, positions)
  }
}

function concatenated<T extends Uint32Array | Int32Array>(parts: readonly T[], List: new (length: number) => T): T {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const all = new List(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** A table that can be asked for tuples. */
export interface TableIndex {
  readonly width: number
  /** Smallest value and entries of a table of single numbers without gaps; entry i is `positions[i]`. */
  readonly range: { readonly min: number; readonly positions: Int32Array } | undefined
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

/** The rows by their first `keys` fields, or undefined when that takes too much memory or does not tell them apart. */
function denseIndex(words: Uint32Array, width: number, keys: number, count: number): Dense | undefined {
  const mins: number[] = []
  const extents: number[] = []
  let size = 1
  for (let k = 0; k < keys; k++) {
    let min = Number.POSITIVE_INFINITY
    let max = Number.NEGATIVE_INFINITY
    for (let row = 0; row < count; row++) {
      const i = 2 * (row * width + k)
      const value = small(words[i]!, words[i + 1]!)
      if (Number.isNaN(value)) return undefined
      min = Math.min(min, value)
      max = Math.max(max, value)
    }
    mins.push(min)
    extents.push(max - min + 1)
    size *= max - min + 1
    if (size > Math.max(MIN_ENTRIES, MAX_SPARSITY * count)) return undefined
  }
  const rows = new Int32Array(size).fill(-1)
  for (let row = 0; row < count; row++) {
    const key = keyOf({ mins, extents, rows }, words, 2 * row * width)
    if (rows[key] === -1) rows[key] = row
    else if (!isEqual(words, 2 * rows[key]! * width, words, 2 * row * width, 2 * width)) return undefined
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

/** Key of the tuple at `start`, or -1 when a field is out of range. */
function keyOf({ mins, extents }: Dense, words: Uint32Array, start: number): number {
  let key = 0
  for (let k = 0; k < mins.length; k++) {
    const value = small(words[start + 2 * k]!, words[start + 2 * k + 1]!) - mins[k]!
    if (!(value >= 0 && value < extents[k]!)) return -1
    key = key * extents[k]! + value
  }
  return key
}

function isEqual(x: Uint32Array, xStart: number, y: Uint32Array, yStart: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (x[xStart + i] !== y[yStart + i]) return false
  return true
}

class DenseIndex implements TableIndex {
  readonly width: number
  readonly range: TableIndex['range']
  readonly #words: Uint32Array
  readonly #positions: Int32Array
  readonly #dense: Dense

  constructor(words: Uint32Array, width: number, positions: Int32Array, dense: Dense) {
    this.width = width
    this.#words = words
    this.#positions = positions
    this.#dense = dense
    const isRange = width === 1 && !dense.rows.includes(-1)
    this.range = isRange ? { min: dense.mins[0]!, positions: dense.rows.map((row) => positions[row]!) } : undefined
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
