import { join } from 'node:path'
import { ZiskError } from '@zisk/core'
import { type Backend, type CacheOutcome, loadOrBuildSetup, type ProvingKey } from '@zisk/prover'
import { IS_SOURCE, type KeyOptions, PACKAGE_KEYS } from './package-keys.ts'

/** Loads or makes everything that proving needs of the machine. */
export async function loadProvingKey(
  { home }: KeyOptions,
  backend: Backend,
): Promise<{ readonly key: ProvingKey; readonly cache: CacheOutcome }> {
  if (!IS_SOURCE) return loadOrBuildSetup({ ...PACKAGE_KEYS, compile: () => packageDamaged(), backend })
  const { compileMachine, machineIdentity } = await import('./compile-machine.ts')
  const directory = join(home, 'setup')
  return loadOrBuildSetup({ directory, identity: machineIdentity(), compile: compileMachine, backend })
}

function packageDamaged(): never {
  throw new ZiskError({
    code: 'PACKAGE_DAMAGED',
    message: 'the keys of this package expected, got none or damaged ones',
    where: PACKAGE_KEYS.directory,
    remedy: 'Install @zisk/sdk again.',
  })
}
