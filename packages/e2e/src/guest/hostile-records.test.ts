/**
 * Lengths of input records that no file gives, through prover and verifier: the prover chooses them, and what it can
 * prove is a panic, in every language; Rust has its test beside its others.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setupZisk, type ZiskMachine } from '../forgery/zisk-machine.ts'
import { build, writeFiles } from './build-and-run.ts'
import { expectPanicProved, HOSTILE_LENGTHS, runOnRecordOf } from './hostile-input.ts'

/** Two records are read, and a part of the second is published. */
const GUESTS = {
  C: {
    'main.c':
      '#include <zisk.h>\nint main(void) {\n  zisk_read();\n  zisk_commit(zisk_read().data, 8);\n  return 0;\n}\n',
  },
  'C++': {
    'main.cc':
      '#include <zisk.hpp>\nint main() {\n  zisk_read();\n  zisk_commit(zisk_read().data, 8);\n  return 0;\n}\n',
  },
  Zig: {
    'main.zig':
      'const zisk = @import("zisk");\npub const panic = zisk.panic;\nexport fn main() c_int {\n    _ = zisk.read();\n    zisk.commit(zisk.read()[0..2]);\n    return 0;\n}\n',
  },
  TypeScript: {
    'main.ts':
      "import { commit, read } from '@zisk/guest/assembly'\nexport function main(): i32 {\n  read()\n  commit(read().slice(0, 8))\n  return 0\n}\n",
  },
} as const

const MESSAGE = 'input record reaches behind the end of the input'
let machine: ZiskMachine
let work = ''
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'zisk-records-'))
  machine = await setupZisk()
})
afterAll(() => rmSync(work, { recursive: true }))

async function elfOf(language: keyof typeof GUESTS): Promise<string> {
  const [[name, text]] = Object.entries(GUESTS[language]) as [[string, string]]
  writeFiles(join(work, language), { [name]: text })
  return (await build(join(work, language, name))).elf
}

describe.each(Object.keys(GUESTS) as (keyof typeof GUESTS)[])('%s', (language) => {
  test('a record that leaves the input is a panic, which is all that can be proved', async () => {
    const elf = await elfOf(language)
    expect(await runOnRecordOf(elf, 8n)).toEqual({ exitCode: 0, text: '' })
    for (const [next, length] of HOSTILE_LENGTHS) {
      const text = expect.stringContaining(MESSAGE)
      expect(await runOnRecordOf(elf, length), next).toEqual({ exitCode: 101, text })
    }
    await expectPanicProved(machine, elf)
  })
})

test('TypeScript: a record that stays in the input, and is larger than the memory, is a panic too', async () => {
  const elf = await elfOf('TypeScript')
  for (const length of [2n ** 28n, 2n ** 30n - 64n]) {
    expect(await runOnRecordOf(elf, length)).toMatchObject({ exitCode: 101 })
  }
})
