/** From a path that the user names to what is built. */

import { existsSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { BuildError } from '../build-error.ts'
import { filesBelow } from '../files.ts'
import type { GuestConfig, LanguageName } from './config.ts'
import { findConfig, loadConfig } from './load-config.ts'

/** A guest program and how it is to be built. All paths are absolute. */
export interface GuestProject {
  /** Folder that debug information calls `.`, and that relative paths start from. */
  readonly root: string
  readonly name: string
  readonly language: LanguageName
  /** Files of the language's endings, sorted; the crate's manifest for Rust. */
  readonly sources: readonly string[]
  readonly elf: string
  /** Objects and state between builds; may be deleted at any time. */
  readonly cache: string
  readonly config: GuestConfig
}

/** Endings of the sources of each language. A C++ or Zig program may have C and assembly files beside it. */
const ENDINGS: Readonly<Record<LanguageName, readonly string[]>> = {
  c: ['.c', '.S', '.s'],
  cpp: ['.cc', '.cpp', '.cxx', '.c', '.S', '.s'],
  zig: ['.zig', '.c', '.S', '.s'],
  rust: [],
  typescript: ['.ts'],
}
const CPP_ENDING = /\.(cc|cpp|cxx)$/
const TS_ENDING = /(?<!\.config|\.d)\.ts$/

/**
 * Works out what to build.
 *
 * @param path a project folder or one source file
 * @param flags settings that win over those of the configuration file
 * @throws {BuildError} `PROJECT_NOT_FOUND`, `CONFIG_INVALID`
 */
export async function resolveProject(path: string, flags: GuestConfig): Promise<GuestProject> {
  const start = resolve(path)
  const kind = statSync(start, { throwIfNoEntry: false })
  if (kind === undefined)
    throw notFound(start, 'a project folder or source file expected, got a path that does not exist')
  const single = kind.isDirectory() ? undefined : start
  const folder = single === undefined ? start : dirname(start)
  const configFile = single === undefined ? findConfig(folder) : undefined
  const root = configFile === undefined ? folder : dirname(configFile)
  const own = configFile === undefined ? {} : await loadConfig(configFile)
  const set = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
  const config: GuestConfig = { ...own, ...set }
  const candidates = single === undefined ? sourceFiles(root, config.sources) : [single]
  const language = config.language ?? detectLanguage(root, single, candidates)
  const name = config.name ?? (single === undefined ? basename(root) : basename(single, extname(single)))
  const sources =
    language === 'rust'
      ? [join(root, 'Cargo.toml')]
      : candidates.filter((file) => ENDINGS[language].includes(extname(file)))
  if (sources.length === 0 || sources.some((file) => !existsSync(file)))
    throw notFound(root, `${language} sources expected, got ${sources[0] === undefined ? 'none' : 'no Cargo.toml'}`)
  return {
    root,
    name,
    language,
    sources,
    // A flag is relative to where the user is, the configuration to where it lies.
    elf: flags.output !== undefined ? resolve(flags.output) : resolve(root, own.output ?? join('build', `${name}.elf`)),
    cache: join(root, 'build', '.zisk', name),
    config,
  }
}

function detectLanguage(root: string, single: string | undefined, files: readonly string[]): LanguageName {
  if (single === undefined && existsSync(join(root, 'Cargo.toml'))) return 'rust'
  if (single?.endsWith('Cargo.toml')) return 'rust'
  if (files.some((file) => file.endsWith('.zig'))) return 'zig'
  if (files.some((file) => TS_ENDING.test(file))) return 'typescript'
  if (files.some((file) => CPP_ENDING.test(file))) return 'cpp'
  if (files.some((file) => /\.[csS]$/.test(file))) return 'c'
  throw notFound(
    single ?? root,
    `a program in C, C++, Zig, Rust or TypeScript expected, got ${single === undefined ? 'a folder with none' : `the ending '${extname(single)}'`}`,
  )
}

/** The files that the project names, or those of `src`, or those of the folder itself. */
function sourceFiles(root: string, named: readonly string[] | undefined): string[] {
  const places = named ?? (existsSync(join(root, 'src')) ? ['src'] : ['.'])
  const files = places.flatMap((place) => {
    const path = resolve(root, place)
    const kind = statSync(path, { throwIfNoEntry: false })
    if (kind === undefined) throw notFound(path, 'a source expected, got a path that does not exist')
    return kind.isDirectory() ? filesBelow(path, path) : [path]
  })
  return [...new Set(files)].sort()
}

function notFound(where: string, message: string): BuildError {
  return new BuildError({
    code: 'PROJECT_NOT_FOUND',
    message,
    where,
    remedy:
      'Name a folder with src/main.c, .cc, .zig, .ts or Cargo.toml, or a source file; `zisk new` makes a project.',
    exitStatus: 'usage',
  })
}
