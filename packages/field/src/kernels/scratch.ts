/**
 * The private memory of one worker: every worker that shares a memory brings its own scratch region, at the byte offset
 * that it gives as the imported global `env.scratch`. Offsets below are relative to it.
 */
export const SCRATCH = {
  /** 8 prepared multipliers of a butterfly, 32 bytes each. */
  twiddles: 0,
  /** 4 lazy differences of a butterfly, 32 bytes each. */
  differences: 256,
  /** Lazy or transposed state of a hash: 16 x 32 bytes. */
  state: 512,
  /** 512 wide rows of 512 bytes for the strided pass of a transform. */
  wideRows: 4096,
} as const

/** Size of the region in bytes; its offset must be a multiple of 64. */
export const SCRATCH_BYTES: number = SCRATCH.wideRows + 512 * 512
