import { expect, test } from 'vitest'
import { P } from '../goldilocks.ts'
import { reduce } from '../reference.ts'
import { inv } from '../scalar.ts'
import { createTestWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'

const SEED = 0x5eed_0050n
const stage = createKernelMemory(1 << 20)
const units = createTestWords(3000, SEED).map((x) => (reduce(x) === 0n ? 3n : x))

test.each([2, 4, 14, 16, 18, 30, 1022, 1024, 1026, 3000])(`inverts %i words (seed ${SEED})`, (count) => {
  stage.reset()
  const src = stage.put(units)
  const dst = stage.allocate(8 * count + 64)
  expect(stage.kernels.inverseColumn(src, dst, count)).toBe(0)
  const expected = units.slice(0, count).map((x) => inv(reduce(x)))
  expect(stage.get(dst, count + 2)).toEqual([...expected, 0n, 0n])
  expect(stage.kernels.inverseColumn(src, src, count)).toBe(0)
  expect(stage.get(src, count)).toEqual(expected)
})

test('a zero, in either form and any place, is reported', () => {
  for (const zero of [0n, P]) {
    for (const at of [0, 1, 15, 16, 1023, 1024, 2999]) {
      stage.reset()
      const src = stage.put(units.map((x, i) => (i === at ? zero : x)))
      expect(stage.kernels.inverseColumn(src, src, units.length)).toBe(1)
    }
  }
})
