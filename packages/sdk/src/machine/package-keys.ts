/**
 * The keys of the machine that runs are proven with. A published package carries them as data, made when it was built by
 * `scripts/write-keys.ts`; a source checkout makes them from the PIL text and keeps them in the user's folder.
 */

import { fileURLToPath } from 'node:url'

/** Whether this is a source checkout. */
export const IS_SOURCE: boolean = import.meta.url.endsWith('.ts')

/** Folder of a package's keys, beside the file that this module is built into, and what they are filed under. */
export const PACKAGE_KEYS: { readonly directory: string; readonly identity: string } = {
  directory: fileURLToPath(new URL('./keys/', import.meta.url)),
  identity: 'package',
}
/** Name of the verifying key in that folder. */
export const VERIFYING_KEY_FILE = 'zisk.vkey'

/** Where keys come from. */
export interface KeyOptions {
  /** The user's folder. */
  readonly home: string
}
