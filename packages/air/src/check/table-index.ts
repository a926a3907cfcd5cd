/** Finds the row of a table that holds a tuple: by a dense index where the first fields tell the rows apart. */

import { hashWords, TupleTable } from './tuple-table.ts'

/** The index of a dense table may have this many entries per row. */
const MAX_SPARSITY = 16
const MIN_ENTRIES = 1024

/** A table under construction: tuples as pairs of 32-bit words, low word first. */
export class TableRows {
  readonly width: number
  readonly #words: number[] = []
  readonly #positions: number[] = []

  /** @param width fields of a tuple, without the bus id */
  constructor(width: number) {
    this.width = width
  }

  /**
   * Adds a row.
   *
   * @param words pairs of words, `count` of them from `start` on; fields behind them are 0
   * @param position what {@link TableIndex.find} returns for it
   */
  add(words: Uint32Array, start: number, count: number, position: number): void {
    for (let i = 0; i < 2 * this.width; i++) this.#words.push(start + i < count ? words[start + i]! : 0)
    this.#positions.push(position)
  }

  /** The finished index; equal rows are found at the first of them. */
  index(): TableIndex {
    const words = Uint32Array.from(this.#words)
    const positions = Int32Array.from(this.#positions)
    for (let keys = 1; keys <= this.width; keys++) {
      const dense = denseIndex(words, this.width, keys, positions.length)
      if (dense !== undefined) return new DenseIndex(words, this.width, positions, dense)
    }
    return new HashedIndex(words, this.width, positions)
  }
}

/** A table that can be asked for tuples. */
export interface TableIndex {
  readonly width: number
  /** Smallest value and entries of a table of single numbers without gaps; entry i is `positions[i]`. */
  readonly range: { readonly min: number; readonly positions: Int32Array } | undefined
  /** The position of the tuple in `words[0..2 * width)`, or -1. */
  find(words: Uint32Array): number
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

  find(words: Uint32Array): number {
    const key = keyOf(this.#dense, words, 0)
    const row = key < 0 ? -1 : this.#dense.rows[key]!
    if (row < 0 || !isEqual(this.#words, 2 * row * this.width, words, 0, 2 * this.width)) return -1
    return this.#positions[row]!
  }
}

/** For tables whose first fields are no small numbers. */
class HashedIndex implements TableIndex {
  readonly width: number
  readonly range = undefined
  readonly #table: TupleTable = new TupleTable()
  readonly #positions: number[] = []

  constructor(words: Uint32Array, width: number, positions: Int32Array) {
    this.width = width
    for (let row = 0; row < positions.length; row++) {
      const tuple = words.subarray(2 * row * width, 2 * (row + 1) * width)
      const entry = this.#table.entry(tuple, tuple.length, hashWords(tuple, tuple.length))
      if (entry === this.#positions.length) this.#positions.push(positions[row]!)
    }
  }

  find(words: Uint32Array): number {
    const count = 2 * this.width
    const entry = this.#table.find(words, count, hashWords(words, count))
    return entry === undefined ? -1 : this.#positions[entry]!
  }
}
