import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { REPO_ROOT } from '../src/workspace.ts'

/** Builds the workspace. @returns the script of the command */
export function buildCommand(): string {
  const { status } = spawnSync('npx', ['-y', 'pnpm@10', '-s', 'build'], { cwd: REPO_ROOT, stdio: 'inherit' })
  if (status !== 0) throw new Error('the build failed')
  return join(REPO_ROOT, 'packages/cli/dist/bin.js')
}
