import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

// What Ctrl-C and SIGTERM do to a build and to an installation: everything that they started ends, nothing is left half
// done. The compiler is a script that starts another program and would take a minute, like cargo and rustc.

const BIN = join(import.meta.dirname, '../bin.ts')
const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-interruption-'))
})
afterEach(() => rmSync(work, { recursive: true }))

/** Starts the command line as a process of its own. */
function start(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const node = ['--conditions=zisk-source', '--import', import.meta.resolve('tsx'), BIN]
  return spawn(process.execPath, [...node, ...args], { cwd: work, env: { ...process.env, ...env }, stdio: 'pipe' })
}

/** What a process says on standard error, and how it ends. */
async function ending(child: ChildProcess): Promise<{ status: number | null; stderr: string; stdout: string }> {
  let [stdout, stderr] = ['', '']
  child.stdout!.on('data', (text) => {
    stdout += text
  })
  child.stderr!.on('data', (text) => {
    stderr += text
  })
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { status, stdout, stderr }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10))
}

function isAlive(pid: number): boolean {
  try {
    // One that has ended, and that nobody has asked about, is a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const filesBelow = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []

describe.each(SIGNALS)('%s', (signal, status) => {
  test('during a build ends the compiler and what it started, and leaves an older ELF', async () => {
    mkdirSync(join(work, 'bin'))
    mkdirSync(join(work, 'build'))
    writeFileSync(join(work, 'main.c'), 'int main(void) { return 0; }\n')
    writeFileSync(join(work, 'build/guest.elf'), 'older')
    // --version answers; anything else writes some of its output, and then hangs with a child that hangs.
    const script = `#!/bin/sh
if [ "$1" = --version ]; then echo clang 99; exit; fi
for last; do :; done
echo partial > "$last"
sleep 60 &
echo $$ $! >> '${work}/pids'
wait
`
    writeFileSync(join(work, 'bin/clang'), script)
    chmodSync(join(work, 'bin/clang'), 0o755)
    const child = start(['build', '--toolchain', 'clang', '--output', 'build/guest.elf'], {
      PATH: `${join(work, 'bin')}:${process.env['PATH']}`,
      ZISK_HOME: join(work, 'home'),
    })
    const end = ending(child)
    await until(() => existsSync(join(work, 'pids')) && readFileSync(join(work, 'pids'), 'utf8').endsWith('\n'))
    child.kill(signal)
    const { stdout, ...ended } = await end
    expect({ stdout, ...ended }).toEqual({
      status,
      stdout: '',
      stderr: `error[INTERRUPTED]: ended by ${signal}; no ELF was written, an older one is as it was\n`,
    })
    const pids = readFileSync(join(work, 'pids'), 'utf8').trim().split(/\s+/).map(Number)
    expect(pids.length).toBeGreaterThanOrEqual(2)
    expect(pids.filter(isAlive)).toEqual([])
    expect(readFileSync(join(work, 'build/guest.elf'), 'utf8')).toBe('older')
    expect(filesBelow(join(work, 'build')).filter((name) => /\.(tmp|o|d)$/.test(name))).toEqual([])
  })

  test('during a download keeps what came, and the next run asks for the rest only', async () => {
    const ranges: (string | undefined)[] = []
    const registry = createServer((request, response) => {
      ranges.push(request.headers.range)
      // The second time: the rest, of which the integrity is wrong.
      if (request.headers.range !== undefined) response.writeHead(206).end('rest')
      else response.writeHead(200, { 'content-length': 1000 }).write('part')
    })
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
    try {
      const env = { ZISK_HOME: join(work, 'home'), npm_config_registry: addressOf(registry) }
      const child = start(['toolchain', 'install'], env)
      const end = ending(child)
      const downloads = join(work, 'home/toolchains/.downloads')
      await until(() => filesBelow(downloads).some((name) => readFileSync(join(downloads, name), 'utf8') === 'part'))
      child.kill(signal)
      const { stderr, ...ended } = await end
      expect(ended).toEqual({ status, stdout: '' })
      expect(stderr).toMatch(
        new RegExp(`error\\[INTERRUPTED\\]: ended by ${signal}; run it again: what was downloaded is kept\\n$`),
      )
      expect(readdirSync(join(work, 'home'))).toEqual(['toolchains'])
      expect(readdirSync(join(work, 'home/toolchains'))).toEqual(['.downloads'])
      const again = await ending(start(['toolchain', 'install'], env))
      expect(again.stderr).toContain('error[DOWNLOAD_CORRUPT]')
      expect(again.status).toBe(1)
      expect(ranges).toEqual([undefined, 'bytes=4-'])
      expect(readdirSync(join(work, 'home/toolchains'))).toEqual(['.downloads'])
      expect(filesBelow(downloads)).toEqual([])
    } finally {
      registry.closeAllConnections()
      registry.close()
    }
  })
})

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
