import { grown } from '../growable-column.ts'

const INITIAL_CAPACITY = 1024

/** Accesses to whole aligned words of one region, column by column, in the order of execution. */
export class WordAccesses {
  length = 0
  /** Address divided by 8. */
  word: Uint32Array = new Uint32Array(INITIAL_CAPACITY)
  /** Below 2^38. */
  memStep: Float64Array = new Float64Array(INITIAL_CAPACITY)
  isWrite: Uint8Array = new Uint8Array(INITIAL_CAPACITY)
  /** Halves of the value that is read or written. */
  low: Uint32Array = new Uint32Array(INITIAL_CAPACITY)
  high: Uint32Array = new Uint32Array(INITIAL_CAPACITY)

  push(word: number, memStep: number, isWrite: boolean, low: number, high: number): void {
    const i = this.length++
    if (i === this.word.length) {
      this.word = grown(this.word, i + 1)
      this.memStep = grown(this.memStep, i + 1)
      this.isWrite = grown(this.isWrite, i + 1)
      this.low = grown(this.low, i + 1)
      this.high = grown(this.high, i + 1)
    }
    this.word[i] = word
    this.memStep[i] = memStep
    this.isWrite[i] = isWrite ? 1 : 0
    this.low[i] = low
    this.high[i] = high
  }
}

const DIGIT_BITS = 15
const DIGITS = 1 << DIGIT_BITS

/** The order of the accesses by address; those of one word keep the order of execution. */
export function orderByWord({ word, length }: WordAccesses): Uint32Array {
  let order: Uint32Array = Uint32Array.from({ length }, (_, i) => i)
  let scratch: Uint32Array = new Uint32Array(length)
  // Two digits cover the 29 bits of a word address.
  for (const shift of [0, DIGIT_BITS]) {
    const starts = new Uint32Array(DIGITS + 1)
    for (let i = 0; i < length; i++) starts[((word[i]! >>> shift) & (DIGITS - 1)) + 1]!++
    for (let d = 0; d < DIGITS; d++) starts[d + 1]! += starts[d]!
    for (let i = 0; i < length; i++) {
      const access = order[i]!
      scratch[starts[(word[access]! >>> shift) & (DIGITS - 1)]!++] = access
    }
    ;[order, scratch] = [scratch, order]
  }
  return order
}
