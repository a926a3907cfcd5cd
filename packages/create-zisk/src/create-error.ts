import { type ExitStatusName, ZiskError, type ZiskErrorOptions } from '@zisk/core'

/** Codes of failures while a project is made. */
export type CreateErrorCode = 'NAME_INVALID' | 'NAME_TAKEN' | 'TEMPLATE_UNKNOWN'

/** A project that was not made; nothing was written. */
export class CreateError extends ZiskError<CreateErrorCode> {
  override readonly name = 'CreateError'

  constructor(options: Omit<ZiskErrorOptions<CreateErrorCode>, 'exitStatus'> & { exitStatus?: ExitStatusName }) {
    super({ exitStatus: 'usage', ...options })
  }
}
