import { ZiskError } from './errors.ts'

/** Codes of files and folders that cannot be written. */
export type FileErrorCode = 'DIRECTORY_NOT_WRITABLE' | 'DISK_FULL'

/** A place that cannot be written. */
export class FileError extends ZiskError<FileErrorCode> {
  override readonly name = 'FileError'
}

/** There was no room for what was to be written at `path`; `got` is what said so. */
export function diskFull(got: string, path: string, cause: unknown): FileError {
  return new FileError({
    code: 'DISK_FULL',
    message: `room on the disk expected, got ${got}`,
    where: path,
    remedy: 'Make room and run the command again; nothing half-written is left, a download continues.',
    cause,
  })
}

/**
 * The error of a failed file operation: full disk and missing permission by name, anything else as it came.
 *
 * @param path what was to be written
 * @param remedy what to do when the place cannot be written
 */
export function fileError(error: unknown, path: string, remedy: string): unknown {
  const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown }
  // A file that is missing is another matter than a folder that cannot be made.
  if (code === 'ENOENT' && syscall !== 'mkdir') return error
  switch (code) {
    // EFBIG: over the file size limit of the process; EDQUOT: over the user's share of the disk.
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return diskFull(code, path, error)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOENT':
      return new FileError({
        code: 'DIRECTORY_NOT_WRITABLE',
        message: `a writable directory expected, got ${code}`,
        where: path,
        remedy,
        cause: error,
      })
    default:
      return error
  }
}
