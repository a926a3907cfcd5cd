import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runInProcess } from '../testing/run-in-process.ts'

const PACKAGES = join(import.meta.dirname, '../../..')
/** What users do not meet: tests, and packages that only tests use. */
const NOT_PUBLISHED =
  /\.test\.ts$|[\\/](node_modules|dist|testing|e2e|pil-std|air-testkit|templates|bench|scripts)[\\/]/

/** The codes that a source text declares in a union of codes, or gives to an error. */
function codesOf(text: string): string[] {
  const source = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const unions = [...source.matchAll(/type \w*Code\s*=\s*((?:\s*\|?\s*'[A-Z0-9_]+')+)/g)].map((match) => match[1]!)
  const given = [...source.matchAll(/\bcode: ('[A-Z][A-Z0-9_]+')/g)].map((match) => match[1]!)
  return [...unions, ...given].flatMap((part) => [...part.matchAll(/'([A-Z0-9_]+)'/g)].map((match) => match[1]!))
}

/** Every code that a user can meet, with a file that has it. */
function codesInSources(): Map<string, string> {
  const found = new Map<string, string>()
  for (const entry of readdirSync(PACKAGES, { recursive: true, encoding: 'utf8' })) {
    const file = join(PACKAGES, entry)
    if (!file.endsWith('.ts') || NOT_PUBLISHED.test(file)) continue
    for (const code of codesOf(readFileSync(file, 'utf8'))) found.set(code, relative(PACKAGES, file))
  }
  return found
}

const explain = (...args: string[]): ReturnType<typeof runInProcess> => runInProcess(['explain', ...args])

describe('every error code is explained', () => {
  test('the scanner sees unions and single codes', () => {
    expect(codesOf(`type XCode =\n  /** One. */\n  | 'ONE_A'\n  | 'TWO_B'\nthrow { code: 'THREE' }`)).toEqual([
      'ONE_A',
      'TWO_B',
      'THREE',
    ])
  })

  test('the sources and the explanations have the same codes', async () => {
    const { stdout } = await explain('--json')
    const explained: string[] = JSON.parse(stdout).errors.map((error: { code: string }) => error.code)
    const found = codesInSources()
    expect(found.size).toBeGreaterThan(100)
    expect([...found].filter(([code]) => !explained.includes(code))).toEqual([])
    expect(explained.filter((code) => !found.has(code))).toEqual([])
    expect(new Set(explained).size).toBe(explained.length)
  })

  test('one code, in any case; an unknown one has a suggestion', async () => {
    expect(await explain('guest_exit')).toMatchObject({ status: 0, stdout: expect.stringContaining('GUEST_EXIT') })
    expect(await explain('GUEST_EXT')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Did you mean GUEST_EXIT?'),
    })
  })
})
