import { describe, expect, test } from 'vitest'
import { poseidon2, poseidon2Hash, poseidon2Node } from '../poseidon2.ts'
import { reduce } from '../reference.ts'
import { ADVERSARIAL_WORDS, createTestWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'
import { poseidon2Tables } from './poseidon2-kernel.ts'
import { SCRATCH } from './scratch.ts'

const SEED = 0x5eed_0090n
const stage = createKernelMemory(1 << 20)

test('the tables fit before the wide rows', () => {
  expect(SCRATCH.poseidon2 + poseidon2Tables().byteLength).toBeLessThanOrEqual(SCRATCH.wideRows)
})

describe.each([8, 12, 16] as const)(`permutation of width %i (seed ${SEED})`, (width) => {
  const permute = stage.kernels[`poseidon2Permute${width}`]

  test('agrees with the oracle on any words, for odd and even numbers of states', () => {
    const constant = ADVERSARIAL_WORDS.flatMap((x) => Array<bigint>(width).fill(x))
    const words = [...constant, ...createTestWords(20 * width, SEED)]
    for (const count of [0, 1, 2, 3, words.length / width]) {
      stage.reset()
      const states = stage.put(words)
      permute(states, count)
      const expected = Array.from({ length: count }, (_, i) =>
        poseidon2(words.slice(width * i, width * (i + 1)).map(reduce)),
      ).flat()
      expect(stage.get(states, words.length)).toEqual([...expected, ...words.slice(width * count)])
    }
  })
})

describe('nodes', () => {
  test.each([2, 3, 4] as const)('of %i children, adjacent or far apart', (arity) => {
    const count = 7
    const digests = createTestWords(4 * arity * count, SEED + 1n)
    const nodes = stage.kernels[`poseidon2Nodes${arity}`]
    const digest = (i: number): bigint[] => digests.slice(4 * i, 4 * i + 4).map(reduce)
    const expected = (child: (i: number, k: number) => number): bigint[] =>
      Array.from({ length: count - 1 }, (_, i) =>
        poseidon2Node(Array.from({ length: arity }, (_, k) => digest(child(i + 1, k)))),
      ).flat()
    stage.reset()
    const children = stage.put(digests)
    const out = stage.allocate(32 * count)
    nodes(children, 32, 32 * arity, out, 1, count)
    expect(stage.get(out, 4 * count)).toEqual([0n, 0n, 0n, 0n, ...expected((i, k) => arity * i + k)])
    nodes(children, 32 * count, 32, out, 1, count)
    expect(stage.get(out, 4 * count)).toEqual([0n, 0n, 0n, 0n, ...expected((i, k) => i + count * k)])
  })
})

describe('leaves', () => {
  test.each([1, 4, 8, 11, 12, 13, 24, 25, 40])('of %i cells agree with the sponge', (cells) => {
    stage.reset()
    const rows = 5
    const panels = Array.from({ length: Math.ceil(cells / 8) }, (_, p) =>
      createTestWords(8 * rows, SEED + BigInt(p)).reverse(),
    )
    const list = stage.allocate(4 * panels.length)
    const offsets = panels.map((panel) => stage.put(panel))
    new Uint32Array(stage.bytes.buffer).set(offsets, list / 4)
    const out = stage.allocate(32 * rows)
    stage.kernels.poseidon2Leaves(list, cells, 64, out, 1, rows)
    const expected = Array.from({ length: rows }, (_, i) => {
      if (i === 0) return [0n, 0n, 0n, 0n]
      return poseidon2Hash(
        panels
          .flatMap((panel) => panel.slice(8 * i, 8 * i + 8))
          .slice(0, cells)
          .map(reduce),
      )
    })
    expect(stage.get(out, 4 * rows)).toEqual(expected.flat())
  })
})
