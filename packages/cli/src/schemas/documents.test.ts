import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInProcess } from '../testing/run-in-process.ts'
import { DOCUMENT_NAMES, documentSchema, jsonSchemaOf } from './documents.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const ELF = join(ROOT, 'elf-regressions/large-bss/program.elf')
const FAULT = join(ROOT, 'elf-regressions/fault-zero/program.elf')
const PIL = join(ROOT, 'pil/examples/product.pil')

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-schema-'))
})
afterAll(() => rmSync(work, { recursive: true }))

const run = (argv: readonly string[]): ReturnType<typeof runInProcess> =>
  runInProcess(argv, { env: { ...process.env, ZISK_HOME: join(work, 'home') } })

describe('what commands print under --json is what the schemas say', () => {
  test.each([
    ['failure', ['run', '/nowhere']],
    ['failure', ['nonsense']],
    ['failure', ['build', '/nowhere']],
    ['new', ['new', 'WORK/project']],
    ['toolchain show', ['toolchain', 'show']],
    ['explain', ['explain']],
    ['run', ['run', ELF]],
    ['run', ['run', ELF, '--stats']],
    ['run', ['run', FAULT]],
    ['check', ['check', ELF]],
    ['rom', ['rom', ELF]],
    ['trace', ['trace', ELF]],
    ['trace', ['trace', ELF, '--analyze']],
    ['bench', ['bench', ELF, '--repeat', '1']],
    ['info', ['info']],
    ['info', ['info', ELF]],
    ['pil info', ['pil', 'info', PIL]],
    ['pil compile', ['pil', 'compile', PIL, '-o', 'WORK/product.pilout']],
    ['setup', ['setup', ELF]],
    ['prove', ['prove', ELF, '-o', 'WORK/proof.bin', '--profile', 'test']],
    ['verify', ['verify', 'WORK/proof.bin', '--elf', ELF, '--allow-insecure']],
    ['inspect', ['inspect', 'WORK/proof.bin']],
  ])('%s: %j', async (name, argv) => {
    const { stdout } = await run([...argv.map((word) => word.replace('WORK', work)), '--json'])
    const result = documentSchema(name).safeParse(JSON.parse(stdout))
    expect(result.error?.issues ?? []).toEqual([])
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
