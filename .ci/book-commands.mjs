// Runs the commands of the book's pages as a reader types them: each page in an empty folder, from packed packages that
// npm gets from a registry on this machine. A block marked ```sh no-run is left out. One marked ```sh cargo needs a Rust
// toolchain with the sources of its standard library: where there is none, this says so, and in CI fails.
//   node .ci/book-commands.mjs [PAGE...]

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAll, startRegistry } from './local-registry.mjs'

/** The page's commands, one after the other in one shell. */
function scriptOf(page) {
  const blocks = [...readFileSync(join('book', page), 'utf8').matchAll(/^```sh( cargo)?\n([\s\S]*?)^```$/gm)]
  if (!blocks.some(([, cargo]) => cargo !== undefined) || hasRust()) return blocks.map((block) => block[2])
  const reason = `book/${page}: no Rust toolchain with rust-src, its blocks marked cargo are left out`
  if (process.env.CI !== undefined) throw new Error(reason)
  console.log(`::: ${reason}`)
  return blocks.filter(([, cargo]) => cargo === undefined).map((block) => block[2])
}

function hasRust() {
  return [['+nightly'], []].some((toolchain) => {
    const { status, stdout } = spawnSync('rustc', [...toolchain, '--print', 'sysroot'], { encoding: 'utf8' })
    return status === 0 && existsSync(join(stdout.trim(), 'lib/rustlib/src/rust/library/std/src/lib.rs'))
  })
}

const named = process.argv.slice(2)
const pages = (named.length > 0 ? named : readdirSync('book')).filter((name) => name.endsWith('.md'))
const work = mkdtempSync(join(tmpdir(), 'zisk-book-'))
mkdirSync(join(work, 'tarballs'))
const registry = await startRegistry(packAll(join(work, 'tarballs')))
const env = {
  ...process.env,
  npm_config_registry: registry.url,
  npm_config_cache: join(work, 'npm'),
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  ZISK_HOME: join(work, 'home'),
}

let failed = 0
try {
  for (const page of pages) {
    const script = scriptOf(page)
    if (script.length === 0) continue
    const folder = join(work, page.replace(/\.md$/, ''))
    mkdirSync(folder)
    const started = performance.now()
    // Not spawnSync: the registry answers from this process.
    const child = spawn('bash', ['-euxo', 'pipefail', '-c', script.join('\n')], {
      cwd: folder,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const status = await new Promise((resolve) => child.on('close', resolve))
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    console.log(`::: book/${page}: ${status === 0 ? 'ok' : `FAILED with status ${status}`}, ${seconds} s`)
    if (status !== 0) failed++
  }
} finally {
  registry.end()
  rmSync(work, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
