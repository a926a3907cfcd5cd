import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Folder of the standard library: beside the built code, in a checkout `pil/std`. */
export function standardLibrary(): string {
  const packaged = fileURLToPath(new URL('./std', import.meta.url))
  return existsSync(packaged) ? packaged : fileURLToPath(new URL('../../../pil/std', import.meta.url))
}
