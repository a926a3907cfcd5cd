// Does what the pages of the book tell a reader to do, to the letter: each page in an empty folder, from packed packages
// that npm gets from a registry on this machine. Which blocks run is said in book-examples.mjs. Without a Rust toolchain with
// the sources of its standard library, pages that need one are left out and named; in CI that is a failure.
//   node .ci/book-commands.mjs [PAGE...]

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needsRust, scriptOf } from './book-examples.mjs'
import { packAll, startRegistry } from './local-registry.mjs'

function hasRust() {
  return [['+nightly'], []].some((toolchain) => {
    const { status, stdout } = spawnSync('rustc', [...toolchain, '--print', 'sysroot'], { encoding: 'utf8' })
    return status === 0 && existsSync(join(stdout.trim(), 'lib/rustlib/src/rust/library/std/src/lib.rs'))
  })
}

const named = process.argv.slice(2)
const pages = (named.length > 0 ? named : readdirSync('book')).filter((name) => name.endsWith('.md'))
const unrun = hasRust() ? [] : pages.filter(needsRust)
if (unrun.length > 0) {
  console.error(`::: no Rust toolchain with rust-src: ${unrun.join(', ')} left out`)
  if (process.env.CI !== undefined) process.exit(1)
}
// Before anything is packed: a block that nothing runs is found at once.
const scripts = pages.filter((page) => !unrun.includes(page)).map((page) => [page, scriptOf(page)])
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
  for (const [page, script] of scripts) {
    if (script === undefined) continue
    const folder = join(work, page.replace(/\.md$/, ''))
    mkdirSync(folder)
    const started = performance.now()
    // Not spawnSync: the registry answers from this process.
    const child = spawn('bash', ['-euxo', 'pipefail', '-c', script], {
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
