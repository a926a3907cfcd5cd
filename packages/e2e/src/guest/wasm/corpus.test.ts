import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Program } from '@zisk/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CORPUS, corpusModule, STACK_CORPUS } from './corpus.ts'
import { buildModule } from './wasm-builder.ts'
import { assemble, buildWasm, compileInNode, IMPORTS, runInEmulator, runInNode } from './wasm-guest.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zisk-corpus-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const record = (...indexes: number[]): Uint8Array => new Uint8Array(Uint16Array.from(indexes).buffer)

describe.each([
  ['in a memory that can grow', CORPUS, 4, 1],
  // The same code but for the size: a third of the traps will do.
  ['in a memory of one size', CORPUS, 1, 3],
  ['at the end of the stack', STACK_CORPUS, 1, 1],
])('%s, as an ELF as in Node', (name, cases, maximum, every) => {
  let node: object
  let program: Program
  beforeAll(async () => {
    const bytes = await assemble(corpusModule(cases, 1, maximum))
    node = compileInNode(bytes)
    program = await buildWasm(folder, name.replaceAll(' ', '-'), bytes)
  })
  const indexes = cases.map((_, i) => i)

  test('results', async () => {
    const all = indexes.filter((i) => cases[i]!.trap === undefined)
    const expected = runInNode(node, [record(...all)])
    expect(expected.trap).toBeUndefined()
    const got = await runInEmulator(program, [record(...all)])
    // One by one when they differ, to name the case.
    for (const i of got.output.equals(expected.output) ? [] : all)
      expect({ case: cases[i]!.name, ...(await runInEmulator(program, [record(i)])) }).toEqual({
        case: cases[i]!.name,
        ...runInNode(node, [record(i)]),
      })
    expect(got).toEqual(expected)
    expect(got.output.length).toBeGreaterThanOrEqual(8 * all.length)
  })

  test('traps', async () => {
    for (const i of indexes.filter((i) => cases[i]!.trap !== undefined && i % every === 0)) {
      const { name, trap } = cases[i]!
      const expected = runInNode(node, [record(i)])
      expect({ name, trap: expected.trap }).toEqual({ name, trap })
      expect({ name, ...(await runInEmulator(program, [record(i)])) }).toEqual({ name, ...expected })
    }
  })
})

test('a thousand blocks and a thousand ifs, one in the other', async () => {
  const times = (instructions: readonly number[]): number[] => Array(1000).fill(instructions).flat()
  const bytes = buildModule({
    imports: IMPORTS,
    functions: [
      {
        type: ':',
        locals: 'i',
        // Leaves 900 blocks by one branch, then counts the ifs.
        body: [
          ...[...times([0x02, 0x40]), 0x0c, 0x84, 0x07, ...times([0x0b])],
          ...[...times([0x41, 1, 0x04, 0x40, 0x20, 0, 0x41, 1, 0x6a, 0x21, 0]), ...times([0x05, 0x00, 0x0b])],
          ...[0x41, 0, 0x20, 0, 0x36, 2, 0, 0x41, 0, 0x41, 4, 0x10, 2],
        ],
      },
    ],
    memory: [1, 1],
    main: IMPORTS.length,
  })
  const expected = runInNode(compileInNode(bytes), [])
  expect(expected.output.readUInt32LE()).toBe(1000)
  expect(await runInEmulator(await buildWasm(folder, 'nested', bytes), [])).toEqual(expected)
})
