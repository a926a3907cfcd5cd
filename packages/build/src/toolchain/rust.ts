/** Finds a Rust toolchain that can build its own standard library for the guest's target. */

import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
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
  /** The toolchain that rustup is to take, when it is not the one that it would take. */
  readonly rustupName?: string | undefined
  /** Files, there or not, that decided which toolchain it is. */
  readonly decidedBy: readonly string[]
}

/** Toolchains of rustup to try behind the project's own choice. */
const RUSTUP_NAMES = [undefined, 'nightly', 'stable']

/** The programs that a search for a toolchain starts from. */
export function rustPrograms(env: Environment): { readonly cargo: string; readonly rustc: string } | undefined {
  const cargo = findProgram(['cargo'], env)
  const rustc = findProgram(['rustc'], env)
  return cargo === undefined || rustc === undefined ? undefined : { cargo, rustc }
}

/** The environment that makes `cargo` use a toolchain. */
export function rustEnvironment(rustupName: string | undefined, env: Environment): Environment {
  // Unstable options of cargo and rustc, which a stable toolchain has too.
  return { ...env, RUSTC_BOOTSTRAP: '1', ...(rustupName === undefined ? {} : { RUSTUP_TOOLCHAIN: rustupName }) }
}

/** Cargo's folder of settings and downloads. */
export const cargoHome = (env: Environment): string => env['CARGO_HOME'] ?? join(homedir(), '.cargo')

/**
 * The first toolchain that has the sources of the standard library.
 *
 * @param folder where cargo will run: a `rust-toolchain.toml` there has its say
 * @throws {BuildError} `TOOLCHAIN_MISSING`, `INTERRUPTED`
 */
export async function findRust(folder: string, env: Environment, signal?: AbortSignal): Promise<RustToolchain> {
  const programs = rustPrograms(env)
  if (programs === undefined) throw missing('cargo and rustc expected on PATH, got none')
  const { cargo, rustc } = programs
  const decidedBy = [cargo, rustc, join(env['RUSTUP_HOME'] ?? join(homedir(), '.rustup'), 'settings.toml')]
  const found: string[] = []
  for (const rustupName of RUSTUP_NAMES) {
    const own = rustEnvironment(rustupName, env)
    const ask = (question: readonly string[]): Promise<ToolResult> =>
      runTool({ command: [rustc, ...question], cwd: folder, env: own, signal })
    const sysroot = await ask(['--print', 'sysroot'])
    if (sysroot.status !== 0) continue
    const root = sysroot.output.trim()
    const version = (await ask(['--version'])).output.trim()
    const sources = join(root, 'lib/rustlib/src/rust')
    const library = join(sources, 'library/std/src/lib.rs')
    decidedBy.push(join(root, 'bin/rustc'), library)
    if (existsSync(library)) return { cargo, version, sources, rustupName, decidedBy }
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
