import { type ExitStatusName, ZiskError, type ZiskErrorOptions } from '@zisk/core'

/** Codes of failures while a guest program is built or a toolchain installed. */
export type BuildErrorCode =
  | 'COMPILE_FAILED'
  | 'CONFIG_INVALID'
  | 'DIRECTORY_NOT_WRITABLE'
  | 'DISK_FULL'
  | 'DOWNLOAD_CORRUPT'
  | 'DOWNLOAD_FAILED'
  | 'INTERRUPTED'
  | 'LINK_FAILED'
  | 'PROJECT_NOT_FOUND'
  | 'TOOLCHAIN_MISSING'
  | 'TOOLCHAIN_NOT_FOR_PLATFORM'

/** A guest program that could not be built, or a toolchain that could not be installed. */
export class BuildError extends ZiskError<BuildErrorCode> {
  override readonly name = 'BuildError'

  constructor(
    options: Omit<ZiskErrorOptions<BuildErrorCode>, 'exitStatus'> & { readonly exitStatus?: ExitStatusName },
  ) {
    super({ exitStatus: 'failed', ...options })
  }
}

/** Throws when the work was cancelled. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw interrupted(signal.reason)
}

/** The error of cancelled work. What was finished before is kept, so that running again continues. */
export function interrupted(cause: unknown): BuildError {
  return new BuildError({
    code: 'INTERRUPTED',
    message: 'the work was interrupted',
    remedy: 'Run the command again: it continues with what is already there.',
    exitStatus: 'interrupted',
    cause,
  })
}

/**
 * The error of a failed file operation: full disk and missing permission by name, anything else as it came.
 *
 * @param path what was to be written
 */
export function fileError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  switch (code) {
    // EFBIG: over the file size limit of the process; EDQUOT: over the user's share of the disk.
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new BuildError({
        code: 'DISK_FULL',
        message: `room on the disk expected, got ${code}`,
        where: path,
        remedy: 'Make room and run the command again; nothing half-written is left, a download continues.',
        cause: error,
      })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return new BuildError({
        code: 'DIRECTORY_NOT_WRITABLE',
        message: `a writable directory expected, got ${code}`,
        where: path,
        remedy: 'Choose another place: --output for an ELF, the environment variable ZISK_HOME for toolchains.',
        cause: error,
      })
    default:
      return error
  }
}
