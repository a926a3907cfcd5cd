import { expect, test } from 'vitest'
import { rangePosition, TableRows } from './table-index.ts'

const P = 0xffff_ffff_0000_0001n

/** Columns of field elements as pairs of words. */
function columnsOf(rows: readonly (readonly bigint[])[]): readonly Uint32Array[] {
  return rows[0]!.map((_, k) =>
    Uint32Array.from(rows.flatMap((row) => [Number(row[k]! & 0xffff_ffffn), Number(row[k]! >> 32n)])),
  )
}

const asTable = (rows: readonly (readonly bigint[])[], shifts: readonly bigint[] = []) =>
  columnsOf(rows).map((words, k) => ({ words, shift: shifts[k] ?? 0n }))

function indexOf(rows: readonly (readonly bigint[])[]) {
  const table = new TableRows(rows[0]!.length)
  table.add(asTable(rows), 0, rows.length, 100)
  return table.index()
}

/** Tables with a range, negative numbers, gaps, keys of two fields, and fields that are no small numbers. */
const TABLES: Readonly<Record<string, readonly (readonly bigint[])[]>> = {
  range: [[3n], [4n], [5n]],
  negative: [[P - 2n], [P - 1n], [0n], [1n]],
  gaps: [[1n], [4n], [9n], [2000n]],
  pairs: [0n, 1n, 2n].flatMap((x) => [5n, 6n].map((y) => [x, y, x * y])),
  'large fields': [
    [2n ** 40n, 1n],
    [2n ** 50n, 2n],
    [P - 2n ** 40n, 3n],
  ],
  'large results': [
    [1n, 2n ** 60n],
    [2n, P - 5n],
  ],
}

test.each(Object.entries(TABLES))('%s: every row is found and no other', (_, rows) => {
  const index = indexOf(rows)
  const columns = columnsOf(rows)
  for (const r of rows.keys()) expect(index.find(columns, r)).toBe(100 + r)
  for (const row of rows) {
    for (const k of row.keys()) {
      for (const change of [1n, 7n, 2n ** 33n, P - 3000n]) {
        const other = row.with(k, (row[k]! + change) % P)
        const isRow = rows.findIndex((candidate) => candidate.every((value, i) => value === other[i]))
        expect(index.find(columnsOf([other]), 0)).toBe(isRow < 0 ? -1 : 100 + isRow)
      }
    }
  }
})

test('tuples may be shorter or longer by zeros', () => {
  const index = indexOf([
    [1n, 0n],
    [2n, 7n],
  ])
  expect(index.find(columnsOf([[1n]]), 0)).toBe(100)
  expect(index.find(columnsOf([[2n]]), 0)).toBe(-1)
  expect(index.find(columnsOf([[2n, 7n, 0n]]), 0)).toBe(101)
  expect(index.find(columnsOf([[2n, 7n, 1n]]), 0)).toBe(-1)
})

test('equal rows are found at the first', () => {
  for (const value of [5n, 2n ** 45n]) expect(indexOf([[1n], [value], [value]]).find(columnsOf([[value]]), 0)).toBe(101)
})

test('parts are found with the constants that are added to their fields', () => {
  const rows = [0n, 1n, 2n].flatMap((x) => [5n, 2n ** 32n - 1n].map((y) => [x, y]))
  for (const shifts of [
    [3n, 0n],
    [3n, 2n ** 31n],
    [P - 3n, 2n ** 40n],
  ]) {
    const table = new TableRows(2)
    table.add(asTable(rows), 1, rows.length, 100)
    table.add(asTable(rows, shifts), 0, rows.length, 200)
    const index = table.index()
    const shifted = rows.map((row) => row.map((value, k) => (value + shifts[k]!) % P))
    for (const r of rows.keys()) {
      expect(index.find(columnsOf(rows), r)).toBe(r === 0 ? -1 : 100 + r)
      expect(index.find(columnsOf(shifted), r)).toBe(200 + r)
    }
  }
})

test('a range in parts is one, in any order of its parts', () => {
  const numbers = (count: number): readonly (readonly bigint[])[] =>
    Array.from({ length: count }, (_, i) => [BigInt(i)])
  const [four] = asTable(numbers(4))
  const ranges = {
    'from -6 to 5': {
      shifts: [P - 2n, P - 6n, 2n],
      min: -6,
      positions: [200, 201, 202, 203, 100, 101, 102, 103, 300, 301, 302, 303],
    },
    'from 7, with two values twice': {
      shifts: [7n, 9n, 13n],
      min: 7,
      positions: [100, 101, 102, 103, 202, 203, 300, 301, 302, 303],
    },
    'from 5, one part after the other': {
      shifts: [5n, 9n, 13n],
      min: 5,
      parts: 3,
      positions: [100, 101, 102, 103, 200, 201, 202, 203, 300, 301, 302, 303],
    },
    'of one part': { shifts: [P - 1n], min: -1, parts: 1, positions: [100, 101, 102, 103] },
    'with a gap': { shifts: [0n, 5n, 9n] },
    'of numbers that are not small': { shifts: [2n ** 40n, 2n ** 40n + 4n, 2n ** 40n + 8n] },
  }
  for (const [name, { shifts, ...range }] of Object.entries(ranges)) {
    const table = new TableRows(1)
    for (const [i, shift] of shifts.entries()) table.add([{ words: four!.words, shift }], 0, 4, 100 * (i + 1))
    const index = table.index()
    const { range: found } = index
    expect(found?.min, name).toBe('min' in range ? range.min : undefined)
    if (found !== undefined && 'positions' in range) {
      expect(Array.from({ length: found.size }, (_, value) => rangePosition(found, value))).toEqual(range.positions)
      expect(found.offsets.length, name).toBe('parts' in range ? range.parts : found.size)
    }
    for (const [i, shift] of shifts.entries())
      for (let k = 0n; k < 4n; k++) {
        const value = (shift + k) % P
        const first = shifts.findIndex((other) => (value - other + P) % P < 4n)
        const position = 100 * (first + 1) + Number((value - shifts[first]! + P) % P)
        expect(index.find(columnsOf([[value]]), 0), `${name}: ${i}, ${k}`).toBe(position)
      }
    for (const value of [P - 7n, 17n, 2n ** 41n, 2n ** 33n]) expect(index.find(columnsOf([[value]]), 0)).toBe(-1)
  }
})
