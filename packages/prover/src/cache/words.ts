/** Lists of 32-bit words as bytes, little-endian: typed arrays are read without looking at their words. */

/** Collects words. */
export class WordWriter {
  readonly #words: number[] = []

  /** Signed or unsigned words. */
  word(...values: readonly number[]): void {
    for (const value of values) this.#words.push(value)
  }

  /** Words with their number before them. */
  list(values: ArrayLike<number>): void {
    this.#words.push(values.length)
    for (let i = 0; i < values.length; i++) this.#words.push(values[i]!)
  }

  finish(): Uint8Array {
    return new Uint8Array(Int32Array.from(this.#words).buffer)
  }
}

/** Reads what a {@link WordWriter} wrote. */
export class WordReader {
  readonly #words: Int32Array
  #at = 0

  /** @throws {RangeError} when the bytes are no words. */
  constructor(bytes: Uint8Array) {
    if (bytes.length % 4 !== 0) throw new RangeError(`a multiple of 4 bytes expected, got ${bytes.length}`)
    this.#words = new Int32Array(new Uint8Array(bytes).buffer)
  }

  /** A signed word. @throws {RangeError} at the end. */
  word(): number {
    if (this.#at === this.#words.length) throw new RangeError('a word expected, got the end')
    return this.#words[this.#at++]!
  }

  /** A number of things that take at least a word each. @throws {RangeError} when there are fewer words left. */
  count(): number {
    const count = this.word()
    if (count < 0 || count > this.#words.length - this.#at)
      throw new RangeError(`at most ${this.#words.length - this.#at} words expected, got ${count}`)
    return count
  }

  /** Words behind their number. @throws {RangeError} when there are fewer. */
  list(): Int32Array {
    const count = this.count()
    this.#at += count
    return this.#words.subarray(this.#at - count, this.#at)
  }

  /** @throws {RangeError} when words are left. */
  end(): void {
    const left = this.#words.length - this.#at
    if (left > 0) throw new RangeError(`the end expected, got ${left} words`)
  }
}
