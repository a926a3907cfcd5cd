import { expect, test } from 'vitest'
import { ChunkBuffers } from './chunk-buffers.ts'

test('a released buffer serves the next request that it can hold', () => {
  const buffers = new ChunkBuffers()
  const first = buffers.acquire(1000)
  expect(first).toHaveLength(1000)
  expect(buffers.acquire(1000).buffer).not.toBe(first.buffer)
  buffers.release(first)
  expect(buffers.acquire(1_000_000).buffer).not.toBe(first.buffer)
  const again = buffers.acquire(900)
  expect(again.buffer).toBe(first.buffer)
  expect(again).toHaveLength(900)
})

test('arrays of other origin are not taken', () => {
  const buffers = new ChunkBuffers()
  const foreign = new BigUint64Array(8)
  buffers.release(foreign)
  expect(buffers.acquire(1).buffer).not.toBe(foreign.buffer)
})
