/** Whether a file or folder is still what it was: by size and time first, by content where those changed. */

import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { relative } from 'node:path'
import { z } from 'zod'
import { filesBelow } from '../files.ts'

/** What a build remembers of a file that it read, of one that it looked for in vain, or of the names in a folder. */
export interface Fingerprint {
  readonly path: string
  /** Bytes of a file, entries of a folder, -1 of what was not there. */
  readonly size: number
  readonly modifiedMs: number
  readonly hash: string
}

export const fingerprintSchema: z.ZodType<Fingerprint> = z.object({
  path: z.string(),
  size: z.number(),
  modifiedMs: z.number(),
  hash: z.string(),
})

/** SHA-256 of some texts, each set off from the next, in hex digits. */
export function hashTexts(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex')
}

const hashFile = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

/** The fingerprint of a file as it is now. */
export function fingerprint(path: string): Fingerprint {
  const { size, mtimeMs } = statSync(path)
  return { path, size, modifiedMs: mtimeMs, hash: hashFile(path) }
}

/** {@link fingerprint} of a file that need not be there: that it is missing is remembered too. */
export function fingerprintIfThere(path: string): Fingerprint {
  const found = statSync(path, { throwIfNoEntry: false })?.isFile() === true
  return found ? fingerprint(path) : { path, size: -1, modifiedMs: 0, hash: '' }
}

/** The fingerprint of a folder: the names of the files below it, not their contents. */
export function fingerprintNames(folder: string): Fingerprint {
  const names = filesBelow(folder)
    .map((file) => relative(folder, file))
    .sort()
  return { path: folder, size: names.length, modifiedMs: 0, hash: hashTexts(...names) }
}

/** Whether the file or folder still is what was remembered. */
export function isUnchanged(old: Fingerprint): boolean {
  const now = statSync(old.path, { throwIfNoEntry: false })
  if (now === undefined || old.size === -1) return now === undefined && old.size === -1
  if (now.isDirectory()) return fingerprintNames(old.path).hash === old.hash
  if (now.size !== old.size) return false
  return now.mtimeMs === old.modifiedMs || hashFile(old.path) === old.hash
}
