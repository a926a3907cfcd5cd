/** Runs code of ours in a page of headless Chromium. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Starts the system's Chromium; `CHROMIUM` names another binary. */
export async function startChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? PLACES.find((path) => existsSync(path))
  if (executablePath === undefined)
    throw new Error('no Chromium found: install the package "chromium" of Debian, or name a binary in CHROMIUM')
  // Containers and root have no user namespaces for the sandbox; the pages load nothing but our own code.
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: false })
}
