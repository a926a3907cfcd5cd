/** Finds a Rust toolchain that can build its own standard library for the guest's target. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BuildError } from '../build-error.ts'
import { runTool, type ToolResult } from '../compile/run-tool.ts'
import type { Environment } from './environment.ts'
import { findProgram } from './find-program.ts'

/** A usable toolchain. */
export interface RustToolchain {
  readonly cargo: string
  readonly version: string
  /** Folder of the sources of the standard library. */
  readonly sources: string
  /** The environment that makes `cargo` use it. */
  readonly env: Environment
}

/** Toolchains of rustup to try behind the project's own choice. */
const RUSTUP_NAMES = [undefined, 'nightly', 'stable']

/**
 * The first toolchain that has the sources of the standard library.
 *
 * @param folder where cargo will run: a `rust-toolchain.toml` there has its say
 * @throws {BuildError} `TOOLCHAIN_MISSING`
 */
export async function findRust(folder: string, env: Environment): Promise<RustToolchain> {
  const cargo = findProgram(['cargo'], env)
  const rustc = findProgram(['rustc'], env)
  if (cargo === undefined || rustc === undefined) throw missing('cargo and rustc expected on PATH, got none')
  const found: string[] = []
  for (const name of RUSTUP_NAMES) {
    // Unstable options of cargo and rustc, which a stable toolchain has too.
    const own: Environment = {
      ...env,
      RUSTC_BOOTSTRAP: '1',
      ...(name === undefined ? {} : { RUSTUP_TOOLCHAIN: name }),
    }
    const ask = (question: readonly string[]): Promise<ToolResult> =>
      runTool({ command: [rustc, ...question], cwd: folder, env: own })
    const sysroot = await ask(['--print', 'sysroot'])
    if (sysroot.status !== 0) continue
    const version = (await ask(['--version'])).output.trim()
    const sources = join(sysroot.output.trim(), 'lib/rustlib/src/rust')
    if (existsSync(join(sources, 'library/std/src/lib.rs'))) return { cargo, version, sources, env: own }
    found.push(version)
  }
  throw missing(`the sources of Rust's standard library expected, got none with ${found.join(', ') || 'any toolchain'}`)
}

function missing(message: string): BuildError {
  return new BuildError({
    code: 'TOOLCHAIN_MISSING',
    message,
    remedy:
      'Run `rustup toolchain install nightly --profile minimal --component rust-src` (rustup: https://rustup.rs).',
  })
}
