/** Finds and reads `zisk.config.{ts,mts,js,mjs,json}`. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { BuildError } from '../build-error.ts'
import { GUEST_CONFIG_KEYS, type GuestConfig, guestConfigSchema } from './config.ts'

const NAMES = ['zisk.config.ts', 'zisk.config.mts', 'zisk.config.js', 'zisk.config.mjs', 'zisk.config.json']

/** The configuration of a folder or of the nearest one above it, which stops at a `package.json` or `.git`. */
export function findConfig(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = NAMES.map((name) => join(at, name)).find((path) => existsSync(path))
    if (found !== undefined) return found
    const top = ['package.json', '.git'].some((name) => existsSync(join(at, name)))
    if (top || dirname(at) === at) return undefined
  }
}

/**
 * Reads a configuration file.
 *
 * @throws {BuildError} `CONFIG_INVALID` when it cannot be loaded or says what is not allowed
 */
export async function loadConfig(path: string): Promise<GuestConfig> {
  const result = guestConfigSchema.safeParse(await readConfig(path))
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const place = issue.path.length === 0 ? '' : `'${issue.path.join('.')}': `
  throw invalid(path, `a valid configuration expected, got ${place}${issue.message}`)
}

async function readConfig(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'))
    if (/\.m?js$/.test(path)) return ((await import(pathToFileURL(path).href)) as { default: unknown }).default
    // Loaded only here: most builds have no TypeScript to read.
    const { createJiti } = await import('jiti')
    const index = fileURLToPath(import.meta.url).endsWith('.ts') ? '../index.ts' : '../index.js'
    const ourselves = fileURLToPath(new URL(index, import.meta.url))
    // A project finds `defineConfig` although it has installed nothing yet.
    const jiti = createJiti(import.meta.url, { moduleCache: false, alias: { '@zisk/build': ourselves } })
    return await jiti.import(path, { default: true })
  } catch (error) {
    throw invalid(
      path,
      `a configuration expected, got ${error instanceof Error ? error.message : String(error)}`,
      error,
    )
  }
}

function invalid(where: string, message: string, cause?: unknown): BuildError {
  return new BuildError({
    code: 'CONFIG_INVALID',
    message,
    where,
    remedy: `Export a default value made by defineConfig with these keys: ${GUEST_CONFIG_KEYS.join(', ')}.`,
    exitStatus: 'usage',
    cause,
  })
}
