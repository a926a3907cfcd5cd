import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REPO_ROOT, sourceFiles } from '../workspace.ts'
import { startChromium } from './chromium.ts'
import { runSuiteInPage } from './suite-in-page.ts'

/** Tests of the verifier that lie beside the prover, because they need proofs. */
const ATTACKS = ['attack', 'transcript', 'inspect', 'prove'].map((name) =>
  join(REPO_ROOT, `packages/prover/src/${name}.test.ts`),
)
const VERIFIER_TESTS = sourceFiles(join(REPO_ROOT, 'packages/verifier/src')).filter((file) => file.endsWith('.test.ts'))

let browser: Browser
beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

describe('the suite of the verifier in Chromium', () => {
  test('passes', async () => {
    const outcomes = await runSuiteInPage(browser, [...VERIFIER_TESTS, ...ATTACKS])
    expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([])
    expect(outcomes.length).toBeGreaterThan(60)
  })

  test('a failing test in a page is seen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zisk-suite-'))
    try {
      const file = join(folder, 'sample.test.ts')
      writeFileSync(
        file,
        `import { expect, test } from 'vitest'
         test.each([[1, 1], [1, 2]])('equal', (a, b) => expect({ a }).toEqual({ a: b }))
         test('rejects', async () => { await expect(Promise.reject(new Error('x'))).rejects.toThrow('y') })`,
      )
      const outcomes = await runSuiteInPage(browser, [file])
      expect(outcomes.map(({ error }) => error === undefined)).toEqual([true, false, false])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
