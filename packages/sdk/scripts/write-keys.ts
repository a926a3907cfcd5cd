/** Writes the keys of the machine into the built package. The package must not depend on what is in a user's folder. */

import { rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createInlineEngine, createWasmBackend, loadOrBuildSetup } from '@zisk/prover'
import { compileMachine } from '../src/machine/compile-machine.ts'
import { PACKAGE_KEYS, VERIFYING_KEY_FILE } from '../src/machine/package-keys.ts'

const directory = fileURLToPath(new URL('../dist/keys/', import.meta.url))
rmSync(directory, { recursive: true, force: true })
const backend = createWasmBackend(createInlineEngine())
const { identity } = PACKAGE_KEYS
const { key, cache } = await loadOrBuildSetup({ directory, identity, compile: compileMachine, backend })
if (cache !== 'stored') throw new Error(`keys expected to be written to ${directory}, got '${cache}'`)
writeFileSync(`${directory}${VERIFYING_KEY_FILE}`, key.verifyingKey)
