import { describe, expect, test } from 'vitest'
import type { Ext } from '../goldilocks.ts'
import { referenceExt } from '../reference.ts'
import { createTestWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'
import { columnWeightsBytes, writeColumnWeights } from './column-weights.ts'

const SEED = 0x5eed_0070n
const stage = createKernelMemory(4 << 20)

/** `count` weights of any words. */
function testWeights(count: number, seed: bigint): Ext[] {
  const words = createTestWords(3 * count, seed)
  return Array.from({ length: count }, (_, i): Ext => [words[3 * i]!, words[3 * i + 1]!, words[3 * i + 2]!])
}

/** Sum of cells times weights by the oracle. */
function weightedSum(cells: readonly bigint[], weights: readonly Ext[]): Ext {
  return cells.reduce<Ext>(
    (sum, cell, i) => referenceExt.add(sum, referenceExt.mul([cell, 0n, 0n], weights[i]!)),
    referenceExt.zero,
  )
}

describe(`combineColumns (seed ${SEED})`, () => {
  test.each([
    [0, 0],
    [2, 2],
    [2, 4],
    [4, 8],
    [16, 32],
    [18, 33],
    [52, 101],
  ])('%i vectors, %i columns with a weight', (count, columns) => {
    stage.reset()
    const rows = 34
    // Every third vector of the panels, so that those of some are left out.
    const panels = Array.from({ length: count }, (_, p) => createTestWords(rows * 8, SEED + BigInt(p)))
    const offsets = panels.map((panel) => stage.put(panel))
    const vectors = Array.from({ length: count }, (_, v) => ({ panel: (3 * v) >> 2, column: 2 * ((3 * v) % 4) }))
    const list = stage.allocate(4 * count)
    new Uint32Array(stage.bytes.buffer).set(
      vectors.map(({ panel, column }) => offsets[panel]! + 8 * column),
      list / 4,
    )
    const weights = testWeights(columns, SEED + 99n)
    const prepared = stage.allocate(columnWeightsBytes(count))
    stage.bytes.fill(0xff, prepared, prepared + columnWeightsBytes(count))
    writeColumnWeights(stage.bytes.buffer, prepared, count, weights)
    const plane = 8 * rows + 64
    const dst = stage.allocate(3 * plane)
    stage.kernels.combineColumns(list, count, prepared, dst, plane, 4, rows)
    for (let row = 0; row < rows; row++) {
      const cells = vectors
        .flatMap(({ panel, column }) => panels[panel]!.slice(8 * row + column, 8 * row + column + 2))
        .slice(0, columns)
      const expected = row < 4 ? referenceExt.zero : weightedSum(cells, weights)
      expect([0, 1, 2].map((k) => stage.words[(dst + k * plane) / 8 + row])).toEqual(expected)
    }
  })

  test('many columns of the largest words', () => {
    stage.reset()
    const count = 800
    const ones = (1n << 64n) - 1n
    const panel = stage.put(Array<bigint>(16).fill(ones))
    const list = stage.allocate(4 * count)
    new Uint32Array(stage.bytes.buffer).fill(panel, list / 4, list / 4 + count)
    const prepared = stage.allocate(columnWeightsBytes(count))
    const weights = Array.from({ length: 2 * count }, (): Ext => [ones, ones, ones])
    writeColumnWeights(stage.bytes.buffer, prepared, count, weights)
    const dst = stage.allocate(48)
    stage.kernels.combineColumns(list, count, prepared, dst, 16, 0, 2)
    const expected = weightedSum(Array<bigint>(2 * count).fill(ones), weights)
    expect(stage.get(dst, 6)).toEqual([...expected].flatMap((x) => [x, x]))
  })
})

describe('evaluatePanel', () => {
  test.each([
    [1, 15],
    [2, 15],
    [127, 1],
    [128, 6],
    [300, 8],
    [300, 15],
    [300, 0],
  ])('of %i rows, pairs %i, added to what is there', (rows, pairs) => {
    stage.reset()
    const panel = createTestWords(rows * 8, SEED + 5n)
    const weights = testWeights(rows, SEED + 6n)
    const plane = 8 * rows + 64
    const planar = stage.allocate(3 * plane)
    for (const k of [0, 1, 2] as const)
      stage.words.set(
        weights.map((w) => w[k]),
        (planar + k * plane) / 8,
      )
    const before = testWeights(8, SEED + 8n)
    const dst = stage.put([0, 1, 2].flatMap((k) => before.map((x) => x[k]!)))
    stage.kernels.evaluatePanel(stage.put(panel), planar, plane, dst, pairs, rows)
    for (let c = 0; c < 8; c++) {
      const cells = Array.from({ length: rows }, (_, row) => panel[8 * row + c]!)
      const isWanted = (pairs >> (c >> 1)) % 2 === 1
      const expected = isWanted ? referenceExt.add(before[c]!, weightedSum(cells, weights)) : before[c]!
      expect([0, 1, 2].map((k) => stage.words[dst / 8 + 8 * k + c])).toEqual(expected)
    }
  })
})
