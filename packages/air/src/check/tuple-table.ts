import { P } from '@zisk/field'

const EMPTY = -1
/** Multiplicities below this bound are added as doubles: 2^29 additions stay exact. */
const SMALL = 2 ** 24

/**
 * A multiset of tuples with multiplicities in the field: open addressing over flat arrays, no object per tuple.
 *
 * A tuple is given as pairs of 32-bit words (low, high), trailing zero fields removed by the caller.
 */
export class TupleTable {
  #slots: Int32Array = new Int32Array(1 << 12).fill(EMPTY)
  #words: Uint32Array = new Uint32Array(1 << 14)
  #wordCount = 0
  #starts: Float64Array = new Float64Array(1 << 11)
  #hashes: Int32Array = new Int32Array(1 << 11)
  /** Sum of the small multiplicities; the large ones are in `#large`. */
  #sums: Float64Array = new Float64Array(1 << 11)
  readonly #large = new Map<number, bigint>()
  #size = 0

  /** Number of different tuples. */
  get size(): number {
    return this.#size
  }

  /** Entry of the tuple in `words[0..count)`, made when it is new. */
  entry(words: Uint32Array, count: number, hash: number): number {
    const found = this.#locate(words, count, hash)
    return found >= 0 ? found : this.#append(words, count, hash, -found - 1)
  }

  /** Entry of a tuple, or undefined. */
  find(words: Uint32Array, count: number, hash: number): number | undefined {
    const found = this.#locate(words, count, hash)
    return found >= 0 ? found : undefined
  }

  /** Adds the field element (low, high) to the multiplicity of an entry. */
  add(entry: number, low: number, high: number): void {
    if (high === 0 && low < SMALL) this.#sums[entry]! += low
    else {
      const belowPrime = (0xffff_ffff - high) * 2 ** 32 + 1 - low
      if (belowPrime < SMALL) this.#sums[entry]! -= belowPrime
      else this.#large.set(entry, (this.#large.get(entry) ?? 0n) + (BigInt(high) << 32n) + BigInt(low))
    }
  }

  /** The multiplicity of an entry, canonical. */
  multiplicity(entry: number): bigint {
    const total = (BigInt(this.#sums[entry]!) + (this.#large.get(entry) ?? 0n)) % P
    return total < 0n ? total + P : total
  }

  /** Entries with a multiplicity other than 0 modulo the prime. */
  unbalanced(): number[] {
    const entries: number[] = []
    for (let entry = 0; entry < this.#size; entry++) {
      if (this.#sums[entry] === 0 && this.#large.size === 0) continue
      if (this.multiplicity(entry) !== 0n) entries.push(entry)
    }
    return entries
  }

  /** The fields of an entry. */
  tuple(entry: number): bigint[] {
    const fields: bigint[] = []
    for (let at = this.#starts[entry]!; at < this.#end(entry); at += 2)
      fields.push((BigInt(this.#words[at + 1]!) << 32n) + BigInt(this.#words[at]!))
    return fields
  }

  /** The entry, or -1 - slot of the free place. */
  #locate(words: Uint32Array, count: number, hash: number): number {
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (;;) {
      const entry = this.#slots[slot]!
      if (entry === EMPTY) return -1 - slot
      if (this.#hashes[entry] === hash && this.#equals(entry, words, count)) return entry
      slot = (slot + 1) & mask
    }
  }

  #end(entry: number): number {
    return entry + 1 < this.#size ? this.#starts[entry + 1]! : this.#wordCount
  }

  #equals(entry: number, words: Uint32Array, count: number): boolean {
    const start = this.#starts[entry]!
    if (this.#end(entry) - start !== count) return false
    for (let i = 0; i < count; i++) if (this.#words[start + i] !== words[i]) return false
    return true
  }

  #append(words: Uint32Array, count: number, hash: number, slot: number): number {
    const entry = this.#size
    if (entry === this.#starts.length) this.#growEntries()
    if (this.#wordCount + count > this.#words.length) {
      const grown = new Uint32Array(Math.max(this.#words.length * 2, this.#wordCount + count))
      grown.set(this.#words)
      this.#words = grown
    }
    for (let i = 0; i < count; i++) this.#words[this.#wordCount + i] = words[i]!
    this.#starts[entry] = this.#wordCount
    this.#hashes[entry] = hash
    this.#wordCount += count
    this.#size = entry + 1
    this.#slots[slot] = entry
    if (this.#size * 2 > this.#slots.length) this.#rehash()
    return entry
  }

  #growEntries(): void {
    const capacity = this.#starts.length * 2
    const starts = new Float64Array(capacity)
    starts.set(this.#starts)
    this.#starts = starts
    const sums = new Float64Array(capacity)
    sums.set(this.#sums)
    this.#sums = sums
    const hashes = new Int32Array(capacity)
    hashes.set(this.#hashes)
    this.#hashes = hashes
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(EMPTY)
    const mask = slots.length - 1
    for (let entry = 0; entry < this.#size; entry++) {
      let slot = this.#hashes[entry]! & mask
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask
      slots[slot] = entry
    }
    this.#slots = slots
  }
}

/** Hash of `words[0..count)` for {@link TupleTable}. */
export function hashWords(words: Uint32Array, count: number): number {
  let h = 0x811c_9dc5 | 0
  for (let i = 0; i < count; i++) {
    h = Math.imul(h ^ words[i]!, 0x9e37_79b1)
    h ^= h >>> 15
  }
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b)
  return h ^ (h >>> 13)
}
