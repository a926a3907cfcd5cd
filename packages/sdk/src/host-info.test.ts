import { expect, test } from 'vitest'
import { readHostInfo } from './host-info.ts'

test('what every supported Node has is found', () => {
  const info = readHostInfo()
  expect(info.wasm).toMatchObject({ simd: true, signExtension: true, threads: true, tailCall: true })
  expect(info.cores).toBeGreaterThan(0)
  expect(info.node).toBe(process.versions.node)
})

test('the folder of keys is a cache once it is there', () => {
  expect(readHostInfo(import.meta.dirname).caches).toEqual([import.meta.dirname])
  expect(readHostInfo('/nowhere/zisk').caches).toEqual([])
})
