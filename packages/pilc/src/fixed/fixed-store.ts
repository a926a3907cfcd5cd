import type { FixedContent } from '@zisk/air'
import { P as PRIME, toFelt } from '@zisk/field'
import type { Int } from '../eval/int.ts'
import { normalizeInt } from '../eval/int.ts'
import { type SequencePlan, sequenceToPattern, writeSequence } from './sequence.ts'

/** A stretch of rows filled with one value or copied from another column. */
type Piece =
  | { readonly kind: 'fill'; readonly at: number; readonly count: number; readonly value: bigint }
  | {
      readonly kind: 'copy'
      readonly at: number
      readonly count: number
      readonly source: FixedStore
      readonly from: number
    }

/** Where the rows of an external column are, and how to read them if the file is there. */
export interface ExternalColumn {
  readonly file: string
  readonly column: number
  readonly load?: (() => BigUint64Array) | undefined
}

/** A loop left for later, shared by the columns that it fills. */
export class DeferredFill {
  readonly #fill: () => void
  readonly #targets: FixedStore[] = []
  #state: 'waiting' | 'running' | 'done' = 'waiting'
  #pinned = false

  constructor(fill: () => void) {
    this.#fill = fill
  }

  get isWaiting(): boolean {
    return this.#state === 'waiting'
  }

  get isRunning(): boolean {
    return this.#state === 'running'
  }

  addTarget(store: FixedStore): void {
    this.#targets.push(store)
  }

  /** Fills the columns unless that was done. After an error it will be tried, and fail, again. */
  run(): void {
    if (this.#state !== 'waiting') return
    this.#state = 'running'
    let next: 'waiting' | 'done' = 'waiting'
    try {
      this.#fill()
      next = 'done'
    } finally {
      this.#state = next
    }
  }

  /** Fills the columns for good: something that the loop reads or fills is about to change. */
  pin(): void {
    this.#pinned = true
    this.run()
  }

  /** Drops what the loop made, to be made again when it is wanted, unless it could not be. */
  rewind(): void {
    if (this.#pinned || this.#state !== 'done') return
    this.#state = 'waiting'
    for (const store of this.#targets) store.forgetFilled()
  }
}

/**
 * Contents of one fixed column while a program compiles.
 *
 * A column starts all zero. It stays a description (sequence, pieces, deferred loop) until a row is read or written;
 * what can be made again is kept until it is released.
 */
export class FixedStore {
  readonly rows: number
  #plan: SequencePlan | undefined
  #pieces: Piece[] | undefined
  #external: ExternalColumn | undefined
  #deferred: DeferredFill | undefined
  /** Values that row writes made: they exist nowhere else. */
  #values: BigUint64Array | undefined
  #halves: Uint32Array | undefined
  /** Made values, which can be made again. */
  #cache: BigUint64Array | undefined
  /** Deferred loops that read this column and must run before it changes. */
  #readers: (() => void)[] = []
  /** The plan has a part that fills what room there is. */
  #filling = false
  /** Set once a row, a piece or a sequence was assigned. */
  assigned = false

  constructor(rows: number) {
    this.rows = rows
  }

  /** True once rows were written one by one. */
  get isOpen(): boolean {
    return this.#values !== undefined
  }

  get external(): ExternalColumn | undefined {
    return this.#external
  }

  /** True when the contents mean the same at every height: `[1, 0...]`, a repeated list, or all 0. */
  get fitsAnyHeight(): boolean {
    return this.content().kind === 'pattern' && (this.#plan === undefined || this.#filling)
  }

  setExternal(external: ExternalColumn): void {
    this.#external = external
  }

  /** Runs `action` before the contents change for the first time from now on. */
  beforeChange(action: () => void): void {
    this.#readers.push(action)
  }

  setPlan(plan: SequencePlan, anyHeight = false): void {
    this.#deferred?.pin()
    this.#announceChange()
    this.#forget()
    this.#plan = plan
    this.#filling = anyHeight
    this.assigned = true
  }

  /** Leaves the contents to a loop that writes its rows when it is run. */
  defer(fill: DeferredFill): void {
    this.#announceChange()
    this.#deferred = fill
    fill.addTarget(this)
    this.#cache = undefined
    this.#halves = undefined
    this.assigned = true
  }

  fill(value: Int, at: number, count: number): void {
    this.#deferred?.pin()
    this.#announceChange()
    if (this.#values !== undefined) {
      this.#open().fill(feltOf(value), at, at + count)
      return
    }
    this.#addPiece({ kind: 'fill', at, count, value: feltOf(value) })
  }

  copy(source: FixedStore, from: number, at: number, count: number): void {
    this.#deferred?.pin()
    this.#announceChange()
    if (this.#values !== undefined || source === this) {
      const values = source.values().slice(from, from + count)
      this.#open().set(values, at)
      return
    }
    this.#addPiece({ kind: 'copy', at, count, source, from })
    // The rows are read when they are wanted, or at the last moment before the source changes.
    source.beforeChange(() => this.#settle())
  }

  /** Value of a row, canonical. */
  read(row: number): Int {
    const halves = this.#halves ?? this.readHalves()
    const high = halves[2 * row + 1]!
    const low = halves[2 * row]!
    return high < 0x20_0000 ? high * 4294967296 + low : (BigInt(high) << 32n) | BigInt(low)
  }

  write(row: number, value: Int): void {
    const known = this.#values !== undefined && this.#readers.length === 0 && this.#deferred === undefined
    const halves = known ? this.#halves! : this.openHalves()
    if (typeof value === 'number' && value >= 0) {
      halves[2 * row] = value
      halves[2 * row + 1] = value / 4294967296
    } else this.#values![row] = feltOf(value)
  }

  /** All rows; not to be changed by the caller. */
  values(): BigUint64Array {
    this.#deferred?.run()
    if (this.#values !== undefined) return this.#values
    if (this.#cache !== undefined) return this.#cache
    const out = new BigUint64Array(this.rows)
    if (this.#plan !== undefined) writeSequence(this.#plan, out, 0, PRIME)
    for (const piece of this.#pieces ?? []) {
      if (piece.kind === 'fill') out.fill(piece.value, piece.at, piece.at + piece.count)
      else out.set(piece.source.values().subarray(piece.from, piece.from + piece.count), piece.at)
    }
    this.#cache = out
    return out
  }

  /** What the compiled program carries. */
  content(): FixedContent {
    if (this.#external !== undefined) return { kind: 'external', ...this.#external }
    if (this.#deferred?.isWaiting !== true && this.#values === undefined && this.#pieces === undefined) {
      if (this.#plan === undefined) return { kind: 'pattern', head: [], cycle: [0n], tail: [] }
      const pattern = sequenceToPattern(this.#plan, this.rows, PRIME)
      if (pattern !== undefined) return { kind: 'pattern', ...pattern }
    }
    const load = () => {
      const values = this.values()
      this.release()
      for (const source of this.#sources()) source.release()
      return values
    }
    return { kind: 'lazy', load, release: () => this.rewind() }
  }

  /** Drops values that can be made again; rows that were written, by loops too, stay. */
  release(): void {
    this.#cache = undefined
    if (this.#values === undefined) this.#halves = undefined
  }

  /** Drops values that can be made again, those of loops and of the columns that this one copies included. */
  rewind(): void {
    this.release()
    this.#deferred?.rewind()
    for (const source of this.#sources()) source.rewind()
  }

  /** Drops the rows that a loop wrote. */
  forgetFilled(): void {
    this.#values = undefined
    this.#halves = undefined
    this.#cache = undefined
  }

  #sources(): readonly FixedStore[] {
    return (this.#pieces ?? []).flatMap((piece) => (piece.kind === 'copy' ? [piece.source] : []))
  }

  #addPiece(piece: Piece): void {
    this.#pieces ??= []
    this.#pieces.push(piece)
    this.#cache = undefined
    this.#halves = undefined
    this.assigned = true
  }

  /** The rows as 32-bit halves, low half first. */
  readHalves(): Uint32Array {
    const values = this.values()
    this.#halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
    return this.#halves
  }

  /** The rows as 32-bit halves, low half first, to be written. */
  openHalves(): Uint32Array {
    this.#open()
    return this.#halves!
  }

  /** Turns whatever is there into values that can be written. */
  #open(): BigUint64Array {
    if (this.#deferred?.isRunning === false) {
      this.#deferred.pin()
      this.#deferred = undefined
    }
    this.#announceChange()
    if (this.#values !== undefined) return this.#values
    const values = this.values()
    const deferred = this.#deferred
    this.#forget()
    this.#deferred = deferred
    this.#values = values
    this.#halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
    this.assigned = true
    return values
  }

  /** Makes the values of a column that depends on others, once and for all. */
  #settle(): void {
    if (this.#pieces !== undefined) this.#open()
  }

  #announceChange(): void {
    // While its loop runs, a column takes the contents that it had all along.
    if (this.#readers.length === 0 || this.#deferred?.isRunning === true) return
    const readers = this.#readers
    this.#readers = []
    for (const reader of readers) reader()
  }

  #forget(): void {
    this.#plan = undefined
    this.#pieces = undefined
    this.#deferred = undefined
    this.#values = undefined
    this.#halves = undefined
    this.#cache = undefined
  }
}

/** Canonical field element of any integer. */
export function feltOf(value: Int): bigint {
  return toFelt(BigInt(value))
}

/** Integer of a canonical field element. */
export function fromFelt(value: bigint): Int {
  return normalizeInt(value)
}
