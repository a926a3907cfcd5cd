import { expect, test } from 'vitest'
import * as api from './index.ts'

test('index: the public names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "ElfError",
      "SymbolTable",
      "decode",
      "disassemble",
      "isCompressed",
      "readElf",
      "registerName",
      "transpile",
    ]
  `)
})
