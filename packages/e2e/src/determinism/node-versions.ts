/** Proves fixed runs under other versions of Node, whose binaries come from the npm package `node`. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { REPO_ROOT } from '../workspace.ts'
import type { Way } from './proof-digests.ts'

/** What the script prints. */
export interface PrintedDigests {
  /** `process.version` of the process that proved. */
  readonly node: string
  /** By run and way. */
  readonly digests: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const SCRIPT = join(REPO_ROOT, 'packages/e2e/scripts/proof-digests.ts')

/** Where `npx` keeps the binary of a version; fetched when it is not there. */
export function nodeBinary(major: number): string {
  const run = spawnSync('npx', ['-y', '-p', `node@${major}`, 'node', '-p', 'process.execPath'], { encoding: 'utf8' })
  const path = run.stdout.trim()
  if (run.status !== 0 || path === '')
    throw new Error(
      `Node ${major} could not be fetched with \`npx -y -p node@${major} node\`: check that the npm registry is reachable\n${run.stderr}`,
    )
  return path
}

/** Proves the runs under a binary of Node in the given ways. */
export function runUnder(binary: string, ways: readonly Way[]): PrintedDigests {
  const args = ['--conditions=zisk-source', '--import', 'tsx', SCRIPT, ...ways]
  // No options of the caller's process: they may not exist in the other version.
  const env = { ...process.env, NODE_OPTIONS: '' }
  const run = spawnSync(binary, args, { cwd: REPO_ROOT, encoding: 'utf8', env })
  if (run.status !== 0) throw new Error(`${binary} ${SCRIPT} ended with status ${run.status}:\n${run.stderr}`)
  return JSON.parse(run.stdout)
}
