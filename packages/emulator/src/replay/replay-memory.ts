/** The recorded words of a chunk in the place of memory: see the rule in `trace-chunk.ts`. */

import { extractLow, type OperandMemory } from '../interpreter/operand-memory.ts'
import { NO_WORD } from '../read-recorder.ts'

/** A word that narrow accesses do not record again, with its current value. */
interface KnownWord {
  /** Address as i32. */
  address: number
  low: number
  high: number
}

/** {@link OperandMemory} over the words of a chunk. Reads beyond the last word yield 0; the caller checks `taken`. */
export class ReplayMemory implements OperandMemory {
  high = 0
  /** Words touched since the caller set it to 0. */
  position = 0
  /** Recorded words taken. */
  taken = 0
  readonly #halves: Int32Array
  /** Receives the words touched, as halves. */
  readonly #touched: Int32Array | undefined
  readonly #lastRead: KnownWord = { address: NO_WORD, low: 0, high: 0 }
  readonly #lastWritten: KnownWord = { address: NO_WORD, low: 0, high: 0 }
  /** The word that {@link take} took last. */
  #w0 = 0
  #w1 = 0
  /** Two words in which a store replaces bytes. */
  readonly #bytes: DataView = new DataView(new ArrayBuffer(16))

  /** @param touched receives the words from `position` on */
  constructor(reads: BigUint64Array, touched?: BigUint64Array) {
    this.#halves = new Int32Array(reads.buffer, reads.byteOffset, 2 * reads.length)
    this.#touched =
      touched === undefined ? undefined : new Int32Array(touched.buffer, touched.byteOffset, 2 * touched.length)
  }

  readWord(_address: number): number {
    this.#take()
    this.high = this.#w1
    return this.#w0
  }

  read(addressLow: number, _addressHigh: number, width: number): number {
    const offset = addressLow & 7
    if (offset + width <= 8) {
      if (width === 8) return this.readWord(addressLow)
      this.#takeUnlessKnown(this.#lastRead, addressLow & -8)
      this.high = 0
      return extractLow(this.#w0, this.#w1, 0, offset, width)
    }
    this.#take()
    const [w0, w1] = [this.#w0, this.#w1]
    this.#take()
    this.high = width === 8 ? extractLow(w1, this.#w0, this.#w1, offset, 4) : 0
    return extractLow(w0, w1, this.#w0, offset, width)
  }

  writeWord(address: number, low: number, high: number): void {
    this.#replace(this.#lastRead, address, 8, low, high)
    this.#replace(this.#lastWritten, address, 8, low, high)
  }

  write(addressLow: number, _addressHigh: number, width: number, low: number, high: number): void {
    const offset = addressLow & 7
    if (offset + width > 8) {
      this.#take()
      this.#take()
    } else if (width !== 8) {
      this.#takeUnlessKnown(this.#lastWritten, addressLow & -8)
    }
    this.#replace(this.#lastRead, addressLow, width, low, high)
    this.#replace(this.#lastWritten, addressLow, width, low, high)
  }

  forgetWords(): void {
    this.#lastRead.address = NO_WORD
    this.#lastWritten.address = NO_WORD
  }

  #take(): void {
    const i = 2 * this.taken++
    this.#w0 = this.#half(i)
    this.#w1 = this.#half(i + 1)
    this.#touch()
  }

  /** A narrow access to one word. */
  #takeUnlessKnown(known: KnownWord, address: number): void {
    if (known.address !== address) {
      this.#take()
      known.address = address
      known.low = this.#w0
      known.high = this.#w1
      return
    }
    this.#w0 = known.low
    this.#w1 = known.high
    this.#touch()
  }

  #touch(): void {
    const i = 2 * this.position++
    const touched = this.#touched
    if (touched === undefined) return
    touched[i] = this.#w0
    touched[i + 1] = this.#w1
  }

  /** Brings a known word up to date after a store. */
  #replace(known: KnownWord, address: number, width: number, low: number, high: number): void {
    const at = (address - known.address) | 0
    if (at <= -8 || at >= 8) return
    // The store begins in this word or in the one before.
    const bytes = this.#bytes
    const word = at < 0 ? 8 : 0
    bytes.setInt32(word, known.low, true)
    bytes.setInt32(word + 4, known.high, true)
    const start = word + at
    if (width === 1) bytes.setInt8(start, low)
    else if (width === 2) bytes.setInt16(start, low, true)
    else bytes.setInt32(start, low, true)
    if (width === 8) bytes.setInt32(start + 4, high, true)
    known.low = bytes.getInt32(word, true)
    known.high = bytes.getInt32(word + 4, true)
  }

  #half(index: number): number {
    return index < this.#halves.length ? this.#halves[index]! : 0
  }
}
