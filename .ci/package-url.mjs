// Part of the built command: where a package lies whose modules it holds.

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** What installs all others. */
const SDK = '@zisk/sdk'

/** The URL of the entry of a package of the workspace. */
export function packageUrl(name) {
  const sdk = import.meta.resolve(SDK)
  return name === SDK ? sdk : pathToFileURL(createRequire(sdk).resolve(name)).href
}
