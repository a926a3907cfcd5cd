/** Finding sources; writing so that a reader, or the next run, sees a whole file or none. */

import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { makeFolder } from '@zisk/core/make-folder'
import { writeError } from './build-error.ts'

const NOT_SOURCES = new Set(['build', 'node_modules', 'target', 'test', 'tests', 'zig-out', '.zig-cache', '.git'])

/** All files below a folder, without outputs and hidden folders. */
export function filesBelow(folder: string, top: string = folder): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (!entry.isDirectory()) return entry.isFile() ? [path] : []
    const skipped = entry.name.startsWith('.') || (NOT_SOURCES.has(entry.name) && relative(top, folder) === '')
    return skipped ? [] : filesBelow(path, top)
  })
}

/** A neighbour of a file that takes its name once it is complete. */
export const temporaryName = (path: string): string => `${path}.${process.pid}.tmp`

/** Removes a file; when even that fails, the failure before it is what matters. */
export function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {}
}

/**
 * Lets `write` fill a temporary file, which then takes the name of `path`; the folder is created.
 *
 * @throws {BuildError} when the place is not writable or full; an older file of that name is then untouched
 */
export async function replaceFile(path: string, write: (temporary: string) => void | Promise<void>): Promise<void> {
  const temporary = temporaryName(path)
  try {
    makeFolder(dirname(path))
    await write(temporary)
    renameSync(temporary, path)
  } catch (error) {
    removeIfThere(temporary)
    throw writeError(error, path)
  }
}

/** {@link replaceFile} with a text. */
export function replaceText(path: string, text: string): Promise<void> {
  return replaceFile(path, (temporary) => writeFileSync(temporary, text))
}
