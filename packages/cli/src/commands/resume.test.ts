import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProgressEvent } from '@zisk/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInProcess } from '../testing/run-in-process.ts'

const GUEST = join(import.meta.dirname, '../../../../elf-regressions/large-bss/program.elf')
const BIN = join(import.meta.dirname, '../bin.ts')
const SETTINGS = ['prove', GUEST, '--profile', 'test', '--threads', '1', '--shard-cells', '400000', '--json-events']

let folder = ''
let workDir = ''
let whole: Buffer

/** Proves in this process and gives the phases that it went through. */
async function prove(output: string, ...argv: string[]): Promise<readonly ProgressEvent[]> {
  const { status, stderr } = await runInProcess([...SETTINGS, '-q', '-o', join(folder, output), ...argv])
  expect(status, stderr).toBe(0)
  const lines = stderr.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as ProgressEvent)
}

const phases = (events: readonly ProgressEvent[]): string[] =>
  events.flatMap(({ phase, shard, within }) => (shard === undefined || within ? [] : [`${phase} ${shard}`]))

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zisk-resume-'))
  workDir = join(folder, 'work')
  const events = await prove('whole.proof')
  whole = readFileSync(join(folder, 'whole.proof'))
  expect(events.at(-1)?.phase).toBe('verify')
  expect(events.find(({ phase }) => phase === 'stage1')?.shards).toBe(SHARDS)
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true }))

const SHARDS = 3

/** Proves in a process of its own and kills it, without warning, when a phase begins: of a shard, where it is one of shards. */
async function killAt(phase: string, shard: number | undefined): Promise<void> {
  const argv = ['--conditions=zisk-source', '--import', 'tsx', BIN, ...SETTINGS]
  const output = ['-o', join(folder, 'killed.proof'), '--work-dir', workDir]
  const child = spawn(process.execPath, [...argv, ...output], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise((resolve) => child.on('exit', (_, by) => resolve(by)))
  let text = ''
  child.stderr.on('data', (chunk: Buffer) => {
    text += String(chunk)
    const of = shard === undefined ? '' : `"shard":${shard},`
    if (text.split('\n').some((line) => line.includes(`"${phase}"`) && line.includes(of))) child.kill('SIGKILL')
  })
  expect(await ended, text).toBe('SIGKILL')
}

/** The finished pieces: a file that is written again is another one. */
const pieces = (): readonly string[] =>
  (existsSync(workDir) ? readdirSync(workDir) : [])
    .filter((name) => !name.startsWith('.'))
    .map((name) => `${name} ${statSync(join(workDir, name)).ino}`)

const kinds = (): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const piece of pieces()) counts[piece.split('-')[0]!] = (counts[piece.split('-')[0]!] ?? 0) + 1
  return counts
}

describe('a proof with a work folder', () => {
  // Each is killed later than the one before and goes on from there; shards are proved from the last to the first.
  test.each([
    ['setup', undefined],
    ['execute', undefined],
    ['stage1', 1],
    ['stage2', 2],
    ['quotient', 2],
    ['openings', 2],
    ['folding', 1],
    ['queries', 1],
  ] as const)('is killed at %s of shard %s and leaves no proof', async (phase, shard) => {
    const kept = pieces()
    await killAt(phase, shard)
    expect(readdirSync(folder).filter((name) => name.startsWith('killed'))).toEqual([])
    // What was finished is not made again.
    expect(pieces()).toEqual(expect.arrayContaining([...kept]))
    if (shard !== undefined) expect(kinds()).toMatchObject({ chunk: 1, chunks: 1, plan: 1 })
  })

  test('goes on where it was killed, to the bytes of one that was not', async () => {
    const kept = pieces()
    const done = phases(await prove('resumed.proof', '--work-dir', workDir))
    expect(readFileSync(join(folder, 'resumed.proof'))).toEqual(whole)
    // Shard 2 was finished; shard 0 was committed, and is committed again because its columns are gone.
    expect(done.filter((phase) => phase.endsWith(' 2'))).toEqual([])
    expect(done).toContain('stage1 0')
    expect(pieces()).toEqual(expect.arrayContaining([...kept]))
  })

  test('is killed when all is proved', async () => {
    await killAt('verify', undefined)
    expect(kinds()).toEqual({ chunk: 1, chunks: 1, plan: 1, start: SHARDS, shard: SHARDS })
  })

  test('proves nothing again when everything is there', async () => {
    expect(phases(await prove('again.proof', '--work-dir', workDir))).toEqual([])
    expect(readFileSync(join(folder, 'again.proof'))).toEqual(whole)
  })

  test('does damaged pieces again', async () => {
    const damage: ((bytes: Buffer) => Uint8Array)[] = [
      (bytes) => bytes.map((byte, at) => (at === bytes.length - 40 ? byte ^ 1 : byte)),
      (bytes) => bytes.subarray(0, bytes.length >> 1),
      () => new Uint8Array(0),
    ]
    const names = readdirSync(workDir).filter((name) => !name.startsWith('.'))
    expect(names.length).toBe(2 * SHARDS + 3)
    for (const [i, name] of names.entries()) {
      const path = join(workDir, name)
      writeFileSync(path, damage[i % damage.length]!(readFileSync(path)))
    }
    const done = phases(await prove('mended.proof', '--work-dir', workDir))
    expect(new Set(done).size).toBe(6 * SHARDS)
    expect(readFileSync(join(folder, 'mended.proof'))).toEqual(whole)
  })

  test('takes nothing from another run', async () => {
    const done = phases(await prove('other.proof', '--work-dir', workDir, '--shard-cells', '1500000'))
    // One shard, from its first phase to its last.
    expect(done).toEqual(['stage1 0', 'stage2 0', 'quotient 0', 'openings 0', 'folding 0', 'queries 0'])
  })
})
