/** Fetches a tarball into a file: continues a partial one, and checks the whole against its integrity. */

import { createHash } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { rootCertificates } from 'node:tls'
import { ZiskError } from '@zisk/core'
import { makeFolder } from '@zisk/core/make-folder'
import type { Response } from 'undici'
import { BuildError, throwIfInterrupted, writeError } from '../build-error.ts'
import type { Environment } from './environment.ts'

/** A download under way. */
export interface DownloadProgress {
  readonly name: string
  readonly doneBytes: number
  /** `undefined` when the server does not say. */
  readonly totalBytes: number | undefined
}

export interface DownloadOptions {
  readonly url: string
  /** Name for progress and errors. */
  readonly name: string
  /** File that is filled; what it holds from an earlier attempt is kept. */
  readonly path: string
  /** Subresource integrity, `sha512-BASE64`. */
  readonly integrity: string
  /** Proxy and certificates. */
  readonly env: Environment
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: DownloadProgress) => void
}

/** Attempts before giving up; each continues where the last one broke off. */
const ATTEMPTS = 4

/**
 * Downloads one file.
 *
 * @throws {BuildError} `DOWNLOAD_FAILED`, `DOWNLOAD_CORRUPT`, `DISK_FULL`, `DIRECTORY_NOT_WRITABLE`, `INTERRUPTED`
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { path, integrity, url, name, signal } = options
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchRest(options)
      break
    } catch (error) {
      throwIfInterrupted(signal)
      if (error instanceof ZiskError || attempt === ATTEMPTS) throw downloadError(error, name, url)
    }
  }
  const found = await integrityOf(path)
  if (found === integrity) return
  rmSync(path, { force: true })
  throw new BuildError({
    code: 'DOWNLOAD_CORRUPT',
    message: `${name} expected integrity ${integrity}, got ${found}`,
    where: url,
    remedy: 'Run the command again; if it stays, the registry or a proxy changes the file.',
  })
}

async function fetchRest({ path, url, name, env, signal, onProgress }: DownloadOptions): Promise<void> {
  const have = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const response = await request(url, have === 0 ? {} : { range: `bytes=${have}-` }, { env, signal })
  // 416: what we have is already the whole file, or not a part of it; the integrity decides.
  if (response.status === 416) return
  if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`)
  const start = response.status === 206 ? have : 0
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  const totalBytes = Number.isNaN(length) ? undefined : start + length
  const file = openForWriting(path, start > 0 ? 'a' : 'w')
  let doneBytes = start
  try {
    for await (const chunk of response.body) {
      writeAll(file, chunk as Uint8Array, path)
      doneBytes += (chunk as Uint8Array).length
      onProgress({ name, doneBytes, totalBytes })
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  if (totalBytes !== undefined && doneBytes !== totalBytes) throw new Error(`${doneBytes} of ${totalBytes} bytes`)
}

function openForWriting(path: string, flags: 'a' | 'w'): number {
  try {
    makeFolder(dirname(path))
    return openSync(path, flags)
  } catch (error) {
    throw writeError(error, path)
  }
}

function writeAll(file: number, bytes: Uint8Array, path: string): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
  } catch (error) {
    throw writeError(error, path)
  }
}

/** The integrity that the registry states for a version of a package. */
export async function registryIntegrity(
  registry: string,
  { name, version }: { readonly name: string; readonly version: string },
  options: Pick<DownloadOptions, 'env' | 'signal'>,
): Promise<string> {
  const { signal } = options
  const url = `${registry}/${name.replace('/', '%2f')}/${version}`
  try {
    const response = await request(url, { accept: 'application/json' }, options)
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    const { dist } = (await response.json()) as { dist?: { integrity?: unknown } }
    if (typeof dist?.integrity !== 'string') throw new Error('a document without integrity')
    return dist.integrity
  } catch (error) {
    throwIfInterrupted(signal)
    throw downloadError(error, name, url)
  }
}

/** One request, through the proxy that `HTTPS_PROXY` and its kin name, with the certificates that npm is told to trust. */
async function request(
  url: string,
  headers: Record<string, string>,
  { env, signal }: Pick<DownloadOptions, 'env' | 'signal'>,
): Promise<Response> {
  // Loaded only here: nearly all builds download nothing.
  const { EnvHttpProxyAgent, fetch } = await import('undici')
  const file = env['npm_config_cafile']
  const ca = file === undefined || file === '' ? {} : { ca: [...rootCertificates, readFileSync(file, 'utf8')] }
  const dispatcher = new EnvHttpProxyAgent({ connect: ca, requestTls: ca, proxyTls: ca })
  return fetch(url, { headers, signal: signal ?? null, dispatcher })
}

function downloadError(error: unknown, name: string, url: string): unknown {
  if (error instanceof ZiskError) return error
  const { message, cause } = error as Error
  const reason = cause instanceof Error ? `${message}: ${cause.message}` : message
  return new BuildError({
    code: 'DOWNLOAD_FAILED',
    message: `${name} expected from the npm registry, got ${reason}`,
    where: url,
    remedy:
      'Check the network (HTTPS_PROXY, NODE_EXTRA_CA_CERTS, npm_config_registry and npm_config_cafile are honoured) ' +
      'and run the command again: it continues. ' +
      'Without network, install clang with lld or riscv64-unknown-elf-gcc and build with --toolchain clang or gcc.',
    cause: error,
  })
}

async function integrityOf(path: string): Promise<string> {
  const hash = createHash('sha512')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return `sha512-${hash.digest('base64')}`
}
