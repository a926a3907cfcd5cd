import { expect, test } from 'vitest'
import { SUMS_MODULE_BASE64 } from '../sums/sums.gen.ts'
import { sumsModuleBytes } from '../sums/sums-module.ts'
import { wasm } from '../wasm/index.ts'
import { KERNEL_MODULE_BASE64, POSEIDON2_TABLES_BASE64 } from './kernels.gen.ts'
import { kernelModuleBytes } from './module.ts'
import { poseidon2Tables } from './poseidon2-kernel.ts'

const REMEDY = 'run `pnpm --filter @zisk/field generate`'

test.each([
  ['kernels', kernelModuleBytes, KERNEL_MODULE_BASE64],
  ['sums', sumsModuleBytes, SUMS_MODULE_BASE64],
])('the committed module of %s is what the generator makes, twice the same', (_, generate, committed) => {
  const bytes = generate()
  expect(wasm.validate(bytes)).toBe(true)
  expect(Buffer.from(bytes).toString('base64') === committed, REMEDY).toBe(true)
  expect(Buffer.compare(bytes, generate())).toBe(0)
})

test('the committed tables are what the parameters give', () => {
  const bytes = Buffer.from(poseidon2Tables().buffer)
  expect(bytes.toString('base64') === POSEIDON2_TABLES_BASE64, REMEDY).toBe(true)
})
