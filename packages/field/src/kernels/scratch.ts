/**
 * The private memory of one worker: every worker that shares a memory brings its own scratch region, at the byte offset
 * that it gives as the imported global `env.scratch`. Offsets below are relative to it.
 */
export const SCRATCH = {
  /** 16 prepared multipliers of a butterfly, 32 bytes each. */
  twiddles: 0,
  /** 4 lazy differences of a butterfly, 32 bytes each. */
  differences: 512,
  /** 8 lazy sums of a butterfly of radix 16, and 8 differences times their roots. */
  sums: 640,
  rotated: 896,
  /** State of a hash: 16 lazy cells and 4 lazy sums, or 24 vectors of BLAKE3; 12 sums of digits of a combination. */
  state: 1152,
  /** Constants of Poseidon2, written once when the kernels are created. */
  poseidon2: 2048,
  /** 256 wide rows of 512 bytes for the strided pass of a transform. */
  wideRows: 12288,
} as const

/** Size of the region in bytes; its offset must be a multiple of 64. */
export const SCRATCH_BYTES: number = SCRATCH.wideRows + 256 * 512
