import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TEMPLATES } from 'create-zisk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLinkedProject, runProjectTest } from './template-project.ts'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-templates-'))
})
afterAll(() => rmSync(work, { recursive: true }))

// That of Rust is in rust.test.ts.
describe('a new project builds, runs, proves and verifies', () => {
  test.each(TEMPLATES.filter((template) => template !== 'rust'))('%s', (template) => {
    const { status, output } = runProjectTest(createLinkedProject(join(work, template), template))
    expect(output).toMatch(/^# pass 3$/m)
    expect(status).toBe(0)
  })
})
