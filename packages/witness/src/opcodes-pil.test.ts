import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { opcodesPil } from './opcodes-pil.ts'

test('pil/opcodes.gen.pil is what the generator writes', () => {
  const committed = readFileSync(new URL('../../../pil/opcodes.gen.pil', import.meta.url), 'utf8')
  expect(committed).toBe(opcodesPil())
})
