import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createProject, TEMPLATES } from './create-project.ts'

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-new-'))
})
afterEach(() => rmSync(work, { recursive: true }))

describe('what cannot be made leaves nothing behind', () => {
  test.each([
    ['a name with capitals', 'MyProof', 'NAME_INVALID'],
    ['a name with spaces', 'my proof', 'NAME_INVALID'],
    ['a hidden name', '.proof', 'NAME_INVALID'],
    ['a name that begins with a dash', '-x', 'NAME_INVALID'],
    ['a folder that exists', 'taken', 'NAME_TAKEN'],
    ['a file that exists', 'file', 'NAME_TAKEN'],
    ['a folder below a file', 'file/below', 'DIRECTORY_NOT_WRITABLE'],
  ])('%s', (_name, path, code) => {
    mkdirSync(join(work, 'taken'))
    writeFileSync(join(work, 'file'), 'kept')
    expect(() => createProject({ path: join(work, path) })).toThrow(expect.objectContaining({ code }))
    expect(readdirSync(work).sort()).toEqual(['file', 'taken'])
    expect(readdirSync(join(work, 'taken'))).toEqual([])
    expect(readFileSync(join(work, 'file'), 'utf8')).toBe('kept')
  })

  test.skipIf(!existsSync('/proc/self'))('a file system that takes no new folders', () => {
    const path = '/proc/some-proof'
    expect(() => createProject({ path })).toThrow(
      expect.objectContaining({ code: 'DIRECTORY_NOT_WRITABLE', where: path }),
    )
  })

  test.each([
    ['rsut', 'rust'],
    ['c++', 'cpp'],
    ['Zig', 'zig'],
    ['cc', 'cpp'],
    ['ts', 'typescript'],
  ])('template %s: did you mean %s', (template, suggestion) => {
    expect(() => createProject({ path: join(work, 'x'), template })).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_UNKNOWN', remedy: `Did you mean ${suggestion}?` }),
    )
    expect(existsSync(join(work, 'x'))).toBe(false)
  })
})

test.each(TEMPLATES)('%s: every file is there, and every placeholder filled', (template) => {
  const project = createProject({ path: join(work, 'some-proof'), template })
  expect(project).toMatchObject({ name: 'some-proof', template, folder: join(work, 'some-proof') })
  const common = ['.github/workflows/test.yml', '.gitignore', 'README.md', 'input.json', 'package.json']
  expect(project.files).toEqual(expect.arrayContaining([...common, 'test/program.test.mjs', 'zisk.config.ts']))
  for (const file of project.files)
    expect(readFileSync(join(project.folder, file), 'utf8')).not.toMatch(/\{\{|undefined/)
  expect(JSON.parse(readFileSync(join(project.folder, 'package.json'), 'utf8'))).toMatchObject({ name: 'some-proof' })
  expect(readdirSync(work)).toEqual(['some-proof'])
})

describe('the command create-zisk', () => {
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(
      process.execPath,
      [
        '--conditions=zisk-source',
        '--import',
        import.meta.resolve('tsx'),
        join(import.meta.dirname, 'bin.ts'),
        ...args,
      ],
      { cwd: work, encoding: 'utf8' },
    )

  test('makes a project, in text and JSON, and asks nothing', () => {
    expect(run('one')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining(join(work, 'one')) })
    const { status, stdout } = run('two', '--template', 'zig', '--json')
    expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 0, ok: true, name: 'two', template: 'zig' })
  })

  test('says what is wrong', () => {
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('error[USAGE]') })
    expect(run('x', '--templat', 'c').stderr).toContain('Did you mean --template?')
    const { status, stdout } = run('x', '-t', 'ruts', '--json')
    expect({ status, ...JSON.parse(stdout) }).toMatchObject({
      status: 2,
      ok: false,
      error: { code: 'TEMPLATE_UNKNOWN' },
    })
  })
})
