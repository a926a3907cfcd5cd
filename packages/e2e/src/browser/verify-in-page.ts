/** The verifier in a page of Chromium. */
import type { Browser } from 'playwright-core'
import { bundleForBrowser } from './bundle.ts'
import type { PageOutcome, PageRequest } from './page.ts'

const ORIGIN = 'http://verifier.test'
const HTML = '<!doctype html><title>verifier</title><script type="module" src="/page.js"></script>'

/** A proof to verify against the key of the page. */
export interface PageProof {
  readonly bytes: Uint8Array
  readonly programDigest: Uint8Array
}

/** A page that holds a verifying key. */
export interface VerifierPage {
  readonly verify: (proofs: readonly PageProof[]) => Promise<PageOutcome[]>
}

/** Opens a page with the verifier and a verifying key. No request leaves the machine. */
export async function openVerifierPage(browser: Browser, verifyingKey: Uint8Array): Promise<VerifierPage> {
  const page = await browser.newPage()
  const files = new Map([
    ['/', { contentType: 'text/html', body: Buffer.from(HTML) }],
    ['/page.js', { contentType: 'text/javascript', body: Buffer.from(await bundleForBrowser("import './page.ts'")) }],
    ['/key', binary(verifyingKey)],
  ])
  await page.route('**/*', (route) => {
    const file = files.get(new URL(route.request().url()).pathname)
    return file === undefined ? route.abort() : route.fulfill(file)
  })
  await page.goto(`${ORIGIN}/`)
  await page.waitForFunction('typeof verifyAll === "function"')
  let next = 0
  return {
    verify: async (proofs) => {
      const requests = proofs.map(({ bytes, programDigest }): PageRequest => {
        const path = `/proof/${next++}`
        files.set(path, binary(bytes))
        return { path, digest: [...programDigest] }
      })
      const outcomes: PageOutcome[] = await page.evaluate(`verifyAll(${JSON.stringify(requests)})`)
      for (const { path } of requests) files.delete(path)
      return outcomes
    },
  }
}

function binary(bytes: Uint8Array): { contentType: string; body: Buffer } {
  return { contentType: 'application/octet-stream', body: Buffer.from(bytes) }
}
