import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the translator's own code: when a file in it changes, older translations are stale. */
export function translatorFolder(): string {
  return dirname(fileURLToPath(import.meta.url))
}
