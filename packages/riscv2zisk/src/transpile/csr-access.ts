/**
 * Which CSRs exist, and what each is.
 *
 * A CSR below 0x800 is an ordinary memory word. From there on, counters and identification registers are memory words
 * too; ZisK's system interface takes other numbers; the rest does not exist.
 * Source: RISC-V privileged ISA, "CSR Listing"; ZisK v0.18 `definitions/src/syscall.rs`.
 */

import {
  FCALL_CSR_COUNT,
  FCALL_CSR_FIRST,
  FCALL_GET_CSR,
  FCALL_PARAM_CSR_FIRST,
  FCALL_PARAM_WORDS,
  PRECOMPILE_CSRS,
  SYSTEM_CSR_FIRST,
} from '@zisk/core'

/** What a CSR number stands for. */
export type CsrKind =
  | 'word'
  | 'readOnlyWord'
  | 'precompile'
  | 'profile'
  | 'fcall'
  | 'fcallParam'
  | 'fcallGet'
  | 'unknown'

/** Tags for the profiler travel through this number; they compute nothing. */
const PROFILE_CSR = 0x81a

/** mcycle, minstret, mhpmcounter3..31; cycle, time, instret, hpmcounter3..31; mvendorid..mconfigptr. */
const WORD_RANGES: readonly (readonly [first: number, last: number, kind: CsrKind])[] = [
  [0xb00, 0xb1f, 'word'],
  [0xc00, 0xc1f, 'readOnlyWord'],
  [0xf11, 0xf15, 'readOnlyWord'],
]

export function csrKind(csr: number): CsrKind {
  if (csr < SYSTEM_CSR_FIRST) return 'word'
  if (csr === PROFILE_CSR) return 'profile'
  if (PRECOMPILE_CSRS[csr] !== undefined) return 'precompile'
  if (csr >= FCALL_CSR_FIRST && csr < FCALL_CSR_FIRST + FCALL_CSR_COUNT) return 'fcall'
  if (csr >= FCALL_PARAM_CSR_FIRST && csr < FCALL_PARAM_CSR_FIRST + FCALL_PARAM_WORDS.length) return 'fcallParam'
  if (csr === FCALL_GET_CSR) return 'fcallGet'
  return WORD_RANGES.find(([first, last]) => csr >= first && csr <= last)?.[2] ?? 'unknown'
}
