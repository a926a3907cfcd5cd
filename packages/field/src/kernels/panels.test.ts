import { describe, expect, test } from 'vitest'
import { createTestWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'

const SEED = 0x5eed_00a0n
const stage = createKernelMemory(2 << 20)

describe.each([1, 2, 5, 7, 8])(`panels of %i columns (seed ${SEED})`, (width) => {
  test.each([
    [0, 2],
    [0, 512],
    [0, 514],
    [2, 1030],
  ])('rows %i..%i go in and out, other rows and columns stay', (begin, end) => {
    stage.reset()
    const rows = 1032
    const columns = Array.from({ length: width }, (_, c) => createTestWords(rows, SEED + BigInt(c)).reverse())
    const list = stage.allocate(32)
    new Uint32Array(stage.bytes.buffer).set(
      columns.map((column) => stage.put(column)),
      list / 4,
    )
    const panel = stage.allocate(64 * rows)
    const mark = 0x55n
    stage.words.fill(mark, panel / 8, panel / 8 + 8 * rows)
    stage.kernels.columnsToPanel(list, width, panel, begin, end)
    const expected = Array.from({ length: 8 * rows }, (_, i) => {
      const row = i >> 3
      if (row < begin || row >= end) return mark
      return columns[i & 7]?.[row] ?? 0n
    })
    expect(stage.get(panel, 8 * rows)).toEqual(expected)
    const back = columns.map(() => stage.allocate(8 * rows))
    const next = stage.allocate(64)
    new Uint32Array(stage.bytes.buffer).set(back, list / 4)
    stage.kernels.panelToColumns(list, width, panel, begin, end)
    for (const [c, column] of columns.entries()) {
      const copied = column.map((x, row) => (row < begin || row >= end ? 0n : x))
      expect(stage.get(back[c]!, rows)).toEqual(copied)
    }
    expect(stage.get(next, 8)).toEqual(Array(8).fill(0n))
  })
})

test(`rows of any width go to their places, what lies between stays (seed ${SEED})`, () => {
  const stride = 40
  for (const words of [1, 3, 5]) {
    stage.reset()
    const source = createTestWords(5 * 20, SEED + BigInt(words))
    const src = stage.put(source)
    const pairs: readonly (readonly [row: number, place: number])[] = [
      [19, 0],
      [0, 3],
      [7, 1],
      [7, 6],
    ]
    const list = stage.allocate(8 * pairs.length)
    new Uint32Array(stage.bytes.buffer).set(pairs.flat(), list / 4)
    const mark = 0x55n
    const dst = stage.put(new Array<bigint>(8 * 7).fill(mark))
    stage.kernels.copyRows(list, pairs.length, src, stride, words, dst, 56)
    const expected = new Array<bigint>(8 * 7).fill(mark)
    for (const [row, place] of pairs) for (let w = 0; w < words; w++) expected[7 * place + w] = source[5 * row + w]!
    expect(stage.get(dst, 8 * 7)).toEqual(expected)
  }
})
