import { type ExitStatusName, ZiskError, type ZiskErrorOptions } from '@zisk/core'

/** Codes of failures that the command line itself finds. */
export type CliErrorCode =
  | 'EXPLAIN_UNKNOWN'
  | 'USAGE'
  | 'BAD_OPTION_VALUE'
  | 'FILE_NOT_FOUND'
  | 'FOLDER_NOT_FOUND'
  | 'FILE_NOT_READABLE'
  | 'FILE_NOT_WRITABLE'
  | 'FILE_TOO_LARGE'
  | 'NOT_A_FILE'
  | 'NOT_JSON'
  | 'STREAM_NOT_WRITABLE'
  | 'INTERRUPTED'

/** A failure of the command line: wrong usage, or a file that cannot be read or written. */
export class CliError extends ZiskError<CliErrorCode> {
  override readonly name = 'CliError'

  constructor(options: Omit<ZiskErrorOptions<CliErrorCode>, 'exitStatus'> & { readonly exitStatus?: ExitStatusName }) {
    super({ exitStatus: 'usage', ...options })
  }
}
