/** `pnpm bench zkvm-large`: runs of 2^20 and 2^22 steps of every guest, and one of 2^24 in shards within 6 GiB. Takes an hour. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const RUNS: readonly (readonly string[])[] = [
  ['--log-steps', '20,22'],
  ['--log-steps', '24', '--only', 'sha256-chain', '--max-memory', '6G'],
]

for (const argv of RUNS) {
  const script = join(import.meta.dirname, 'zkvm.bench.ts')
  const { status } = spawnSync(process.execPath, [...process.execArgv, script, ...argv, ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
