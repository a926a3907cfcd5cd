import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeRom, romFromJson, romHash } from '@zisk/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInProcess } from './testing/run-in-process.ts'

const REGRESSIONS = join(import.meta.dirname, '../../../elf-regressions')
const elf = (name: string): string => join(REGRESSIONS, name, 'program.elf')
const FIBONACCI = elf('fibonacci')
const FIBONACCI_INPUT = join(REGRESSIONS, 'fibonacci/input.bin')
const SHA256 = elf('sha256-file')
/** SHA-256 of `abc`, FIPS 180-4. */
const ABC_DIGEST = [
  '0xba7816bf',
  '0x8f01cfea',
  '0x414140de',
  '0x5dae2223',
  '0xb00361a3',
  '0x96177a9c',
  '0xb410ff61',
  '0xf20015ad',
]

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-cli-'))
})
afterAll(() => rmSync(work, { recursive: true }))

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(work, name)
  writeFileSync(path, content)
  return path
}
/** A static RV64 ELF with one code segment at 0x8000_0000. */
function tinyElf(code: Uint8Array): Uint8Array {
  const elf = new Uint8Array(0x1000 + code.length)
  const view = new DataView(elf.buffer)
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  view.setUint16(16, 2, true)
  view.setUint16(18, 243, true)
  view.setUint32(20, 1, true)
  view.setBigUint64(24, 0x8000_0000n, true)
  view.setBigUint64(32, 64n, true)
  view.setUint16(52, 64, true)
  view.setUint16(54, 56, true)
  view.setUint16(56, 1, true)
  view.setUint32(64, 1, true)
  view.setUint32(68, 5, true)
  view.setBigUint64(72, 0x1000n, true)
  view.setBigUint64(80, 0x8000_0000n, true)
  view.setBigUint64(88, 0x8000_0000n, true)
  view.setBigUint64(96, BigInt(code.length), true)
  view.setBigUint64(104, BigInt(code.length), true)
  elf.set(code, 0x1000)
  return elf
}
const json = (text: string): Record<string, unknown> => JSON.parse(text)

describe('wrong usage ends with status 2, one error, and a remedy', () => {
  test.each([
    ['no command', [], 'USAGE'],
    ['an unknown command', ['rnu'], 'USAGE'],
    ['an unknown option', ['run', FIBONACCI, '--stat'], 'USAGE'],
    ['no program', ['run'], 'USAGE'],
    ['two different programs', ['run', FIBONACCI, '--elf', SHA256], 'USAGE'],
    ['two inputs', ['run', FIBONACCI, '--input', 'a', '--input-raw', 'b'], 'USAGE'],
    ['a missing program', ['run', '/nowhere/program.elf'], 'FILE_NOT_FOUND'],
    ['a directory as program', ['run', REGRESSIONS], 'NOT_A_FILE'],
    ['a missing input', ['run', FIBONACCI, '--input', '/nowhere'], 'FILE_NOT_FOUND'],
    ['a step limit of 0', ['run', FIBONACCI, '--max-steps', '0'], 'BAD_OPTION_VALUE'],
    ['a chunk size that is no power of two', ['run', FIBONACCI, '--chunk-size', '1000'], 'BAD_OPTION_VALUE'],
    ['a chunk size below 2^10', ['run', FIBONACCI, '--chunk-size', '512'], 'BAD_OPTION_VALUE'],
    ['an unknown executor', ['run', FIBONACCI, '--executor', 'magic'], 'BAD_OPTION_VALUE'],
    ['an unknown memory map', ['run', FIBONACCI, '--memory-map', 'v9'], 'BAD_OPTION_VALUE'],
    ['--format without --output', ['rom', FIBONACCI, '--format', 'json'], 'USAGE'],
  ])('%s', async (_name, argv, code) => {
    const text = await runInProcess(argv)
    expect(text.status).toBe(2)
    expect(text.stdout).toBe('')
    expect(text.stderr).toMatch(new RegExp(`^error\\[${code}\\]: .+`))
    expect(text.stderr).toContain('help: ')
    expect(text.stderr).not.toContain('    at ')
    const document = await runInProcess([...argv, '--json'])
    expect(document.status).toBe(2)
    expect(document.stderr).toBe('')
    expect(json(document.stdout)).toMatchObject({ ok: false, error: { code } })
  })

  test('a bad environment variable is named', async () => {
    const { status, stderr } = await runInProcess(['run', FIBONACCI], { env: { ZISK_CHUNK_SIZE: '7' } })
    expect(status).toBe(2)
    expect(stderr).toContain('ZISK_CHUNK_SIZE')
  })

  test('a misspelt command or option suggests the near one', async () => {
    expect((await runInProcess(['rnu'])).stderr).toContain('Did you mean run?')
    expect((await runInProcess(['run', FIBONACCI, '--stat'])).stderr).toContain('Did you mean --stats?')
  })

  test('--debug adds the stack', async () => {
    expect((await runInProcess(['run', '/nowhere/program.elf', '--debug'])).stderr).toContain('    at ')
  })
})

describe('bad programs and inputs', () => {
  test('a file that is no ELF ends with a typed error', async () => {
    const path = file('text.elf', 'no ELF '.repeat(20))
    const { status, stderr } = await runInProcess(['run', path])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^error\[ELF_BAD_MAGIC\]/)
    expect(stderr).toContain(`at: ${path}: offset 0`)
    expect(stderr).not.toContain('    at ')
  })

  test('unframed input names --input-raw', async () => {
    const { status, stderr } = await runInProcess(['run', FIBONACCI, '--input', file('raw.bin', 'abc')])
    expect(status).toBe(2)
    expect(stderr).toContain('INPUT_NOT_FRAMED')
    expect(stderr).toContain(`at: ${join(work, 'raw.bin')}: byte 3`)
    expect(stderr).toContain('--input-raw')
  })

  test('a bad JSON input tells the path of the value', async () => {
    const { status, stderr } = await runInProcess(['run', FIBONACCI, '--input', file('bad.json', '[{"u32": -1}]')])
    expect(status).toBe(2)
    expect(stderr).toContain(`at: ${join(work, 'bad.json')}: $[0].u32`)
  })

  test('an output that cannot be written leaves nothing behind', async () => {
    const target = join(work, 'no-such-directory', 'out.bin')
    const { status, stderr } = await runInProcess(['run', FIBONACCI, '--input', FIBONACCI_INPUT, '--output', target])
    expect(status).toBe(1)
    expect(stderr).toContain('FILE_NOT_WRITABLE')
    expect(readdirSync(work).filter((name) => name.includes('.tmp'))).toEqual([])
  })
})

describe('a real process', () => {
  const BIN = join(import.meta.dirname, 'bin.ts')
  const FROM_SOURCE = ['--conditions=zisk-source', '--import', 'tsx', BIN]

  test.skipIf(!existsSync('/dev/full'))('a full disk under standard output: status 1, one error, no stack', () => {
    const full = openSync('/dev/full', 'w')
    const run = spawnSync(process.execPath, [...FROM_SOURCE, 'rom', FIBONACCI, '--disassemble'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect(run.stderr).toMatch(/^error\[STREAM_NOT_WRITABLE\]: standard output expected to be writable, got ENOSPC\n/)
    expect(run.stderr).not.toContain('    at ')
    expect(run.status).toBe(1)
  })

  test('a reader that goes away ends a listing quietly', async () => {
    const child = spawn(process.execPath, [...FROM_SOURCE, 'trace', FIBONACCI, '--count', '50000'])
    let stderr = ''
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const ended = await new Promise((resolve) => child.on('close', (...how) => resolve(how)))
    expect({ ended, stderr }).toEqual({ ended: [0, null], stderr: '' })
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s during a run ends it with status %i, a summary, and no output file', async (signal, status) => {
    // lui t0, 0x50000; slli t0, t0, 1; addi t0, t0, 0x200; addi a0, x0, 65; sb a0, 0(t0); j .
    const code = [0x5000_02b7, 0x0012_9293, 0x2002_8293, 0x0410_0513, 0x00a2_8023, 0x0000_006f]
    const endless = file('endless.elf', tinyElf(new Uint8Array(Uint32Array.from(code).buffer)))
    const output = join(work, `interrupted-${signal}.bin`)
    const child = spawn(process.execPath, [...FROM_SOURCE, 'run', endless, '--output', output])
    let stderr = ''
    child.stderr.on('data', (text) => {
      stderr += text
    })
    // The guest says A, then it says nothing any more.
    child.stdout.once('data', () => child.kill(signal))
    const [ended, by] = await new Promise<[number | null, string | null]>((resolve) =>
      child.on('close', (...how) => resolve(how)),
    )
    expect({ status: ended, by }).toEqual({ status, by: null })
    expect(stderr).toMatch(new RegExp(`^[0-9,]+ steps in .*\\nerror\\[INTERRUPTED\\]: ended by ${signal}`))
    expect(readdirSync(work).filter((name) => name.startsWith('interrupted'))).toEqual([])
  })

  test.each([
    ['trace', '--from', '1000000000000'],
    ['trace', '--analyze'],
    ['bench', '--max-steps', '1000000000000'],
  ])('SIGINT during %s %s: status 130, one line, no stack trace, nothing on stdout', async (command, ...options) => {
    const endless = file('endless-loop.elf', tinyElf(new Uint8Array(Uint32Array.of(0x0000_006f).buffer)))
    // The command is under way once it looks at signals itself.
    const preload = file(
      'ready.mjs',
      "process.on('newListener', (name) => name === 'SIGINT' && console.error('ready'))",
    )
    const argv = ['--import', preload, ...FROM_SOURCE, command, endless, ...options]
    const child = spawn(process.execPath, argv)
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (text) => {
      stdout += text
    })
    child.stderr.on('data', (text) => {
      if (stderr === '') setTimeout(() => child.kill('SIGINT'), 50)
      stderr += text
    })
    const status = await new Promise((resolve) => child.on('close', resolve))
    expect({ status, stdout }).toEqual({ status: 130, stdout: '' })
    expect(stderr).toMatch(/^ready\nerror\[INTERRUPTED\]: ended by SIGINT; nothing was written\n/)
    expect(stderr).not.toContain('    at ')
  })

  test('a folder that does not exist is found before the run, not after it', async () => {
    const endless = ['run', elf('fault-endless-loop'), '--max-steps', '1000000000000']
    for (const option of ['--output', '--signature']) {
      const { status, stderr } = await runInProcess([...endless, option, '/nonexistent/file'])
      expect(stderr).toMatch(/^error\[FILE_NOT_WRITABLE\]/)
      expect(status).toBe(1)
    }
  })
})

describe('output files', () => {
  test.each([
    ['run', '--output'],
    ['run', '--signature'],
    ['rom', '--output'],
    ['setup', '--output'],
  ])('%s %s never takes the place of the program that is read, nor of a folder', async (command, option) => {
    const program = file('own.elf', readFileSync(FIBONACCI))
    const link = join(work, `link-${command}${option}.elf`)
    symlinkSync(program, link)
    for (const output of [program, link]) {
      const { status, stderr } = await runInProcess([command, program, option, output])
      expect(stderr).toMatch(`error[USAGE]: ${option} expected a file of its own, got '${program}', which is read`)
      expect(status).toBe(2)
    }
    expect(readFileSync(program)).toEqual(readFileSync(FIBONACCI))
    const { status, stderr } = await runInProcess([command, program, option, work])
    expect(stderr).toMatch(/^error\[FILE_NOT_WRITABLE\]: output file expected to be writable, got a folder\n/)
    expect(status).toBe(1)
  })

  test.each([
    ['run', '--output'],
    ['run', '--signature'],
    ['prove', '--output'],
  ])('%s %s never takes the place of a file that a JSON input names', async (command, option) => {
    const named = file('named.bin', 'abc')
    const input = file('names.json', '[{"file": "named.bin"}]')
    const { status, stderr } = await runInProcess([command, SHA256, '--input', input, option, named])
    expect(stderr).toMatch(`error[USAGE]: ${option} expected a file of its own, got '${named}', which is read`)
    expect(status).toBe(2)
    expect(readFileSync(named, 'utf8')).toBe('abc')
  })

  test('outputs never take the place of the input', async () => {
    const input = file('own.bin', readFileSync(FIBONACCI_INPUT))
    const { status } = await runInProcess(['run', FIBONACCI, '--input', input, '--output', input])
    expect(status).toBe(2)
    expect(readFileSync(input)).toEqual(readFileSync(FIBONACCI_INPUT))
  })
})

describe('guests that fail', () => {
  test('a fault: status 4, place with symbol and line, registers', async () => {
    const { status, stderr } = await runInProcess(['run', elf('null-pointer-dwarf5')])
    expect(status).toBe(4)
    expect(stderr).toMatch(/error\[INVALID_READ\]: read of unmapped memory: \d bytes? at 0x8/)
    expect(stderr).toMatch(/at: pc 0x[0-9a-f]+ in third_value\+0x[0-9a-f]+ \(.*null-pointer\.c:\d+\), step \d+/)
    expect(stderr).toMatch(/ra 0x[0-9a-f]+ +sp 0x/)
  })

  test('a non-zero exit code: status 4, or 0 with --allow-failure; its text is on stdout', async () => {
    const failed = await runInProcess(['run', elf('exit-panic')])
    expect(failed.status).toBe(4)
    expect(failed.stdout).toContain('panic')
    expect(failed.stderr).toContain('error[GUEST_EXIT]')
    expect((await runInProcess(['run', elf('exit-panic'), '--allow-failure'])).status).toBe(0)
  })

  test('--allow-failure does not accept a fault', async () => {
    expect((await runInProcess(['run', elf('fault-zero'), '--allow-failure'])).status).toBe(4)
  })

  describe.each([
    // lui t0, 1; addi t0, t0, 4; jr t0
    ['a jump to the end of the BIOS', 'ENDED_WITHOUT_PUBLISHING', [0x0000_12b7, 0x0042_8293, 0x0002_8067]],
    // mv a3, a1; li a1, 33; li a2, 32; lui t0, 1; addi t0, t0, 0x130; jr t0: the exit code twice
    [
      'a jump into the loop of the BIOS',
      'INVALID_PUBLICATION',
      [0x0005_8693, 0x0210_0593, 0x0200_0613, 0x0000_12b7, 0x1302_8293, 0x0002_8067],
    ],
  ])('%s', (_, code, words) => {
    const program = new Uint8Array(Uint32Array.from(words.length % 2 === 0 ? words : [...words, 0]).buffer)

    test.each(['run', 'execute', 'check', 'prove'])('zisk %s fails as the guest did', async (command) => {
      const { status, stderr } = await runInProcess([command, file(`${code}.elf`, tinyElf(program)), '--allow-failure'])
      expect(status).toBe(4)
      expect(stderr).toContain(`error[${code}]`)
    })
  })

  test('an endless loop meets the step limit: status 5', async () => {
    const { status, stdout } = await runInProcess([
      'run',
      elf('fault-endless-loop'),
      '--max-steps',
      '100_000',
      '--json',
    ])
    expect(status).toBe(5)
    expect(json(stdout)).toMatchObject({
      ok: false,
      outcome: 'stepLimit',
      steps: 100_000,
      error: { code: 'STEP_LIMIT' },
    })
  })
})

describe('run', () => {
  test('plain bytes from a file and from stdin give the digest', async () => {
    const abc = new TextEncoder().encode('abc')
    const fromFile = await runInProcess(['run', SHA256, '--input-raw', file('abc.txt', abc), '--json'])
    const fromStdin = await runInProcess(['run', '--elf', SHA256, '--input-raw', '-', '--json'], { stdin: abc })
    for (const { status, stdout, stderr } of [fromFile, fromStdin]) {
      expect(status).toBe(0)
      expect(stderr).toBe('')
      const document = json(stdout)
      expect(document).toMatchObject({ ok: true, outcome: 'exited', exitBound: true, exitCode: '0' })
      expect((document['outputs'] as string[]).slice(0, 8)).toEqual(ABC_DIGEST)
    }
  })

  test('typed JSON values, and files relative to the JSON file', async () => {
    file('payload.bin', 'abc')
    const input = file('args.json', '[{"file": "payload.bin"}]')
    const { stdout } = await runInProcess(['run', SHA256, '--input', input, '--json'])
    expect((json(stdout)['outputs'] as string[]).slice(0, 8)).toEqual(ABC_DIGEST)
  })

  test('--output holds the 64 words; the summary is on stderr and can be silenced', async () => {
    const output = join(work, 'publics.bin')
    const argv = ['run', SHA256, '--input-raw', file('abc2.txt', 'abc'), '--output', output]
    const { status, stdout, stderr } = await runInProcess(argv)
    expect([status, stdout]).toEqual([0, ''])
    expect(stderr).toMatch(/^exit code 0, [\d,]+ steps in .+ M steps\/s, .+\noutputs 0xba7816bf /)
    const bytes = readFileSync(output)
    expect(bytes.length).toBe(256)
    expect(bytes.readUInt32LE(0)).toBe(0xba7816bf)
    expect((await runInProcess([...argv, '--quiet'])).stderr).toBe('')
  })

  test('an ELF without the ABI note says that its exit code is not bound, and --exit-code a0 binds it', async () => {
    expect((await runInProcess(['run', elf('stock-exit')])).stderr).toContain('exit code not bound (ZisK ABI)')
    const { stdout } = await runInProcess(['run', elf('stock-exit'), '--exit-code', 'a0', '--allow-failure', '--json'])
    expect(json(stdout)).toMatchObject({ exitBound: true })
  })

  test('--stats counts the same with any chunk size and number of threads', async () => {
    const argv = ['run', SHA256, '--input-raw', file('abc3.txt', 'abc'), '--stats', '--json']
    const [one, two] = await Promise.all([
      runInProcess([...argv, '--threads', '1', '--chunk-size', '2^10']),
      runInProcess(argv, { env: { ZISK_THREADS: '2', ZISK_CHUNK_SIZE: '4096' } }),
    ])
    const stats = json(one.stdout)['stats'] as { steps: number; operations: Record<string, number> }
    expect(json(two.stdout)['stats']).toEqual(stats)
    expect(Object.values(stats.operations).reduce((sum, count) => sum + count, 0)).toBe(stats.steps)
  })

  test('--signature writes the counted words of the output area', async () => {
    const signature = join(work, 'signature.txt')
    const { status } = await runInProcess([
      'run',
      FIBONACCI,
      '--input-raw',
      file('n.bin', new Uint8Array([3, 0, 0, 0, 0, 0, 0, 0])),
      '--signature',
      signature,
    ])
    expect(status).toBe(0)
    // Output word 0 of this guest is n = 3: three words follow.
    expect(readFileSync(signature, 'utf8')).toMatch(/^([0-9a-f]{8}\n){3}$/)
  })
})

describe('rom', () => {
  test('binary, JSON and --digest agree', async () => {
    const binary = join(work, 'fibonacci.rom')
    const text = join(work, 'fibonacci.json')
    const { stdout } = await runInProcess(['rom', FIBONACCI, '--output', binary, '--digest'])
    await runInProcess(['rom', FIBONACCI, '--output', text, '--format', 'json'])
    const digest = stdout.trim()
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    const hashes = [
      decodeRom(new Uint8Array(readFileSync(binary))),
      romFromJson(JSON.parse(readFileSync(text, 'utf8'))),
    ]
    expect(hashes.map((rom) => Buffer.from(romHash(rom)).toString('hex'))).toEqual([digest, digest])
  })

  test('--disassemble shows symbols, encodings and ZisK instructions', async () => {
    const { stdout } = await runInProcess(['rom', FIBONACCI, '--disassemble'])
    expect(stdout).toContain('\nmain:\n')
    expect(stdout).toMatch(/0x1004 .+copyb/)
  })
})

describe('trace, bench, info', () => {
  test('trace lists the steps asked for', async () => {
    const { status, stdout } = await runInProcess([
      'trace',
      FIBONACCI,
      '--input',
      FIBONACCI_INPUT,
      '--from',
      '5',
      '--count',
      '3',
    ])
    expect(status).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.trim().split(' ')[0]),
    ).toEqual(['5', '6', '7'])
  })

  test('trace --analyze finds the hot function', async () => {
    const { status, stdout } = await runInProcess([
      'trace',
      '--analyze',
      SHA256,
      '--input-raw',
      file('long.txt', 'x'.repeat(5000)),
      '--json',
    ])
    expect(status).toBe(0)
    const [hottest] = json(stdout)['functions'] as { name: string }[]
    expect(hottest?.name).toBe('compress')
  })

  test.each([[[]], [['--analyze']]])(
    'trace %j of a guest that faults says so, and what was seen of it',
    async (options) => {
      const argv = ['trace', elf('fault-zero'), ...options]
      const { status, stdout, stderr } = await runInProcess([...argv, '--json'])
      const { code } = json((await runInProcess(['run', elf('fault-zero'), '--json'])).stdout)['error'] as {
        code: string
      }
      expect({ status, stderr }).toEqual({ status: 4, stderr: '' })
      expect(json(stdout)).toMatchObject({ ok: false, command: 'trace', error: { code } })
      expect(json(stdout)['steps']).toBeTruthy()
      const text = await runInProcess(argv)
      expect(text).toMatchObject({ status: 4, stderr: expect.stringContaining(`error[${code}]`) })
      expect(text.stdout).not.toBe('')
    },
  )

  test('bench prints a row per executor and trace mode', async () => {
    const { status, stdout } = await runInProcess([
      'bench',
      FIBONACCI,
      '--input',
      FIBONACCI_INPUT,
      '--repeat',
      '1',
      '--max-steps',
      '20000',
      '--json',
    ])
    expect(status).toBe(0)
    const results = json(stdout)['results'] as { name: string; seconds: number }[]
    expect(results.map(({ name }) => name)).toContain('interpreter + minimal trace')
    for (const { seconds } of results) expect(seconds).toBeGreaterThan(0)
  })

  test('info tells about the machine or the ELF', async () => {
    expect(json((await runInProcess(['info', '--json'])).stdout)).toMatchObject({ ok: true, wasm: { simd: true } })
    const empty = await runInProcess(['info'], { env: { ZISK_HOME: join(work, 'no-home') } })
    expect(empty.stdout).toMatch(/^caches +none yet/m)
    expect((await runInProcess(['info'], { env: { ZISK_HOME: work } })).stdout).toContain(work)
    const { stdout } = await runInProcess(['info', FIBONACCI])
    expect(stdout).toMatch(/memory map +v0\.18 \(found from its code\)/)
    expect(stdout).toMatch(/ABI note +version 1/)
  })

  test('every command has help with examples', async () => {
    for (const command of ['run', 'rom', 'trace', 'bench', 'info']) {
      const { status, stdout } = await runInProcess([command, '--help'])
      expect(status).toBe(0)
      expect(stdout).toContain('Examples:')
    }
  })
})
