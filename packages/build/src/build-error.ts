import { diskFull, type ExitStatusName, fileError, ZiskError, type ZiskErrorOptions } from '@zisk/core'

/** Codes of failures while a guest program is built or a toolchain installed. */
export type BuildErrorCode =
  | 'COMPILE_FAILED'
  | 'CONFIG_INVALID'
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

/** {@link fileError} of something that a build or an installation writes. */
export function writeError(error: unknown, path: string): unknown {
  const remedy = 'Choose another place: --output for an ELF, the environment variable ZISK_HOME for toolchains.'
  return fileError(error, path, remedy)
}

/** What compilers say when the disk, the user's share of it, or the allowed size of a file is used up. */
const DISK_FULL = /no space left on device|nospaceleft|disk quota exceeded|file too large/i

/**
 * The error of a tool that failed: a full disk when its messages say so, else the given one.
 *
 * @param output what the tool said
 * @param path what it was to write
 */
export function toolFailure(output: string, path: string, otherwise: BuildError): unknown {
  const [said] = DISK_FULL.exec(output) ?? []
  return said === undefined ? otherwise : diskFull(said, path, otherwise)
}
