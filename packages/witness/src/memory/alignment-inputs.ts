import { columnWords } from '../column-words.ts'
import { grown } from '../growable-column.ts'

const INITIAL_CAPACITY = 1024

/** One access that is not of a whole aligned word. */
export interface UnalignedAccess {
  /** Byte address. */
  readonly address: number
  /** 1, 2, 4 or 8. */
  readonly width: number
  readonly isWrite: boolean
  /** mem_step of the access; below 2^38. */
  readonly memStep: number
  /** What Main has on the memory bus: the loaded value, or the whole stored register, of which `width` bytes count. */
  readonly value: bigint
  /** The aligned word that contains `address`, before the access. */
  readonly word0: bigint
  /** The next word where the access reaches into it, else 0. */
  readonly word1: bigint
}

/**
 * Accesses of part of a word or over two words, column by column, in the order of execution.
 *
 * For each of them the memory machines prove a load of every touched word at `memStep`, and for a write also a store of
 * every touched word at `memStep + 1`: an alignment machine has to assume exactly these.
 */
export class AlignmentInputs {
  length = 0
  address: Uint32Array = new Uint32Array(INITIAL_CAPACITY)
  width: Uint8Array = new Uint8Array(INITIAL_CAPACITY)
  isWrite: Uint8Array = new Uint8Array(INITIAL_CAPACITY)
  memStep: Float64Array = new Float64Array(INITIAL_CAPACITY)
  value: BigUint64Array = new BigUint64Array(INITIAL_CAPACITY)
  word0: BigUint64Array = new BigUint64Array(INITIAL_CAPACITY)
  word1: BigUint64Array = new BigUint64Array(INITIAL_CAPACITY)

  /** The words of `value`, `word0` and `word1`, low word first. */
  words: readonly [Uint32Array, Uint32Array, Uint32Array] = this.#viewWords()

  push({ address, width, isWrite, memStep, value, word0, word1 }: UnalignedAccess): void {
    const i = this.append(address, width, isWrite ? 1 : 0, memStep)
    this.value[i] = value
    this.word0[i] = word0
    this.word1[i] = word1
  }

  /** Appends an access without its words, which {@link setWord} sets; returns its index. */
  append(address: number, width: number, isWrite: number, memStep: number): number {
    const i = this.length++
    if (i === this.address.length) this.#grow(i + 1)
    this.address[i] = address
    this.width[i] = width
    this.isWrite[i] = isWrite
    this.memStep[i] = memStep
    return i
  }

  /** Sets the value (0) or one of the words (1, 2) of an access from halves, which may be signed. */
  setWord(which: 0 | 1 | 2, i: number, low: number, high: number): void {
    const words = this.words[which]
    words[2 * i] = low
    words[2 * i + 1] = high
  }

  #grow(length: number): void {
    this.address = grown(this.address, length)
    this.width = grown(this.width, length)
    this.isWrite = grown(this.isWrite, length)
    this.memStep = grown(this.memStep, length)
    this.value = grown(this.value, length)
    this.word0 = grown(this.word0, length)
    this.word1 = grown(this.word1, length)
    this.words = this.#viewWords()
  }

  #viewWords(): readonly [Uint32Array, Uint32Array, Uint32Array] {
    return [columnWords(this.value), columnWords(this.word0), columnWords(this.word1)]
  }
}
