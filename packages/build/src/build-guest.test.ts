import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildGuest } from './build-guest.ts'
import { findConfig, loadConfig } from './project/load-config.ts'
import { resolveProject } from './project/project.ts'

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-build-'))
})
afterEach(() => rmSync(work, { recursive: true }))

function files(entries: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(entries)) {
    mkdirSync(dirname(join(work, name)), { recursive: true })
    writeFileSync(join(work, name), text)
  }
  return work
}

const EMPTY_PATH = { PATH: '/nowhere' }
const home = '/nowhere/home'

describe('what cannot be built is refused with a remedy', () => {
  test.each([
    ['a path that does not exist', 'nowhere', {}, {}],
    ['a folder without a program', '.', { 'README.md': '' }, {}],
    ['a file of another language', 'main.py', { 'main.py': '' }, {}],
    ['a language without sources', '.', { 'main.c': '' }, { language: 'zig' }],
    ['Rust without a manifest', '.', { 'main.c': '' }, { language: 'rust' }],
    [
      'a source that the configuration names and that is not there',
      '.',
      { 'zisk.config.json': '{"sources": ["x.c"]}' },
      {},
    ],
    ['Zig without a root', '.', { 'a.zig': '', 'b.zig': '' }, {}],
  ] as const)('%s', async (_name, path, entries, config) => {
    files(entries)
    const options = { path: join(work, path), config, home, env: EMPTY_PATH, install: false }
    await expect(buildGuest(options)).rejects.toMatchObject({
      code: 'PROJECT_NOT_FOUND',
      remedy: expect.stringMatching(/./),
    })
  })

  test.each([
    ['an unknown key', 'zisk.config.json', '{"optimise": "speed"}', 'optimise'],
    ['a wrong value', 'zisk.config.json', '{"optimize": "fast"}', 'optimize'],
    ['a stack that is too small', 'zisk.config.json', '{"stackSize": 16}', 'stackSize'],
    ['a stack that is too large', 'zisk.config.json', '{"stackSize": 117440528}', 'stackSize'],
    ['a name that is a path', 'zisk.config.json', '{"name": "../x"}', 'name'],
    ['broken JSON', 'zisk.config.json', '{', 'JSON'],
    ['no default export', 'zisk.config.mjs', 'export const x = 1', 'object'],
    ['a script that throws', 'zisk.config.mjs', 'throw new Error("from the config")', 'from the config'],
    ['broken TypeScript', 'zisk.config.ts', 'export default {', 'Unexpected token'],
  ])('%s in the configuration', async (_name, file, text, part) => {
    files({ 'main.c': '', [file]: text })
    const failure = resolveProject(work, {})
    await expect(failure).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      where: join(work, file),
      exitStatus: 'usage',
    })
    await expect(failure).rejects.toThrow(part)
  })

  test.each([
    ['zig', 'zisk toolchain install'],
    ['clang', 'clang and lld'],
    ['gcc', 'gcc-riscv64-unknown-elf'],
  ] as const)('no %s', async (toolchain, remedy) => {
    files({ 'main.c': 'int main(void) { return 0; }' })
    const failure = buildGuest({ path: work, config: { toolchain }, home, env: EMPTY_PATH, install: false })
    await expect(failure).rejects.toMatchObject({ code: 'TOOLCHAIN_MISSING', remedy: expect.stringContaining(remedy) })
  })

  test.each([
    ['a full disk', 'fatal error: error writing: No space left on device', 'DISK_FULL'],
    ['a file over the limit', 'ld.lld: error: File too large', 'DISK_FULL'],
    ['anything else', 'main.c:1:1: error: unknown type name', 'COMPILE_FAILED'],
  ])('a compiler that meets %s', async (_name, says, code) => {
    files({ 'main.c': '', 'bin/clang': `#!/bin/sh\n[ "$1" = --version ] && exit 0\necho '${says}' >&2\nexit 1\n` })
    chmodSync(join(work, 'bin/clang'), 0o755)
    const env = { PATH: `${join(work, 'bin')}:/usr/bin:/bin` }
    const failure = buildGuest({ path: join(work, 'main.c'), config: { toolchain: 'clang' }, home, env })
    await expect(failure).rejects.toMatchObject({ code, remedy: expect.stringMatching(/./) })
    expect(existsSync(join(work, 'build/main.elf'))).toBe(false)
  })

  test('no cargo', async () => {
    files({ 'Cargo.toml': '' })
    await expect(buildGuest({ path: work, home, env: EMPTY_PATH })).rejects.toMatchObject({
      code: 'TOOLCHAIN_MISSING',
      remedy: expect.stringContaining('rust-src'),
    })
  })
})

describe('what a project is', () => {
  test.each([
    ['c', { 'src/main.c': '', 'src/more/part.S': '', 'test/no.c': '' }, ['src/main.c', 'src/more/part.S']],
    ['cpp', { 'main.cc': '', 'b.c': '', 'build/old.c': '', 'node_modules/x/y.c': '' }, ['b.c', 'main.cc']],
    ['zig', { 'src/main.zig': '', 'src/part.c': '' }, ['src/main.zig', 'src/part.c']],
    ['rust', { 'Cargo.toml': '', 'src/main.rs': '' }, ['Cargo.toml']],
  ])('%s from its files', async (language, entries, sources) => {
    const project = await resolveProject(files(entries as Record<string, string>), {})
    expect(project.language).toBe(language)
    expect(project.sources.map((file) => file.slice(work.length + 1))).toEqual(sources)
    expect(project.elf).toBe(join(work, 'build', `${project.name}.elf`))
  })

  test('one file is a project of its name', async () => {
    files({ 'one.c': '', 'two.c': '', 'zisk.config.json': '{"name": "other"}' })
    const project = await resolveProject(join(work, 'one.c'), {})
    expect(project).toMatchObject({ name: 'one', sources: [join(work, 'one.c')], elf: join(work, 'build/one.elf') })
  })

  test('a configuration in TypeScript, found from a folder below, with flags that win', async () => {
    files({
      'zisk.config.ts': `import { defineConfig } from '@zisk/build'
const goal: 'size' = 'size'
export default defineConfig({ name: 'named', optimize: goal, stackSize: 65536, output: 'out/a.elf' })`,
      'main.c': '',
      'deep/er/x': '',
    })
    expect(findConfig(join(work, 'deep/er'))).toBe(join(work, 'zisk.config.ts'))
    const project = await resolveProject(join(work, 'deep/er'), { optimize: 'debug', output: undefined })
    expect(project).toMatchObject({ name: 'named', root: work, elf: join(work, 'out/a.elf') })
    expect(project.config).toMatchObject({ optimize: 'debug', stackSize: 65536 })
    expect(await loadConfig(join(work, 'zisk.config.ts'))).toMatchObject({ optimize: 'size' })
  })

  test('a configuration above another package is not its', () => {
    files({ 'zisk.config.json': '{}', 'inner/package.json': '{}', 'inner/src/x': '' })
    expect(findConfig(join(work, 'inner/src'))).toBeUndefined()
  })
})
