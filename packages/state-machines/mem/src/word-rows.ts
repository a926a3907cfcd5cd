import { grown } from '@zisk/witness'

/** log2 of the words of a page. */
const PAGE_BITS = 9
const PAGE_WORDS: number = 2 ** PAGE_BITS

const NO_PAGE = -1

/** Rows by word of a region, in memory for touched pages only. */
export class WordRowCounts {
  readonly #firstWord: number
  readonly #slotOfPage: Int32Array
  /** Touched pages, in the order of their slots. */
  readonly #pages: number[] = []
  /** By slot and word. */
  rows: Uint32Array = new Uint32Array(PAGE_WORDS)
  /** mem_step of the access that began the last row of a word, while another may join it; else below -2^32. */
  open: Float64Array = new Float64Array(PAGE_WORDS)

  /** @param words size of the region */
  constructor(firstWord: number, words: number) {
    this.#firstWord = firstWord
    this.#slotOfPage = new Int32Array(Math.ceil(words / PAGE_WORDS)).fill(NO_PAGE)
  }

  /** Position of a word in {@link rows} and {@link open}. */
  at(word: number): number {
    const index = word - this.#firstWord
    const page = index >>> PAGE_BITS
    let slot = this.#slotOfPage[page]!
    if (slot === NO_PAGE) slot = this.#addPage(page)
    return slot * PAGE_WORDS + (index & (PAGE_WORDS - 1))
  }

  /** One row more for a word. */
  count(word: number): void {
    // First the position: a new page may move the rows.
    const at = this.at(word)
    this.rows[at]!++
  }

  /** The counts, as a {@link WordRows} takes them: the touched pages, ascending, and the rows of their words. */
  columns(): { readonly pages: Uint32Array; readonly rows: Uint32Array } {
    const pages = Uint32Array.from(this.#pages).sort()
    const rows = new Uint32Array(pages.length * PAGE_WORDS)
    for (const [k, page] of pages.entries()) {
      const slot = this.#slotOfPage[page]!
      rows.set(this.rows.subarray(slot * PAGE_WORDS, (slot + 1) * PAGE_WORDS), k * PAGE_WORDS)
    }
    return { pages, rows }
  }

  #addPage(page: number): number {
    const slot = this.#pages.push(page) - 1
    this.rows = grown(this.rows, this.#pages.length * PAGE_WORDS)
    this.open = grown(this.open, this.#pages.length * PAGE_WORDS)
    this.#slotOfPage[page] = slot
    return slot
  }
}

/** Where the rows of each word of a region are, when words are in the order of addresses. */
export class WordRows {
  readonly total: number
  readonly #firstWord: number
  readonly #pages: Uint32Array
  readonly #rows: Uint32Array
  /** First row by page, and behind the last one. */
  readonly #starts: Float64Array

  constructor(firstWord: number, { pages, rows }: { readonly pages: Uint32Array; readonly rows: Uint32Array }) {
    this.#firstWord = firstWord
    this.#pages = pages
    this.#rows = rows
    this.#starts = new Float64Array(pages.length + 1)
    for (let page = 0; page < pages.length; page++) {
      let sum = 0
      for (let i = page * PAGE_WORDS; i < (page + 1) * PAGE_WORDS; i++) sum += rows[i]!
      this.#starts[page + 1] = this.#starts[page]! + sum
    }
    this.total = this.#starts[pages.length]!
  }

  /** The last word before a row's page that has rows, or undefined. */
  wordBefore(row: number): number | undefined {
    for (let page = this.#pageOf(row) - 1; page >= 0; page--) {
      for (let i = PAGE_WORDS - 1; i >= 0; i--) {
        if (this.#rows[page * PAGE_WORDS + i] !== 0) return this.#firstWord + this.#pages[page]! * PAGE_WORDS + i
      }
    }
    return undefined
  }

  /** Cursors for the words whose pages hold the rows `[first, end)`, of which there is one at least. */
  window(first: number, end: number): WordWindow {
    const firstPage = this.#pageOf(first)
    const pages = this.#pages.subarray(firstPage, this.#pageOf(end - 1) + 1)
    const rows = this.#rows.subarray(firstPage * PAGE_WORDS, (firstPage + pages.length) * PAGE_WORDS)
    return new WordWindow(this.#firstWord, pages, rows, this.#starts[firstPage]!)
  }

  #pageOf(row: number): number {
    let low = 0
    let high = this.#pages.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! <= row) low = middle
      else high = middle
    }
    return low
  }
}

/** The words of consecutive touched pages, each with the row that comes next. */
export class WordWindow {
  /** Row that comes next by position; rows count over the whole region. */
  readonly next: Float64Array
  readonly #firstWord: number
  readonly #pages: Uint32Array
  readonly #rows: Uint32Array
  /** Position of the first word by page number, from the first page of the window on. */
  readonly #positions: Int32Array

  constructor(firstWord: number, pages: Uint32Array, rows: Uint32Array, firstRow: number) {
    this.#firstWord = firstWord
    this.#pages = pages
    this.#rows = rows
    this.#positions = new Int32Array(pages.at(-1)! - pages[0]! + 1).fill(NO_PAGE)
    for (const [i, page] of pages.entries()) this.#positions[page - pages[0]!] = i * PAGE_WORDS
    this.next = new Float64Array(rows.length)
    let row = firstRow
    for (let i = 0; i < rows.length; i++) {
      this.next[i] = row
      row += rows[i]!
    }
  }

  /** Position of a word, or -1 when the window has no page for it. */
  at(word: number): number {
    const index = word - this.#firstWord
    const page = (index >>> PAGE_BITS) - this.#pages[0]!
    if (page < 0 || page >= this.#positions.length) return NO_PAGE
    const position = this.#positions[page]!
    return position === NO_PAGE ? NO_PAGE : position + (index & (PAGE_WORDS - 1))
  }

  /** Visits the words that have rows, ascending. */
  visit(visitor: (word: number, position: number, rows: number) => void): void {
    for (let i = 0; i < this.#rows.length; i++) {
      const rows = this.#rows[i]!
      if (rows === 0) continue
      visitor(this.#firstWord + this.#pages[Math.floor(i / PAGE_WORDS)]! * PAGE_WORDS + (i % PAGE_WORDS), i, rows)
    }
  }
}
