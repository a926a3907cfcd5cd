import { expect, test } from 'vitest'
import { WordRowCounts, WordRows } from './word-rows.ts'

const PAGE_WORDS = 512
const FIRST_WORD = 2 ** 27

test('the first access of a new page counts, however often the counts have to grow', () => {
  const pages = Array.from({ length: 40 }, (_, i) => (7 * i) % 40)
  const counts = new WordRowCounts(FIRST_WORD, 64 * PAGE_WORDS)
  for (const page of pages) for (const word of [0, 3, 3]) counts.count(FIRST_WORD + page * PAGE_WORDS + word)
  const columns = counts.columns()
  expect([...columns.pages]).toEqual([...pages].sort((x, y) => x - y))
  const rows = new WordRows(FIRST_WORD, columns)
  expect(rows.total).toBe(3 * pages.length)
  const visited: (readonly [word: number, rows: number])[] = []
  rows.window(0, rows.total).visit((word, _, count) => visited.push([word - FIRST_WORD, count]))
  expect(visited).toEqual(
    [...columns.pages].flatMap((page) => [
      [page * PAGE_WORDS, 1],
      [page * PAGE_WORDS + 3, 2],
    ]),
  )
})
