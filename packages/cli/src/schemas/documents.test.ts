import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allCommands } from '../testing/all-commands.ts'
import { runInProcess } from '../testing/run-in-process.ts'
import { writeStubCompilers } from '../testing/stub-compiler.ts'
import { DOCUMENT_NAMES, documentSchema, jsonSchemaOf } from './documents.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const ELF = join(ROOT, 'elf-regressions/large-bss/program.elf')
const FAULT = join(ROOT, 'elf-regressions/fault-zero/program.elf')
/** With names of source files; ends in a fault. */
const DEBUG = join(ROOT, 'elf-regressions/null-pointer-dwarf5/program.elf')
const PANIC = join(ROOT, 'elf-regressions/exit-panic/program.elf')
const PIL = join(ROOT, 'pil/examples/product.pil')

/** A witness of `pair.pil`. */
function pairWitness(x: readonly number[]): string {
  const instance = { air: 'Pair', segment: 0, rows: x.length, columns: [{ name: 'x', values: x }], airValues: [] }
  return JSON.stringify({ format: 'zisk-witness', version: 1, publics: [], proofValues: [], instances: [instance] })
}

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-schema-'))
  writeFileSync(join(work, 'guest.c'), '')
  writeFileSync(
    join(work, 'pair.pil'),
    'airtemplate Pair(const int N = 2) { col witness x; x * (1 - x) === 0; }\nairgroup G { Pair(); }',
  )
  writeFileSync(join(work, 'pair.json'), pairWitness([0, 1]))
  writeFileSync(join(work, 'other.json'), pairWitness([0, 2]))
  writeStubCompilers(work)
})
afterAll(() => rmSync(work, { recursive: true }))

const run = (argv: readonly string[]): ReturnType<typeof runInProcess> =>
  runInProcess(argv, { env: { ...process.env, PATH: join(work, 'bin'), ZISK_HOME: join(work, 'home') } })

/** The part of a JSON Schema that says which keys there are. */
interface KeySchema {
  readonly properties?: Readonly<Record<string, KeySchema>>
  readonly items?: KeySchema
}

/** Paths of a document's keys that its schema does not describe, where it describes keys at all. */
function undescribed(value: unknown, { properties, items }: KeySchema, path = ''): string[] {
  if (Array.isArray(value))
    return items === undefined ? [] : value.flatMap((one) => undescribed(one, items, `${path}[]`))
  if (typeof value !== 'object' || value === null || properties === undefined) return []
  return Object.entries(value).flatMap(([key, part]) => {
    const below = properties[key]
    return below === undefined ? [`${path}.${key}`] : undescribed(part, below, `${path}.${key}`)
  })
}

const seen = new Set<string>()

describe('what commands print under --json is what the schemas say', () => {
  test.each([
    ['failure', ['run', '/nowhere']],
    ['failure', ['nonsense']],
    ['failure', ['build', '/nowhere']],
    ['new', ['new', 'WORK/project']],
    ['build', ['build', 'WORK/guest.c', '--toolchain', 'clang']],
    ['failure', ['build', 'WORK/guest.c', '--toolchain', 'gcc']],
    ['toolchain install', ['toolchain', 'install']],
    ['toolchain show', ['toolchain', 'show']],
    ['explain', ['explain']],
    ['run', ['run', ELF]],
    ['run', ['run', ELF, '--stats']],
    ['run', ['run', FAULT]],
    ['execute', ['execute', ELF]],
    ['run', ['run', PANIC]],
    ['failure', ['check', PANIC]],
    ['check', ['check', ELF]],
    ['rom', ['rom', ELF]],
    ['trace', ['trace', ELF]],
    ['trace', ['trace', ELF, '--analyze']],
    ['trace', ['trace', DEBUG, '--analyze']],
    ['bench', ['bench', ELF, '--repeat', '1']],
    ['info', ['info']],
    ['info', ['info', ELF]],
    ['pil info', ['pil', 'info', PIL]],
    ['pil compile', ['pil', 'compile', PIL, '-o', 'WORK/product.pilout']],
    ['pil check', ['pil', 'check', 'WORK/pair.pil', 'WORK/pair.json']],
    ['pil check', ['pil', 'check', 'WORK/pair.pil', 'WORK/other.json']],
    ['failure', ['pil', 'compile', 'WORK/guest.c']],
    ['setup', ['setup', ELF]],
    ['prove', ['prove', ELF, '-o', 'WORK/proof.bin', '--profile', 'test']],
    ['verify', ['verify', 'WORK/proof.bin', '--elf', ELF, '--allow-insecure']],
    ['failure', ['verify', 'WORK/proof.bin', '--elf', ELF]],
    ['failure', ['verify', 'WORK/proof.bin', '--elf', PANIC, '--allow-insecure']],
    ['failure', ['verify', ELF, '--any-program']],
    ['failure', ['prove', FAULT, '-o', 'WORK/none.bin']],
    ['failure', ['run', ELF, '--max-steps', 'many']],
    ['failure', ['new', 'WORK/project']],
    ['failure', ['explain', 'NOTHING']],
    ['inspect', ['inspect', 'WORK/proof.bin']],
  ])('%s: %j', async (name, argv) => {
    const { stdout } = await run([...argv.map((word) => word.replace('WORK', work)), '--json'])
    const document: Record<string, unknown> = JSON.parse(stdout)
    const result = documentSchema(name).safeParse(document)
    expect(result.error?.issues ?? []).toEqual([])
    // Nothing is printed that the schema is silent about.
    expect(undescribed(document, jsonSchemaOf(name))).toEqual([])
    seen.add(name)
  })

  test('each of them has been printed, and each command has one', async () => {
    expect(DOCUMENT_NAMES.filter((name) => !seen.has(name))).toEqual([])
    const commands = (await allCommands()).map((words) => words.join(' '))
    // That of `schema` is a JSON Schema.
    expect(commands.filter((name) => !DOCUMENT_NAMES.includes(name))).toEqual(['schema'])
  })
})

describe('zisk schema', () => {
  test('prints JSON Schemas, of one command and of all', async () => {
    const one = JSON.parse((await run(['schema', 'toolchain', 'show'])).stdout)
    expect(one).toMatchObject({
      title: 'zisk toolchain show --json',
      type: 'object',
      required: expect.arrayContaining(['home']),
    })
    const all = JSON.parse((await run(['schema'])).stdout)
    expect(Object.keys(all)).toEqual(DOCUMENT_NAMES)
    expect(jsonSchemaOf('verify')).toMatchObject({ properties: { verified: { const: true } } })
  })

  test('an unknown one has a suggestion', async () => {
    expect(await run(['schema', 'verfy'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Did you mean verify?'),
    })
  })
})
