import { MAX_WORDS_PER_STEP } from '../trace-chunk.ts'

/**
 * Consecutive steps of a replay, column by column. A batch is reused: who wants to keep a value copies it.
 */
export interface StepBatch {
  /** Step number of index 0. */
  firstStep: number
  /** Steps in it; the columns hold more. */
  length: number
  /** Row of the instruction in the ROM's table. */
  readonly row: Int32Array
  /** Operands and result as pairs of 32-bit halves, low half first: indexes `2 * i` and `2 * i + 1`. */
  readonly a: Int32Array
  readonly b: Int32Array
  readonly c: Int32Array
  /** 0 or 1. */
  readonly flag: Uint8Array
  /** The words that the steps touched, in the order of `trace-chunk.ts`: those recorded and those known. */
  readonly words: BigUint64Array
  /** Index in `words` after the last word of the step. The step before ends where it starts, the first starts at 0. */
  readonly wordEnd: Uint32Array
}

/** An empty batch with room for `capacity` steps. */
export function createStepBatch(capacity: number): StepBatch {
  return {
    firstStep: 0,
    length: 0,
    row: new Int32Array(capacity),
    a: new Int32Array(2 * capacity),
    b: new Int32Array(2 * capacity),
    c: new Int32Array(2 * capacity),
    flag: new Uint8Array(capacity),
    words: new BigUint64Array(MAX_WORDS_PER_STEP * capacity),
    wordEnd: new Uint32Array(capacity),
  }
}
