/**
 * The keys of the machine that runs are proven with. A published package carries them as data, made when it was built by
 * `scripts/write-keys.ts`; a source checkout makes them from the PIL text and keeps them in the user's folder.
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ZiskError } from '@zisk/core'
import type { ProvingKey } from '@zisk/prover'
import { type Backend, type CacheOutcome, createInlineEngine, createWasmBackend, loadOrBuildSetup } from '@zisk/prover'
import { type PreparedKey, prepareVerifyingKey } from '@zisk/verifier'

const isSource: boolean = import.meta.url.endsWith('.ts')

/** Folder of a package's keys, and what they are filed under. */
export const PACKAGE_KEYS: { readonly directory: string; readonly identity: string } = {
  directory: fileURLToPath(new URL('../keys/', import.meta.url)),
  identity: 'package',
}
/** Name of the verifying key in that folder. */
export const VERIFYING_KEY_FILE = 'zisk.vkey'

/** Where keys come from. */
export interface KeyOptions {
  /** The user's folder. */
  readonly home: string
}

/** Loads or makes everything that proving needs of the machine. */
export async function loadProvingKey(
  { home }: KeyOptions,
  backend: Backend,
): Promise<{ readonly key: ProvingKey; readonly cache: CacheOutcome }> {
  if (!isSource) return loadOrBuildSetup({ ...PACKAGE_KEYS, compile: () => packageDamaged(), backend })
  const { compileMachine, machineIdentity } = await import('./compile-machine.ts')
  const directory = join(home, 'setup')
  return loadOrBuildSetup({ directory, identity: machineIdentity(), compile: compileMachine, backend })
}

/** Loads what verifying needs of the machine: in a package, one small file. */
export async function loadVerifyingKey(options: KeyOptions): Promise<PreparedKey> {
  if (!isSource) return prepareVerifyingKey(await readFile(join(PACKAGE_KEYS.directory, VERIFYING_KEY_FILE)))
  const { key } = await loadProvingKey(options, createWasmBackend(createInlineEngine()))
  return key.prepared
}

function packageDamaged(): never {
  throw new ZiskError({
    code: 'PACKAGE_DAMAGED',
    message: 'the keys of this package expected, got none or damaged ones',
    where: PACKAGE_KEYS.directory,
    remedy: 'Install @zisk/sdk again.',
  })
}
