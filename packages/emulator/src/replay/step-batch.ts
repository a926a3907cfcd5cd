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
  /** Index in the chunk's `reads` after the last word that the step recorded; the step before ends where it starts. */
  readonly readEnd: Uint32Array
  /** `readEnd` of the step before index 0. */
  readStart: number
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
    readEnd: new Uint32Array(capacity),
    readStart: 0,
  }
}
