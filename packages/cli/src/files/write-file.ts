import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { CliError } from '../cli-error.ts'

/**
 * Writes a whole file or nothing: the bytes go to a neighbour first, which then takes the name.
 * Devices and pipes (`/dev/stdout`) are written directly, since they cannot be replaced.
 *
 * @throws {CliError} when the target cannot be written; an older file of that name is then untouched
 */
export function writeUserFile(path: string, bytes: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    if (path.startsWith('/dev/')) {
      writeFileSync(path, bytes)
      return
    }
    writeFileSync(temporary, bytes)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new CliError({
      code: 'FILE_NOT_WRITABLE',
      message: `output file expected to be writable, got ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
      where: path,
      remedy: 'Check that the directory exists, is writable and has room.',
      exitStatus: 'failed',
      cause: error,
    })
  }
}
