/** Reads the workspace's packages from disk, for the tests that guard its structure. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Root of the repository. */
export const REPO_ROOT: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

/** The fields of a package.json that the structure tests read. */
export interface PackageManifest {
  readonly name: string
  readonly private?: boolean
  readonly zisk?: { readonly layer: number }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** One package of the workspace. */
export interface WorkspacePackage {
  /** Absolute directory. */
  readonly directory: string
  readonly manifest: PackageManifest
}

/** Every package below `packages/`, in both depths that the workspace file names. */
export function readWorkspace(): readonly WorkspacePackage[] {
  const groups = ['packages', 'packages/state-machines', 'packages/precompiles']
  return groups.flatMap((group) => {
    const directory = join(REPO_ROOT, group)
    if (!existsSync(directory)) return []
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(directory, entry.name, 'package.json')))
      .map((entry) => {
        const path = join(directory, entry.name)
        return { directory: path, manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) }
      })
  })
}

/** Every TypeScript source file below a directory, `node_modules` and `dist` left out. */
export function sourceFiles(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' ? [] : sourceFiles(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}
