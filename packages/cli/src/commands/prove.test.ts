import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandResult, runInProcess } from '../testing/run-in-process.ts'

const REGRESSIONS = join(import.meta.dirname, '../../../../elf-regressions')
const elf = (name: string): string => join(REGRESSIONS, name, 'program.elf')
const GUEST = elf('large-bss')
const FAILING = elf('exit-code')

let work = ''
let proof = ''
let proven: Record<string, unknown>
let failing = ''

const run = (...argv: string[]): Promise<CommandResult> => runInProcess(argv)
const prove = (...argv: string[]): Promise<CommandResult> =>
  run('prove', '--profile', 'test', '--threads', '1', ...argv)
const json = ({ stdout }: CommandResult): Record<string, unknown> => JSON.parse(stdout)
const errorCode = (result: CommandResult): unknown => (json(result)['error'] as Record<string, unknown>)['code']

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'zisk-prove-'))
  proof = join(work, 'run.proof')
  failing = join(work, 'failing.proof')
  symlinkSync(GUEST, join(work, 'link'))
  const result = await prove(GUEST, '-o', proof, '--json')
  expect([result.status, result.stderr]).toEqual([0, ''])
  proven = json(result)
  const input = join(REGRESSIONS, 'exit-code/input.bin')
  const failed = await prove('--elf', FAILING, '--input', input, '-o', failing, '--allow-failure')
  expect(failed.status).toBe(0)
}, 120_000)
afterAll(() => rmSync(work, { recursive: true }))

describe('prove', () => {
  test('prints one document with digest, outputs, phases and sizes', () => {
    expect(proven).toMatchObject({ ok: true, command: 'prove', profile: 'test', selfVerified: true, exitBound: true })
    expect(proven['programDigest']).toMatch(/^[0-9a-f]{64}$/)
    expect(proven['proofBytes']).toBe(readFileSync(proof).length)
    expect((proven['phases'] as { phase: string }[]).map(({ phase }) => phase)).toContain('quotient')
  })

  test('names what was proven on stderr, and nothing on stdout', async () => {
    const { status, stdout, stderr } = await prove(GUEST, '-o', join(work, 'again.proof'))
    expect([status, stdout]).toEqual([0, ''])
    expect(stderr).toContain(`program  ${proven['programDigest']}`)
    expect(stderr).toMatch(/again\.proof.*verified/)
    expect(readFileSync(join(work, 'again.proof'))).toEqual(readFileSync(proof))
  })

  test('several shards give another proof of the same run, which verifies', async () => {
    const sharded = join(work, 'sharded.proof')
    const result = await prove(GUEST, '-o', sharded, '--shard-cells', '400000', '--json')
    expect(json(result)['shards']).toBeGreaterThan(1)
    expect((await run('verify', sharded, '--elf', GUEST, '--allow-insecure')).status).toBe(0)
  })

  test.each([
    ['a guest that ends with an exit code', 4, 'GUEST_EXIT', () => [FAILING, '--input-raw', FAILING]],
    ['a guest that faults', 4, 'INVALID_READ', () => [elf('null-pointer-dwarf5')]],
    ['a guest that does not end', 5, 'STEP_LIMIT', () => [elf('fault-endless-loop'), '--max-steps', '1000']],
    ['an output that is the program', 2, 'USAGE', () => [GUEST, '-o', GUEST]],
    ['an output in no folder', 1, 'FILE_NOT_WRITABLE', () => [GUEST, '-o', join(work, 'no', 'such', 'folder')]],
    ['an output that is the program by another name', 2, 'USAGE', () => [GUEST, '-o', join(work, 'link')]],
    ['a proof and a document on one stream', 2, 'USAGE', () => [GUEST, '-o', '-']],
    ['an unknown profile', 2, 'BAD_OPTION_VALUE', () => [GUEST, '--profile', 'fast']],
    ['memory that is not enough for anything', 2, 'BAD_OPTION_VALUE', () => [GUEST, '--max-memory', '1M']],
    ['a work folder that is a file', 1, 'WORK_FOLDER_NOT_WRITABLE', () => [GUEST, '--work-dir', GUEST]],
  ])('%s: status %i, and no proof file', async (_, status, code, argv) => {
    const output = join(work, 'refused.proof')
    const result = await prove('-o', output, ...argv(), '--json')
    expect([result.status, errorCode(result)]).toEqual([status, code])
    expect(existsSync(output)).toBe(false)
    expect(readFileSync(GUEST).subarray(0, 4).toString('latin1')).toBe('\x7fELF')
  })
})

describe('verify', () => {
  const named = (): [string, string] => ['--program', String(proven['programDigest'])]

  test.each([
    ['the program', () => ['--elf', GUEST]],
    ['its digest', named],
    ['any program', () => ['--any-program']],
  ])('accepts against %s, and prints digest, outputs, exit code and security', async (_, how) => {
    const result = await run('verify', proof, ...how(), '--allow-insecure', '--json')
    expect(result.status).toBe(0)
    const { programDigest, outputs, exitCode, exitBound } = proven
    expect(json(result)).toMatchObject({ ok: true, verified: true, programDigest, outputs, exitCode, exitBound })
    expect(json(result)).toHaveProperty('securityBits')
  })

  test('from standard input', async () => {
    const argv = ['verify', '-', ...named(), '--allow-insecure', '--json']
    expect((await runInProcess(argv, { stdin: readFileSync(proof) })).status).toBe(0)
    expect((await runInProcess(argv, { stdin: new Uint8Array(0) })).status).toBe(3)
  })

  test('says what was shown, and no more', async () => {
    const text = async (...how: string[]): Promise<string> => (await run('verify', proof, ...how)).stdout
    expect(await text(...named(), '--allow-insecure')).toMatch(/INSECURE: this proves nothing/)
  })

  test('exit code not bound', async () => {
    const output = join(work, 'stock.proof')
    expect((await prove(elf('stock-exit'), '-o', output)).status).toBe(0)
    const { stdout } = await run('verify', output, '--elf', elf('stock-exit'), '--allow-insecure')
    expect(stdout).toContain('exit code not bound (ZisK ABI)')
    const bound = await run('verify', output, '--elf', elf('stock-exit'), '--exit-code', 'a0', '--json')
    expect(bound.status).toBe(3)
  })

  test.each([
    ['no program', 2, 'USAGE', () => []],
    ['two programs', 2, 'USAGE', () => ['--any-program', '--elf', GUEST]],
    ['a digest that is none', 2, 'BAD_OPTION_VALUE', () => ['--program', 'abc']],
    ['an exit code source beside a digest', 2, 'USAGE', () => [...named(), '--exit-code', 'a0']],
    ['a memory map for any program', 2, 'USAGE', () => ['--any-program', '--memory-map', 'v0.12']],
    ['another program', 3, 'PROOF_PROGRAM_MISMATCH', () => ['--elf', elf('exit-code')]],
    ['another digest', 3, 'PROOF_PROGRAM_MISMATCH', () => ['--program', 'ab'.repeat(32)]],
  ])('%s: status %i', async (_, status, code, how) => {
    const result = await run('verify', proof, ...how(), '--allow-insecure', '--json')
    expect([result.status, errorCode(result)]).toEqual([status, code])
  })

  test('the insecure profile is refused unless asked for', async () => {
    const result = await run('verify', proof, ...named(), '--json')
    expect([result.status, errorCode(result)]).toEqual([3, 'PROOF_PARAMETERS_REFUSED'])
  })

  test('a run that failed: status 4, or 0 when that is allowed', async () => {
    const argv = ['verify', failing, '--elf', FAILING, '--allow-insecure', '--json']
    const refused = await run(...argv)
    expect([refused.status, errorCode(refused)]).toEqual([4, 'PROOF_RUN_FAILED'])
    const allowed = await run(...argv, '--allow-failure')
    expect([allowed.status, json(allowed)['exitCode']]).toEqual([0, '42'])
  })

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
    ['with a byte more', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0])])],
    [
      'changed in the middle',
      (bytes: Buffer) => Buffer.from(bytes.map((b, at) => (at === bytes.length >> 1 ? b ^ 1 : b))),
    ],
    ['empty', () => Buffer.alloc(0)],
    ['that is an ELF', () => readFileSync(GUEST)],
  ])('a proof %s: status 3', async (_, change) => {
    const path = join(work, 'changed.proof')
    writeFileSync(path, change(readFileSync(proof)))
    const result = await run('verify', path, ...named(), '--allow-insecure', '--json')
    expect([result.status, json(result)['ok']]).toEqual([3, false])
  })
})

test.each([
  ['version', 10],
  ['setup', 13],
])('a proof of another %s: status 6', async (_, at) => {
  const path = join(work, 'incompatible.proof')
  const bytes = readFileSync(proof)
  bytes[at]! ^= 1
  writeFileSync(path, bytes)
  expect((await run('verify', path, '--any-program', '--allow-insecure')).status).toBe(6)
})

test('inspect names the AIRs of the machine, also of a proof that nobody would accept', async () => {
  const { status, stdout } = await run('inspect', proof)
  expect(status).toBe(0)
  expect(stdout).toMatch(/shard 0 +Main +segment 0/)
  expect(stdout).toMatch(/Security: [\d.]+ bits/)
  const path = join(work, 'damaged.proof')
  const bytes = readFileSync(proof)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(path, bytes)
  expect((await run('inspect', path)).stdout).toContain('Main')
})

test('setup prints the digest that prove binds', async () => {
  const result = await run('setup', GUEST, '--json')
  expect(json(result)['programDigest']).toBe(proven['programDigest'])
})

describe('an interruption', () => {
  const BIN = join(import.meta.dirname, '../bin.ts')
  const started = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => child.stderr!.once('data', () => resolve()))

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s during a proof: status %i, nothing written', async (signal, status) => {
    const folder = mkdtempSync(join(work, 'interrupted-'))
    const argv = [
      '--conditions=zisk-source',
      '--import',
      'tsx',
      BIN,
      'prove',
      elf('rv64m'),
      '-o',
      join(folder, 'proof'),
    ]
    const child = spawn(process.execPath, [...argv, '--json-events'], { stdio: ['ignore', 'ignore', 'pipe'] })
    const ended = new Promise((resolve) => child.on('exit', (code, by) => resolve(code ?? by)))
    await started(child)
    child.kill(signal)
    expect(await ended).toBe(status)
    expect(readdirSync(folder)).toEqual([])
  })
})
