import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ZiskError } from '@zisk/core'
import { type Backend, type CacheOutcome, loadOrBuildSetup, type ProvingKey } from '@zisk/prover'
import { IS_SOURCE, type KeyOptions, PACKAGE_KEYS } from './package-keys.ts'

/** The proving key, where it came from, and what the code is that it and the commitments of programs are made with. */
interface LoadedKey {
  readonly key: ProvingKey
  readonly cache: CacheOutcome
  readonly madeWith: string
}

/** Loads or makes everything that proving needs of the machine. */
export async function loadProvingKey({ home }: KeyOptions, backend: Backend): Promise<LoadedKey> {
  if (!IS_SOURCE) {
    const loaded = await loadOrBuildSetup({ ...PACKAGE_KEYS, compile: () => packageDamaged(), backend })
    return { ...loaded, madeWith: packageVersion() }
  }
  const { compileMachine, machineIdentity } = await import('./compile-machine.ts')
  const directory = join(home, 'setup')
  const identity = machineIdentity()
  return { ...(await loadOrBuildSetup({ directory, identity, compile: compileMachine, backend })), madeWith: identity }
}

/** What the code is that executes, plans and fills the columns of runs. */
export async function runIdentity(): Promise<string> {
  return IS_SOURCE ? (await import('./compile-machine.ts')).runCodeIdentity() : packageVersion()
}

/** All packages share one version. A package is built into files beside each other: they lie one level below its root. */
function packageVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

function packageDamaged(): never {
  throw new ZiskError({
    code: 'PACKAGE_DAMAGED',
    message: 'the keys of this package expected, got none or damaged ones',
    where: PACKAGE_KEYS.directory,
    remedy: 'Install @zisk/sdk again.',
  })
}
