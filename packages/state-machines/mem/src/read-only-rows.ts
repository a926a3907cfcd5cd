import { MemoryError } from './memory-error.ts'
import type { ReadOnlyLine } from './rom-data-instances.ts'

/** Words of read-only data by position: the words of all lines, one behind the other. */
export class ReadOnlyWords {
  readonly lines: readonly ReadOnlyLine[]
  readonly count: number
  readonly #firstBlock: number
  /** Position of the first word of the line by block of 32 bytes; -1 where there is none. */
  readonly #positions: Int32Array

  /** @param lines of four words each, ascending by address */
  constructor(lines: readonly ReadOnlyLine[]) {
    this.lines = lines
    this.count = WORDS_PER_LINE * lines.length
    this.#firstBlock = (lines[0]?.address ?? 0) / LINE_BYTES
    const lastBlock = (lines.at(-1)?.address ?? -LINE_BYTES) / LINE_BYTES
    this.#positions = new Int32Array(lastBlock - this.#firstBlock + 1).fill(-1)
    for (const [i, { address }] of lines.entries())
      this.#positions[address / LINE_BYTES - this.#firstBlock] = WORDS_PER_LINE * i
  }

  /** @throws {MemoryError} MEMORY_UNDEFINED_WORD when no line has the word */
  at(word: number): number {
    const block = Math.floor(word / WORDS_PER_LINE) - this.#firstBlock
    const position = block >= 0 && block < this.#positions.length ? this.#positions[block]! : -1
    if (position < 0) throw undefinedWord(word)
    return position + (word % WORDS_PER_LINE)
  }

  wordAt(position: number): { readonly word: number; readonly value: bigint } {
    const line = this.lines[Math.floor(position / WORDS_PER_LINE)]!
    const k = position % WORDS_PER_LINE
    return { word: line.address / 8 + k, value: line.words[k]! }
  }
}

/** Where the rows of each word of read-only data are: a word of a used line has its definition and its reads. */
export class ReadOnlyRows {
  /** First row by position of the word, and behind the last one. */
  readonly starts: Float64Array
  readonly #words: ReadOnlyWords

  /** @param reads by position */
  constructor(words: ReadOnlyWords, reads: Uint32Array) {
    this.#words = words
    this.starts = new Float64Array(words.count + 1)
    for (let first = 0; first < words.count; first += WORDS_PER_LINE) {
      let isUsed = 0
      for (let i = first; i < first + WORDS_PER_LINE; i++) isUsed |= reads[i]! > 0 ? 1 : 0
      for (let i = first; i < first + WORDS_PER_LINE; i++) this.starts[i + 1] = this.starts[i]! + isUsed + reads[i]!
    }
  }

  get total(): number {
    return this.starts.at(-1)!
  }

  at(word: number): number {
    return this.#words.at(word)
  }

  isUsed(position: number): boolean {
    return this.starts[position + 1]! > this.starts[position]!
  }

  wordAt(position: number): { readonly word: number; readonly value: bigint } {
    return this.#words.wordAt(position)
  }

  /** Position of the word that has a row. */
  wordOf(row: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.starts[middle]! <= row) low = middle
      else high = middle
    }
    return low
  }
}

const WORDS_PER_LINE = 4
const LINE_BYTES: number = 8 * WORDS_PER_LINE

function undefinedWord(word: number): MemoryError {
  return new MemoryError({
    code: 'MEMORY_UNDEFINED_WORD',
    message: `read-only data expected at 0x${(8 * word).toString(16)}, got none`,
    remedy: 'Transpile the ELF again.',
  })
}
