/** Makes a project from a template: all of it or nothing. */

import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileError } from '@zisk/core'
import { makeFolder } from '@zisk/core/make-folder'
import { closest } from 'fastest-levenshtein'
import { CreateError } from './create-error.ts'

/** Languages that a project can start in. */
export const TEMPLATES = ['c', 'cpp', 'zig', 'rust', 'typescript'] as const
type Template = (typeof TEMPLATES)[number]

export interface CreateProjectOptions {
  /** Folder to make, relative to the current one; its last part names the project. */
  readonly path: string
  /** One of {@link TEMPLATES}; `c` when absent. */
  readonly template?: string | undefined
}

/** A project that was made. */
export interface CreatedProject {
  /** Absolute path. */
  readonly folder: string
  readonly name: string
  readonly template: Template
  /** Relative to the folder, sorted. */
  readonly files: readonly string[]
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const SOURCE: Readonly<Record<Template, string>> = {
  c: 'src/main.c',
  cpp: 'src/main.cc',
  zig: 'src/main.zig',
  rust: 'src/main.rs',
  typescript: 'src/main.ts',
}

const RUST_NOTE = `
Building it needs a Rust toolchain with the sources of its standard library:
\`rustup toolchain install nightly --profile minimal --component rust-src\`.
`
const TYPESCRIPT_NOTE = `
The program is in AssemblyScript, TypeScript with the number types of the machine (\`i32\`, \`u64\`, \`f64\`...): see
https://www.assemblyscript.org. A bare \`number\` is an f64, which the machine has to compute in software.
`
const TYPESCRIPT_COMPILER = ',\n    "assemblyscript": "^0.28.20"'
const RUST_STEP = '      - run: rustup toolchain install nightly --profile minimal --component rust-src\n'

/**
 * Makes a project.
 *
 * @throws {CreateError} `NAME_INVALID`, `NAME_TAKEN`, `TEMPLATE_UNKNOWN`
 * @throws {FileError} when it cannot be written; nothing is left behind
 */
export function createProject({ path, template = 'c' }: CreateProjectOptions): CreatedProject {
  const known = knownTemplate(template)
  const folder = resolve(path)
  const name = basename(folder)
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name) || name.length > 100) {
    throw new CreateError({
      code: 'NAME_INVALID',
      message: `a name of lower-case letters, digits, dashes and underscores expected, got '${name}'`,
      remedy: 'Choose a name like my-proof; it names the folder, the package and the ELF.',
    })
  }
  if (existsSync(folder)) {
    throw new CreateError({
      code: 'NAME_TAKEN',
      message: 'a name that is free expected, got one that exists',
      where: folder,
      remedy: 'Choose another name, or remove what is there.',
      exitStatus: 'failed',
    })
  }
  const values: Readonly<Record<string, string>> = {
    name,
    version: version(),
    source: SOURCE[known],
    ciSteps: known === 'rust' ? RUST_STEP : '',
    languageNote: known === 'rust' ? RUST_NOTE : known === 'typescript' ? TYPESCRIPT_NOTE : '',
    compilers: known === 'typescript' ? TYPESCRIPT_COMPILER : '',
  }
  const temporary = join(dirname(folder), `.${name}.${process.pid}.tmp`)
  try {
    for (const part of ['common', known]) copyTemplate(join(ROOT, 'templates', part), temporary, values)
    renameSync(temporary, folder)
  } catch (error) {
    removeIfThere(temporary)
    throw fileError(error, folder, 'Choose a folder that can be written and has room.')
  }
  return {
    folder,
    name,
    template: known,
    files: filesBelow(folder)
      .map((file) => relative(folder, file))
      .sort(),
  }
}

function knownTemplate(template: string): Template {
  const known = TEMPLATES.find((one) => one === template)
  if (known !== undefined) return known
  throw new CreateError({
    code: 'TEMPLATE_UNKNOWN',
    message: `a template of ${TEMPLATES.join(', ')} expected, got '${template}'`,
    remedy: `Did you mean ${closest(ALIASES[template.toLowerCase()] ?? template, TEMPLATES)}?`,
  })
}

/** What people call the templates. */
const ALIASES: Readonly<Record<string, Template>> = {
  'c++': 'cpp',
  cxx: 'cpp',
  cc: 'cpp',
  rs: 'rust',
  ts: 'typescript',
  zag: 'zig',
}

/** One version for everything: that of this package. */
function version(): string {
  return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version
}

/** Copies files; a leading `_` stands for a dot and the ending `.tmpl` goes, since npm treats the real names specially. */
function copyTemplate(from: string, to: string, values: Readonly<Record<string, string>>): void {
  for (const file of filesBelow(from)) {
    const parts = relative(from, file).split(/[\\/]/)
    const target = join(to, ...parts.map((part) => part.replace(/^_/, '.').replace(/\.tmpl$/, '')))
    const text = readFileSync(file, 'utf8').replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key]!)
    makeFolder(dirname(target))
    writeFileSync(target, text)
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

function removeIfThere(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // The failure before this one is what matters.
  }
}
