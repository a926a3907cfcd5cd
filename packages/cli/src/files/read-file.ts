import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { ZiskError } from '@zisk/core'
import { CliError } from '../cli-error.ts'
import { MAX_CONTENT_BYTES, readDescriptor, tooLarge } from './read-descriptor.ts'

/**
 * Reads a whole file that the user named.
 *
 * @param what role of the file in messages, such as `ELF` or `input`
 * @throws {CliError} when it is missing, a directory, unreadable or too large
 */
export function readUserFile(path: string, what: string): Uint8Array {
  try {
    const stat = statSync(path)
    if (stat.isDirectory()) {
      throw new CliError({
        code: 'NOT_A_FILE',
        message: `${what} expected a file, got a directory`,
        where: path,
        remedy: `Name the ${what} file itself.`,
      })
    }
    if (stat.size > MAX_CONTENT_BYTES) throw tooLarge(what, path, stat.size, MAX_CONTENT_BYTES)
    return stat.isFile() ? new Uint8Array(readFileSync(path)) : readEndless(path, what)
  } catch (error) {
    if (error instanceof CliError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new CliError({
        code: 'FILE_NOT_FOUND',
        message: `${what} file expected, got a path that does not exist`,
        where: path,
        remedy: 'Check the path; it is taken relative to the current directory.',
        cause: error,
      })
    }
    throw new CliError({
      code: 'FILE_NOT_READABLE',
      message: `${what} file expected to be readable, got ${code ?? message}`,
      where: path,
      remedy: 'Check its permissions.',
      cause: error,
    })
  }
}

/** A pipe or device, whose size nobody knows. */
function readEndless(path: string, what: string): Uint8Array {
  const descriptor = openSync(path, 'r')
  try {
    return readDescriptor(descriptor, what, path)
  } finally {
    closeSync(descriptor)
  }
}

/** @throws {CliError} FOLDER_NOT_FOUND when a folder that the user named is none */
export function requireFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return
  throw new CliError({
    code: 'FOLDER_NOT_FOUND',
    message: 'folder of included files expected, got a path that is none',
    where: path,
    remedy: 'Check the path given with -I; it is taken relative to the current directory.',
  })
}

/**
 * Does work on the content of a file; an error that says where in the content it is says also in which file.
 *
 * @param path `undefined` when the content is from no file
 */
export function inFile<T>(path: string | undefined, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (path === undefined || !(error instanceof ZiskError) || error instanceof CliError) throw error
    const { code, message, where, remedy, details, exitStatus } = error
    const place = where === undefined ? path : `${path}: ${where}`
    throw new ZiskError({ code, message, where: place, remedy, details, exitStatus, cause: error })
  }
}

/**
 * Parses the bytes of a file that has to be JSON.
 *
 * @throws {CliError} when they are not
 */
export function parseUserJson(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new CliError({
      code: 'NOT_JSON',
      message: `JSON expected, got ${error instanceof Error ? error.message : String(error)}`,
      where: path,
      remedy: 'Check the file; a name that ends in .json is read as JSON.',
      cause: error,
    })
  }
}
