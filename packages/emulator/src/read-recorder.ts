/**
 * Where an executor writes the recorded words of the current chunk. The buffer is the caller's: the interpreter's own, or
 * the trace area of guest memory.
 */

/** In the place of the address of a word: none has been accessed. */
export const NO_WORD = 0

/** A growing list of 64-bit words as pairs of 32-bit halves, low half first. */
export class ReadRecorder {
  readonly #halves: Int32Array
  /** Addresses of the words that narrow accesses read and wrote last in this chunk, as i32. */
  lastRead: number = NO_WORD
  lastWritten: number = NO_WORD
  /** Number of halves written: twice the number of words. */
  #length = 0

  /** @param halves room for twice as many halves as words can be recorded */
  constructor(halves: Int32Array) {
    this.#halves = halves
  }

  /** Where the area starts in its buffer, in bytes. */
  get byteOffset(): number {
    return this.#halves.byteOffset
  }

  /** Words recorded. */
  get wordCount(): number {
    return this.#length / 2
  }

  /** Continues after the first `count` words. */
  set wordCount(count: number) {
    this.#length = 2 * count
  }

  /** Starts a new chunk. */
  restart(): void {
    this.#length = 0
    this.forgetWords()
  }

  /** The next narrow accesses are recorded whatever word they are to. */
  forgetWords(): void {
    this.lastRead = NO_WORD
    this.lastWritten = NO_WORD
  }

  push(low: number, high: number): void {
    this.#halves[this.#length] = low
    this.#halves[this.#length + 1] = high
    this.#length += 2
  }

  /** The words recorded, where they are: overwritten by those of the next chunk. */
  view(): BigUint64Array {
    return new BigUint64Array(this.#halves.buffer, this.#halves.byteOffset, this.wordCount)
  }

  /** A copy of the words recorded in memory that worker threads can share. */
  copy(): BigUint64Array {
    const copy = new BigUint64Array(new SharedArrayBuffer(8 * this.wordCount))
    copy.set(this.view())
    return copy
  }
}
