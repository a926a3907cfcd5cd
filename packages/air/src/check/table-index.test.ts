import { expect, test } from 'vitest'
import { TableRows } from './table-index.ts'

const P = 0xffff_ffff_0000_0001n

/** Columns of field elements as pairs of words. */
function columnsOf(rows: readonly (readonly bigint[])[]): readonly Uint32Array[] {
  return rows[0]!.map((_, k) =>
    Uint32Array.from(rows.flatMap((row) => [Number(row[k]! & 0xffff_ffffn), Number(row[k]! >> 32n)])),
  )
}

function indexOf(rows: readonly (readonly bigint[])[]) {
  const table = new TableRows(rows[0]!.length)
  table.add(columnsOf(rows), 0, rows.length, 100)
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
