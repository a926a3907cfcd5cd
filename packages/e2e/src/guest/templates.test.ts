import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProject, TEMPLATES } from 'create-zisk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REPO_ROOT } from '../workspace.ts'
import { build, HOME } from './build-and-run.ts'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-templates-'))
})
afterAll(() => rmSync(work, { recursive: true }))

/** Makes a project that finds the packages of this workspace as if they were installed. */
function create(name: string, template: string): string {
  const { folder } = createProject({ path: join(work, name), template })
  mkdirSync(join(folder, 'node_modules/@zisk'), { recursive: true })
  for (const part of ['build', 'cli', 'guest', 'sdk'])
    symlinkSync(join(REPO_ROOT, 'packages', part), join(folder, 'node_modules/@zisk', part))
  return folder
}

/** Runs the project's own test. */
function runTest(folder: string): { status: number | null; output: string } {
  const flags = ['--conditions=zisk-source', '--import', import.meta.resolve('tsx')]
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, 'test/program.test.mjs'], {
    cwd: folder,
    env: { ...process.env, ZISK_HOME: HOME },
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

describe('a new project builds, runs, proves and verifies', () => {
  test.each(TEMPLATES.filter((template) => template !== 'rust'))('%s', (template) => {
    const { status, output } = runTest(create(template, template))
    expect(output).toMatch(/^# pass 3$/m)
    expect(status).toBe(0)
  })

  test('rust, where there is a toolchain for it; where there is none, the error says what to install', async () => {
    const folder = create('rust', 'rust')
    const built = await build(folder).catch((error: unknown) => error)
    if (built instanceof Error) {
      expect(built).toMatchObject({
        code: 'TOOLCHAIN_MISSING',
        remedy: expect.stringContaining('rustup toolchain install nightly --profile minimal --component rust-src'),
      })
      return
    }
    expect(runTest(folder)).toMatchObject({ status: 0, output: expect.stringMatching(/^# pass 3$/m) })
  })
})
