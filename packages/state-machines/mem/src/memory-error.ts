import { ZiskError } from '@zisk/core'

/** Why memory cannot be proved. */
export type MemoryErrorCode = 'MEMORY_STEP_GAP' | 'MEMORY_UNDEFINED_WORD'

/** A run whose memory accesses the machines cannot hold. */
export class MemoryError extends ZiskError<MemoryErrorCode> {
  override readonly name = 'MemoryError'
}
