import { expect, test } from 'vitest'
import { wasm } from '../wasm/index.ts'
import { KERNEL_MODULE_BASE64, POSEIDON2_TABLES_BASE64 } from './kernels.gen.ts'
import { kernelModuleBytes } from './module.ts'
import { poseidon2Tables } from './poseidon2-kernel.ts'

const REMEDY = 'run `pnpm --filter @zisk/field generate`'

test('the committed module is what the generator makes, twice the same', () => {
  const bytes = kernelModuleBytes()
  expect(wasm.validate(bytes)).toBe(true)
  expect(Buffer.from(bytes).toString('base64') === KERNEL_MODULE_BASE64, REMEDY).toBe(true)
  expect(Buffer.compare(bytes, kernelModuleBytes())).toBe(0)
})

test('the committed tables are what the parameters give', () => {
  const bytes = Buffer.from(poseidon2Tables().buffer)
  expect(bytes.toString('base64') === POSEIDON2_TABLES_BASE64, REMEDY).toBe(true)
})
