/** Test files of other packages in a page of Chromium. */
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { bundleForBrowser } from './bundle.ts'
import type { TestOutcome } from './vitest-in-page.ts'

/** Bundles test files with our runner in the place of vitest, and runs them. */
export async function runSuiteInPage(browser: Browser, files: readonly string[]): Promise<readonly TestOutcome[]> {
  const runner = join(import.meta.dirname, 'vitest-in-page.ts')
  const imports = files.map((file) => `import ${JSON.stringify(file)}`)
  const entry = `${imports.join('\n')}\nimport { runTests } from 'vitest'\nglobalThis.runTests = runTests`
  // A test file has nothing but side effects, which its package says it has not.
  const options = { alias: { vitest: runner }, ignoreAnnotations: true }
  const script = Buffer.from(await bundleForBrowser(entry, options)).toString()
  const page = await browser.newPage()
  await page.addScriptTag({ content: script, type: 'module' })
  await page.waitForFunction('typeof runTests === "function"')
  const outcomes: readonly TestOutcome[] = await page.evaluate('runTests()')
  await page.close()
  return outcomes
}
