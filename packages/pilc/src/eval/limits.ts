/** Bounds of one compilation. Every one of them ends in a `PIL_LIMIT` error, never in a crash. */
export interface PilLimits {
  /** Statements executed by the interpreter. */
  readonly steps: number
  /** Loop rounds executed by compiled loops. */
  readonly rounds: number
  /** Nested function calls, AIR instances and included files. */
  readonly callDepth: number
  /** Length of one dimension of an array; elements exist only once assigned. */
  readonly arrayLength: number
  /** Assigned elements of all declared arrays, freed ones included. */
  readonly cells: number
  /** Rows of one column. */
  readonly rows: number
  /** Columns and values of the whole program. */
  readonly columns: number
  /** Nodes of the expression graph. */
  readonly expressions: number
  /** Expression nodes moved by row offsets: each round of `e = e' + x` moves all that the last one made. */
  readonly shiftedNodes: number
  /** Bytes of fixed columns that were written row by row. */
  readonly fixedBytes: number
  readonly textLength: number
  readonly rowOffset: number
  /** Errors reported before the compiler gives up. */
  readonly errors: number
}

/** Far above what the largest published programs need. */
export const DEFAULT_LIMITS: PilLimits = {
  steps: 200_000_000,
  rounds: 4_000_000_000,
  callDepth: 200,
  arrayLength: 2 ** 28,
  cells: 100_000_000,
  rows: 2 ** 28,
  columns: 2 ** 20,
  expressions: 20_000_000,
  shiftedNodes: 1_000_000,
  fixedBytes: 8 * 2 ** 30,
  textLength: 1 << 20,
  rowOffset: 4096,
  errors: 20,
}
