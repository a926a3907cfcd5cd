import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodePilout, encodeWitness, witnessFromJson } from '@zisk/air'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allCommands, examplesOf } from '../testing/all-commands.ts'
import { type CommandResult, runInProcess } from '../testing/run-in-process.ts'
import { writeStubCompilers } from '../testing/stub-compiler.ts'

const COMMANDS = await allCommands()
const EXAMPLES = (await Promise.all(COMMANDS.map((command) => examplesOf(command)))).flat()
const ROOT = join(import.meta.dirname, '../../../..')

test('there is help for every command', () => expect(COMMANDS.length).toBeGreaterThan(18))

test.each(COMMANDS.map((command) => [command.join(' '), command] as const))(
  'zisk %s has a description, and two examples that begin with its name',
  async (name, command) => {
    const { status, stdout } = await runInProcess([...command, '--help'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^Usage: .*\n\n[A-Z].{20}/)
    const examples = await examplesOf(command)
    expect(examples.filter((line) => `${line} `.includes(`zisk ${name} `)).length).toBeGreaterThanOrEqual(2)
  },
)

describe('the examples of the help run as they stand', () => {
  let work = ''
  let digest = ''
  const before = process.cwd()
  const run = (argv: readonly string[]): Promise<CommandResult> =>
    runInProcess(argv, { env: { ...process.env, ZISK_HOME: join(work, 'home') } })
  const mustRun = async (...argv: string[]): Promise<CommandResult> => {
    const result = await run(argv)
    expect(result).toMatchObject({ status: 0 })
    return result
  }

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'zisk-examples-'))
    process.chdir(work)
    // Worker threads load their TypeScript by it, from the current folder.
    mkdirSync('node_modules')
    symlinkSync(join(ROOT, 'node_modules/tsx'), 'node_modules/tsx')
    writeStubCompilers(work)
    mkdirSync('lib')
    copyFileSync(join(ROOT, 'elf-regressions/large-bss/program.elf'), 'program.elf')
    writeFileSync('photo.png', 'any bytes')
    writeFileSync('args.json', '[{"u32": 7}]')
    writeFileSync('main.c', '')
    writeFileSync(
      'machine.pil',
      'airtemplate Pair(const int N = 2) { col witness x; x * (1 - x) === 0; }\nairgroup G { Pair(); }\n',
    )
    await mustRun('pil', 'compile', 'machine.pil', '-o', 'machine.pilout')
    copyFileSync('machine.pilout', 'zisk.pilout')
    const columns = [{ name: 'x', values: [0, 1] }]
    const instances = [{ air: 'Pair', segment: 0, rows: 2, columns, airValues: [] }]
    const witness = { format: 'zisk-witness', version: 1, publics: [], proofValues: [], instances }
    writeFileSync('witness.json', JSON.stringify(witness))
    const program = decodePilout(new Uint8Array(readFileSync('machine.pilout')))
    writeFileSync('witness.bin', encodeWitness(program, witnessFromJson(program, witness)))
    await mustRun('prove', 'program.elf', '-o', 'proof.bin')
    await mustRun('setup', '--output', 'setup.vkey')
    digest = JSON.parse((await mustRun('setup', 'program.elf', '--json')).stdout).programDigest
  }, 60_000)
  afterAll(() => {
    process.chdir(before)
    rmSync(work, { recursive: true })
  })

  test.each(EXAMPLES)('%s', async (line) => {
    const words = line.replace('DIGEST', digest).split(' ')
    const argv = words.slice(words.indexOf('zisk') + 1)
    // A build and a new project have a folder of their own: they would take the place of what the others read.
    if (['build', 'new'].includes(argv[0]!)) {
      const own = mkdtempSync(join(work, 'own-'))
      copyFileSync('main.c', join(own, 'main.c'))
      process.chdir(own)
    }
    const { status, stdout, stderr } = await run(argv).finally(() => process.chdir(work))
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
    if (argv.includes('--json')) expect(JSON.parse(stdout)).toMatchObject({ ok: true })
  })
})

test.each([
  [['buidl'], 'Did you mean build?'],
  [['build', '--optimise', 'size'], 'Did you mean --optimize?'],
  [['new', 'x', '--template', 'rsut'], 'Did you mean rust?'],
  [['toolchain', 'instal'], 'Did you mean install?'],
])('%j: %s', async (argv, suggestion) => {
  const { status, stderr } = await runInProcess(argv)
  expect(status).toBe(2)
  expect(stderr).toContain(suggestion)
})
