import { ZiskError } from '@zisk/core'

/** What can be wrong with a minimal trace. */
export type TraceErrorCode = 'TRACE_CORRUPT' | 'TRACE_TOO_LONG'

/** A minimal trace that does not fit its program, or that is too long to be counted. */
export class TraceError extends ZiskError<TraceErrorCode> {
  override readonly name: string = 'TraceError'
}
