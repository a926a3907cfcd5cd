import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
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
    throw notWritable('file', path, error)
  }
}

/**
 * Finds out before long work whether its result will have a place, and takes the place of nothing that is read.
 *
 * @param option that names the file, for messages
 * @param path `undefined` when no such file was asked for
 * @param inputs files that the command reads; `-` and `undefined` are none
 * @throws {CliError} when the folder of the file is missing or cannot be written, or the file is a folder or an input
 */
export function checkOutputFile(
  option: string,
  path: string | undefined,
  inputs: readonly (string | undefined)[] = [],
): void {
  if (path === undefined) return
  const clash = inputs.find((input) => input !== undefined && input !== '-' && isSameFile(input, path))
  if (clash !== undefined) {
    throw new CliError({
      code: 'USAGE',
      message: `${option} expected a file of its own, got '${clash}', which is read`,
      where: option,
      remedy: 'Name another file for the output.',
    })
  }
  try {
    accessSync(dirname(path), constants.W_OK)
  } catch (error) {
    throw notWritable('file', path, error)
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw notWritable('file', path, 'a folder')
}

/** Whether two paths lead to one file, by whatever links. */
function isSameFile(x: string, y: string): boolean {
  const [first, second] = [x, y].map((path) => statSync(path, { throwIfNoEntry: false }))
  if (first === undefined || second === undefined) return resolve(x) === resolve(y)
  return first.dev === second.dev && first.ino === second.ino
}

/**
 * Makes a folder for output files, with its parents, where it does not exist.
 *
 * @throws {CliError} FILE_NOT_WRITABLE
 */
export function makeUserFolder(path: string): void {
  if (existsSync(path)) return
  const parent = dirname(path)
  if (parent !== path) makeUserFolder(parent)
  try {
    // One level at a time: the recursive form of Node never ends where a file system refuses new names.
    mkdirSync(path)
  } catch (error) {
    throw notWritable('folder', path, error)
  }
}

function notWritable(what: string, path: string, error: unknown): CliError {
  return new CliError({
    code: 'FILE_NOT_WRITABLE',
    message: `output ${what} expected to be writable, got ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    where: path,
    remedy: 'Check that the path names a file in a directory that exists, is writable and has room.',
    exitStatus: 'failed',
    cause: error,
  })
}
