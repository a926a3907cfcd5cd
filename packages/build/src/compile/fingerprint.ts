/** Whether a file is still what it was: by size and time first, by content where those changed. */

import { readFileSync, statSync } from 'node:fs'
import { blake3 } from '@noble/hashes/blake3.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** What a build remembers of a file that it read. */
export interface Fingerprint {
  readonly path: string
  readonly size: number
  readonly modifiedMs: number
  readonly hash: string
}

/** BLAKE3 of some texts, each set off from the next. */
export function hashTexts(...texts: readonly string[]): string {
  return bytesToHex(blake3(new TextEncoder().encode(JSON.stringify(texts))))
}

const hashFile = (path: string): string => bytesToHex(blake3(new Uint8Array(readFileSync(path))))

/** The fingerprint of a file as it is now. */
export function fingerprint(path: string): Fingerprint {
  const { size, mtimeMs } = statSync(path)
  return { path, size, modifiedMs: mtimeMs, hash: hashFile(path) }
}

/** Whether the file still has the content that was remembered; `false` when it is gone. */
export function isUnchanged(old: Fingerprint): boolean {
  const now = statSync(old.path, { throwIfNoEntry: false })
  if (now === undefined || now.size !== old.size) return false
  return now.mtimeMs === old.modifiedMs || hashFile(old.path) === old.hash
}
