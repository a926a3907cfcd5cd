import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PreparedKey, prepareVerifyingKey } from '@zisk/verifier'
import { IS_SOURCE, type KeyOptions, PACKAGE_KEYS, VERIFYING_KEY_FILE } from './package-keys.ts'

/** Loads what verifying needs of the machine: in a package one small file, so that nothing of the prover is loaded. */
export async function loadVerifyingKey(options: KeyOptions): Promise<PreparedKey> {
  if (!IS_SOURCE) return prepareVerifyingKey(await readFile(join(PACKAGE_KEYS.directory, VERIFYING_KEY_FILE)))
  const { createInlineEngine, createWasmBackend } = await import('@zisk/prover')
  const { loadProvingKey } = await import('./proving-key.ts')
  const { key } = await loadProvingKey(options, createWasmBackend(createInlineEngine()))
  return key.prepared
}
