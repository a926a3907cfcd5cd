/** What the last build of a crate read, as cargo says, so that cargo is not asked when nothing of it has changed. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { guestFiles } from '@zisk/guest'
import { z } from 'zod'
import { readDependencies } from '../compile/dependencies.ts'
import {
  type Fingerprint,
  fingerprintIfThere,
  fingerprintNames,
  fingerprintSchema,
  hashTexts,
  isUnchanged,
} from '../compile/fingerprint.ts'
import { replaceText } from '../files.ts'
import type { GuestProject } from '../project/project.ts'
import type { Environment } from '../toolchain/environment.ts'
import { cargoHome, type RustToolchain, rustPrograms } from '../toolchain/rust.ts'
import { type CargoCommand, type CargoResult, cargoCommand } from './cargo.ts'

/** One build of a crate. */
export interface CrateState {
  readonly toolchain: RustToolchain
  /** Hash of the command and of the environment that cargo and rustc look at themselves. */
  readonly key: string
  /** Everything that the build looked at; absent when that is not known, so that cargo has to be asked. */
  readonly inputs?: readonly Fingerprint[] | undefined
  /** Environment variables that sources and build scripts asked for. */
  readonly environment: Readonly<Record<string, string | null>>
  /** Hash of what cargo built, of which the ELF is a copy. */
  readonly program: string
  readonly elf: Fingerprint
}

const crateStateSchema: z.ZodType<CrateState> = z.object({
  toolchain: z.object({
    cargo: z.string(),
    version: z.string(),
    sources: z.string(),
    rustupName: z.string().optional(),
    decidedBy: z.array(z.string()),
  }),
  key: z.string(),
  inputs: z.array(fingerprintSchema).optional(),
  environment: z.record(z.string(), z.string().nullable()),
  program: z.string(),
  elf: fingerprintSchema,
})

const statePath = (cache: string): string => join(cache, 'crate.json')

/** The state of the last build, when there is one that can be read: it may be deleted at any time. */
export function readCrateState(cache: string): CrateState | undefined {
  try {
    return crateStateSchema.safeParse(JSON.parse(readFileSync(statePath(cache), 'utf8'))).data
  } catch {
    return undefined
  }
}

export function writeCrateState(cache: string, state: CrateState): Promise<void> {
  return replaceText(statePath(cache), JSON.stringify(state))
}

/** Whether cargo would find nothing to do, and the ELF is as it was made. */
export function isCurrentCrate(old: CrateState, project: GuestProject, env: Environment): boolean {
  const programs = rustPrograms(env)
  if (old.inputs === undefined || programs === undefined) return false
  const { cargo, rustc } = programs
  if (old.toolchain.decidedBy[0] !== cargo || old.toolchain.decidedBy[1] !== rustc) return false
  return (
    crateKey(project, cargoCommand(project, env, old.toolchain)) === old.key &&
    Object.entries(old.environment).every(([name, value]) => (env[name] ?? null) === value) &&
    old.elf.path === project.elf &&
    [old.elf, ...old.inputs].every(isUnchanged)
  )
}

/** {@link CrateState.key} */
export function crateKey(project: GuestProject, { command, env }: CargoCommand): string {
  const own = Object.entries(env).filter(([name]) => /^(CARGO|RUST)/.test(name))
  return hashTexts(project.root, ...command, ...own.map((entry) => entry.join('=')).sort())
}

/** One finished run of cargo. */
interface CargoRun {
  readonly cargo: CargoCommand
  readonly toolchain: RustToolchain
  readonly result: CargoResult
  readonly program: string
  /** When it began. */
  readonly startedMs: number
}

/** Files and environment variables that a build looked at. */
export function crateInputs(project: GuestProject, run: CargoRun): Pick<CrateState, 'inputs' | 'environment'> {
  const { cargo, toolchain, result } = run
  const scripts = readBuildScripts(cargo.target)
  const asked = [...environmentOfSources(cargo.target), ...scripts.environment]
  const environment = Object.fromEntries([...new Set(asked)].sort().map((name) => [name, cargo.env[name] ?? null]))
  // Packages that come from a registry or repository do not change: the lock file pins them.
  const local = result.artifacts.filter(
    ({ package_id, manifest_path }) =>
      package_id.includes('path+file:') && !manifest_path.startsWith(toolchain.sources),
  )
  // A script that does not say what it reads may read anything.
  const isOpen = local.some(
    ({ target, manifest_path }) =>
      target.kind.includes('custom-build') &&
      scripts.silent.some((name) => name.startsWith(packageName(manifest_path))),
  )
  const dependencies = `${run.program.replace(/\.\w+$/, '')}.d`
  if (isOpen || !existsSync(dependencies)) return { environment }
  const sources = readDependencies(dependencies, project.root)
  if (!sources.every((file) => existsSync(file))) return { environment }
  const { linkerScript, rustTarget } = guestFiles()
  const manifests = [...new Set(local.map(({ manifest_path }) => manifest_path))]
  const files = [
    ...sources,
    ...manifests,
    ...scripts.files,
    ...[linkerScript, rustTarget, ...toolchain.decidedBy],
    ...settingsFiles(project.root, cargo.env),
  ]
  const inputs: Fingerprint[] = [
    ...[...new Set(files)].map(fingerprintIfThere),
    // Cargo finds programs, and build scripts, by their names.
    ...manifests.map((manifest) => fingerprintNames(dirname(manifest))),
  ]
  // What was written while cargo ran may have been read before or after.
  const isStable = inputs.every(
    ({ path, modifiedMs }) => path.endsWith('.lock') || !isBetween(modifiedMs, run.startedMs),
  )
  return isStable ? { environment, inputs } : { environment }
}

const isBetween = (ms: number, fromMs: number): boolean => ms >= fromMs && ms <= Date.now()

const packageName = (manifest: string): string =>
  /^\s*name\s*=\s*["']([\w-]+)["']/m.exec(readFileSync(manifest, 'utf8'))?.[1] ?? ''

/** Where cargo and rustup look for settings, from a folder upwards, there or not. */
function settingsFiles(folder: string, env: Environment): string[] {
  const names = ['Cargo.toml', 'Cargo.lock', '.cargo/config', '.cargo/config.toml']
  const toolchains = ['rust-toolchain', 'rust-toolchain.toml']
  const files = ['config', 'config.toml'].map((name) => join(cargoHome(env), name))
  for (let at = folder; ; at = dirname(at)) {
    files.push(...[...names, ...toolchains].map((name) => join(at, name)))
    if (dirname(at) === at) return files
  }
}

/** Environment variables that `env!` and its kin read, by the notes that rustc leaves beside what it compiled. */
function environmentOfSources(target: string): string[] {
  return filesIn(target, 'deps', (name) => name.endsWith('.d')).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^# env-dep:(\w+)/gm)].map((match) => match[1]!),
  )
}

interface BuildScripts {
  readonly files: readonly string[]
  readonly environment: readonly string[]
  /** Names of folders of scripts that named neither. */
  readonly silent: readonly string[]
}

/** What build scripts said that they look at, of all packages and older builds. */
function readBuildScripts(target: string): BuildScripts {
  const [files, environment, silent]: [string[], string[], string[]] = [[], [], []]
  for (const output of filesIn(target, 'build', () => true).map((folder) => join(folder, 'output'))) {
    if (!existsSync(output)) continue
    const lines = [...readFileSync(output, 'utf8').matchAll(/^cargo::?rerun-if-(changed|env-changed)=(.*)$/gm)]
    if (lines.length === 0) silent.push(output.split(/[\\/]/).at(-2)!)
    for (const [, kind, value] of lines) {
      if (kind === 'env-changed') environment.push(value!)
      // A relative one is relative to its package, and in the list of cargo when the package is ours.
      else if (resolve(value!) === value) files.push(value)
    }
  }
  return { files, environment, silent }
}

/** Entries of the folders of a name in cargo's output, for the machine and for the host. */
function filesIn(target: string, name: string, isWanted: (entry: string) => boolean): string[] {
  const profiles = readdirSync(target, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const folders = profiles.flatMap((profile) => {
    const at = join(target, profile.name)
    return [join(at, name), ...readdirSync(at).map((below) => join(at, below, name))]
  })
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter(isWanted)
        .map((entry) => join(folder, entry)),
    )
}
