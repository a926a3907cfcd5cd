/**
 * Where an executor writes the recorded words of the current chunk. The buffer is the caller's: the interpreter's own, or
 * the trace area of guest memory.
 */

import type { ChunkBuffers } from './chunk-buffers.ts'

/** A growing list of 64-bit words as pairs of 32-bit halves, low half first. */
export class ReadRecorder {
  readonly #halves: Int32Array
  /** Number of halves written: twice the number of words. */
  #length = 0

  /** @param halves room for twice as many halves as words can be recorded */
  constructor(halves: Int32Array) {
    this.#halves = halves
  }

  /** Words recorded. */
  get wordCount(): number {
    return this.#length / 2
  }

  /** Continues after the first `count` words: 0 starts a new chunk. */
  set wordCount(count: number) {
    this.#length = 2 * count
  }

  push(low: number, high: number): void {
    this.#halves[this.#length] = low
    this.#halves[this.#length + 1] = high
    this.#length += 2
  }

  /** A copy of the first `count` words in memory that worker threads can share, from `buffers` when given. */
  take(count: number, buffers?: ChunkBuffers): BigUint64Array {
    const copy = buffers?.acquire(count) ?? new BigUint64Array(new SharedArrayBuffer(8 * count))
    new Int32Array(copy.buffer, copy.byteOffset, 2 * count).set(this.#halves.subarray(0, 2 * count))
    return copy
  }
}
