import { describe, expect, test } from 'vitest'
import { P } from '../goldilocks.ts'
import { power, reduce, referenceField } from '../reference.ts'
import { ADVERSARIAL_WORDS, createTestWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'
import { wasm } from '../wasm/index.ts'
import { compileKernels, createKernels } from './kernels.ts'

const SEED = 0x5eed_0010n
const stage = createKernelMemory(1 << 20)

/** Every ordered pair of adversarial words, then random pairs; one more than a chunk, padded to even. */
function testPairs(): { a: bigint[]; b: bigint[] } {
  const a = ADVERSARIAL_WORDS.flatMap((x) => ADVERSARIAL_WORDS.map(() => x))
  const b = ADVERSARIAL_WORDS.flatMap(() => ADVERSARIAL_WORDS)
  a.push(...createTestWords(601, SEED))
  b.push(...createTestWords(601, SEED + 1n))
  if (a.length % 2 === 1) {
    a.push(P - 1n)
    b.push(P)
  }
  return { a, b }
}

describe('columns', () => {
  const { a, b } = testPairs()

  test.each([
    ['addColumns', referenceField.add],
    ['subColumns', referenceField.sub],
    ['mulColumns', referenceField.mul],
  ] as const)(`%s agrees with the oracle on any words, either lane (seed ${SEED})`, (name, oracle) => {
    stage.reset()
    const expected = a.map((x, i) => oracle(x, b[i]!))
    const [pa, pb] = [stage.put(a), stage.put(b)]
    const dst = stage.allocate(a.length * 8 + 64)
    stage.kernels[name](pa, pb, dst, a.length)
    expect(stage.get(dst, a.length)).toEqual(expected)
    expect(stage.get(dst + 8 * a.length, 2)).toEqual([0n, 0n])
    stage.kernels[name](pa, pb, pa, a.length)
    expect(stage.get(pa, a.length)).toEqual(expected)
    stage.kernels[name](pa, pb, dst, 0)
  })

  test('scaleColumn and canonicalise agree with the oracle', () => {
    for (const factor of [0n, 1n, P - 1n, P, (1n << 64n) - 1n, 0x1234_5678_9abc_def0n]) {
      stage.reset()
      const column = stage.put(a)
      stage.kernels.scaleColumn(column, column, factor, a.length)
      expect(stage.get(column, a.length)).toEqual(a.map((x) => reduce(x * factor)))
    }
    const column = stage.put(a)
    stage.kernels.canonicalise(column, a.length)
    expect(stage.get(column, a.length)).toEqual(a.map(reduce))
  })

  test.each([0, 2, 510, 512, 514, 1538])('isCanonical finds a large word anywhere in %i', (count) => {
    stage.reset()
    const words = [...createTestWords(count, SEED + 2n)].map(reduce)
    for (const edge of [0n, P - 1n]) if (count > 0) words[count >> 1] = edge
    const column = stage.put([...words, P])
    expect(stage.kernels.isCanonical(column, count)).toBe(1)
    for (const large of [P, P + 1n, (1n << 64n) - 1n])
      for (const at of new Set([0, 1, 511, 512, count - 2, count - 1].filter((i) => i >= 0 && i < count))) {
        const word = column / 8 + at
        stage.words[word] = large
        expect(stage.kernels.isCanonical(column, count), `${large} at ${at}`).toBe(0)
        stage.words[word] = words[at]!
      }
  })

  test('fillPowers is a geometric progression for every length up to 40', () => {
    for (const [base, ratio] of [
      [3n, 5n],
      [P, 7n],
      [(1n << 64n) - 1n, (1n << 64n) - 1n],
      [2n, 0n],
    ] as const) {
      for (let count = 0; count <= 40; count++) {
        stage.reset()
        const dst = stage.allocate(8 * count + 64)
        stage.kernels.fillPowers(dst, count, base, ratio)
        const expected = Array.from({ length: count }, (_, i) =>
          reduce(base * power(referenceField, reduce(ratio), BigInt(i))),
        )
        expect(stage.get(dst, count + 1)).toEqual([...expected, 0n])
      }
    }
  })
})

test('a scratch region outside the memory or misaligned is refused', () => {
  const memory = new wasm.Memory({ initial: 8, maximum: 8, shared: true })
  const module = compileKernels()
  for (const scratch of [-64, 32, 8 * 65536]) expect(() => createKernels(module, memory, scratch)).toThrow(RangeError)
})
