import { describe, expect, test } from 'vitest'
import { P } from '../goldilocks.ts'
import { reduce } from '../reference.ts'
import { createTestWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'

const SEED = 0x5eed_0060n
const stage = createKernelMemory(1 << 20)
const words = createTestWords(3001, SEED)

describe('prefixSums', () => {
  test.each([0, 1, 2, 21, 1023, 1024, 1025, 3001])(`of %i words, from any initial word (seed ${SEED})`, (count) => {
    for (const initial of [0n, P - 1n, P, (1n << 64n) - 1n]) {
      stage.reset()
      const src = stage.put(words)
      const dst = stage.allocate(8 * count + 64)
      let sum = reduce(initial)
      const expected = words.slice(0, count).map((x) => (sum = reduce(sum + x)))
      expect(BigInt.asUintN(64, stage.kernels.prefixSums(src, dst, initial, count))).toBe(sum)
      expect(stage.get(dst, count + 1)).toEqual([...expected, 0n])
    }
  })

  test('of zeros and of p - 1', () => {
    stage.reset()
    const src = stage.put([0n, P, 0n, P - 1n, 1n, P - 1n, P - 1n])
    stage.kernels.prefixSums(src, src, 0n, 7)
    expect(stage.get(src, 7)).toEqual([0n, 0n, 0n, P - 1n, 0n, P - 1n, P - 2n])
  })
})

test('copyStrided moves a column into a panel and out again', () => {
  stage.reset()
  const column = stage.put(words)
  const panel = stage.allocate(words.length * 64)
  const back = stage.allocate(words.length * 8)
  stage.kernels.copyStrided(column, 8, panel + 24, 64, words.length)
  expect(stage.words[panel / 8 + 8 * 1000 + 3]).toBe(words[1000])
  expect(stage.words[panel / 8 + 8 * 1000 + 4]).toBe(0n)
  stage.kernels.copyStrided(panel + 24, 64, back, 8, words.length)
  expect(stage.get(back, words.length)).toEqual(words)
})
