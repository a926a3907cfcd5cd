import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and its parents, one at a time. Node's own way (`recursive`) never ends below `/proc`, and calls a
 * read-only disk a missing folder.
 *
 * @throws what `mkdirSync` throws: `EACCES`, `EROFS`, `ENOSPC`, `ENOTDIR`; `EEXIST` when a file has the name
 */
export function makeFolder(path: string): void {
  try {
    makeOne(path)
  } catch (error) {
    const parent = dirname(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error
    makeFolder(parent)
    makeOne(path)
  }
}

function makeOne(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
  }
}
