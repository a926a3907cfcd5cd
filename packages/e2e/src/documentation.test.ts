import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EXIT_STATUS } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { REPO_ROOT } from './workspace.ts'

const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'pil/README.md',
  'elf-regressions/README.md',
  ...readdirSync(join(REPO_ROOT, 'book'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `book/${name}`),
]

describe('links to files of the repository lead somewhere', () => {
  test.each(pages)('%s', (page) => {
    const text = readFileSync(join(REPO_ROOT, page), 'utf8')
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!)
    const local = links.filter((link) => !/^[a-z]+:/.test(link))
    expect(local.filter((link) => !existsSync(join(REPO_ROOT, dirname(page), link)))).toEqual([])
  })
})

describe('every block of code in the book is one that CI runs', async () => {
  const { scriptOf } = await import(pathToFileURL(join(REPO_ROOT, '.ci/book-examples.mjs')).href)
  test.each(pages.flatMap((page) => (page.startsWith('book/') ? [page.slice(5)] : [])))('%s', (page) => {
    expect(() => scriptOf(page)).not.toThrow()
  })
})

test('the exit statuses in the book are those of the commands', () => {
  const page = readFileSync(join(REPO_ROOT, 'book/troubleshooting.md'), 'utf8')
  const listed = [...page.matchAll(/^\| ((?:\d+(?:, )?)+) +\|/gm)].flatMap((row) => row[1]!.split(', ').map(Number))
  expect(listed).toEqual(Object.values(EXIT_STATUS))
})

test('the README lists every benchmark, and no other; CI starts each', () => {
  const text = (path: string): string => readFileSync(join(REPO_ROOT, path), 'utf8')
  const listed = /Benchmarks: `npx -y pnpm@10 bench NAME` with ([^.]+)\./.exec(text('README.md'))?.[1]?.match(/[\w-]+/g)
  const main = text('packages/e2e/bench/main.ts')
  const known = [...main.matchAll(/^ {2}'?([\w-]+)'?: '.*\.bench\.ts',$/gm)].map((match) => match[1]!)
  expect(known.length).toBeGreaterThan(10)
  expect(listed?.filter((word) => word !== 'or').sort()).toEqual(known.sort())
  const started = [...text('.ci/run').matchAll(/ bench ([\w-]+) /g)].map((match) => match[1]!)
  expect([...new Set(started)].sort()).toEqual(known)
})

test('the README lists every command, and no other', () => {
  const readme = readFileSync(join(REPO_ROOT, 'README.md'), 'utf8')
  const listed = [...readme.matchAll(/^\| `zisk ([a-z]+)/gm)].map((match) => match[1]!)
  const main = readFileSync(join(REPO_ROOT, 'packages/cli/src/main.ts'), 'utf8')
  const known = [...main.matchAll(/import\('\.\/commands\/([a-z]+)\.ts'\)/g)].map((match) => match[1]!)
  expect(known.length).toBeGreaterThan(12)
  expect(listed.sort()).toEqual(known.sort())
})
