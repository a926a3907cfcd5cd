import { ZiskError } from '@zisk/core'

/** Why a run has no witness. */
export type ExecutorErrorCode = 'RUN_NOT_EXITED' | 'OPERATION_WITHOUT_MACHINE' | 'WITNESS_FAILED' | 'PLAN_INVALID'

/** A run that cannot be proved. */
export class ExecutorError extends ZiskError<ExecutorErrorCode> {
  override readonly name = 'ExecutorError'
}
