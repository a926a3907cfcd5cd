import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createProject } from 'create-zisk'
import { REPO_ROOT } from '../workspace.ts'
import { HOME } from './build-and-run.ts'

/** Makes a project that finds the packages of this workspace as if they were installed; gives its folder. */
export function createLinkedProject(path: string, template: string): string {
  const { folder } = createProject({ path, template })
  mkdirSync(join(folder, 'node_modules/@zisk'), { recursive: true })
  for (const part of ['build', 'cli', 'guest', 'sdk'])
    symlinkSync(join(REPO_ROOT, 'packages', part), join(folder, 'node_modules/@zisk', part))
  return folder
}

/** Runs a project's own test, which builds, runs, proves and verifies its program. */
export function runProjectTest(folder: string): { status: number | null; output: string } {
  const flags = ['--conditions=zisk-source', '--import', import.meta.resolve('tsx')]
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, 'test/program.test.mjs'], {
    cwd: folder,
    env: { ...process.env, ZISK_HOME: HOME },
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}
