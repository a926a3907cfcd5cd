import { type ErrorDetail, ZiskError } from '@zisk/core'
import { type Span, spanLabel } from './source-file.ts'

/** What can be wrong with a PIL program. */
export type PilErrorCode =
  | 'PIL_SYNTAX'
  | 'PIL_FILE_NOT_FOUND'
  | 'PIL_INCLUDE_CYCLE'
  | 'PIL_NAME_UNKNOWN'
  | 'PIL_NAME_TAKEN'
  | 'PIL_TYPE'
  | 'PIL_ARGUMENT'
  | 'PIL_CONST_ASSIGNED'
  | 'PIL_UNASSIGNED'
  | 'PIL_INDEX'
  | 'PIL_ARITHMETIC'
  | 'PIL_CONTEXT'
  | 'PIL_SEQUENCE'
  | 'PIL_CONSTRAINT'
  | 'PIL_USER_ERROR'
  | 'PIL_ASSERT'
  | 'PIL_LIMIT'
  | 'PIL_UNSUPPORTED'
  | 'PIL_COMPILE_FAILED'

/** One step of the way from the program to the place of an error. */
export interface TrailStep {
  /** What was entered: `function f`, `AIR Main`, `include "x.pil"`. */
  readonly what: string
  /** Where it was entered from. */
  readonly span: Span
  /** True for a function call; false for an AIR, an airgroup or a file. */
  readonly isCall?: boolean
}

/** An error in a PIL program, with its place, the source line under a caret, and the call trail. */
export class PilError extends ZiskError<PilErrorCode> {
  override readonly name = 'PilError'
  readonly span: Span | undefined
  readonly trail: readonly TrailStep[]

  constructor(options: {
    readonly code: PilErrorCode
    readonly message: string
    readonly span?: Span | undefined
    readonly trail?: readonly TrailStep[]
    readonly remedy?: string | undefined
    readonly details?: Readonly<Record<string, ErrorDetail>>
    readonly cause?: unknown
  }) {
    const { span, trail = [] } = options
    super({
      code: options.code,
      message: options.message,
      where: span === undefined ? undefined : spanLabel(span),
      remedy: options.remedy,
      details: { ...options.details, trail: trail.map((step) => `${step.what} at ${spanLabel(step.span)}`) },
      cause: options.cause,
      exitStatus: options.code === 'PIL_LIMIT' ? 'limitReached' : 'failed',
    })
    this.span = span
    this.trail = trail
  }
}

/** Thrown after an error that is already reported, to leave what depends on it; never shown. */
export class PoisonSignal extends Error {
  override readonly name = 'PoisonSignal'
}
