/** Little-endian byte streams for proofs and keys. The reader is total: every read past the end is a typed error. */
import { type Ext, isCanonical, P } from '@zisk/field'
import { VerificationError, type VerificationErrorCode } from '../errors.ts'
import { wordArray, wordsToBytes } from '../hash/bytes.ts'
import { DIGEST_BYTES, type Digest } from '../hash/hasher.ts'

/** The half of a word with all bits set. */
const FULL = 0xffff_ffff

/** Appends values to a growing list of byte strings. */
export class ByteSink {
  readonly #parts: Uint8Array[] = []

  bytes(value: Uint8Array): void {
    this.#parts.push(value)
  }

  u8(value: number): void {
    this.#parts.push(Uint8Array.of(value))
  }

  u32(value: number): void {
    const part = new Uint8Array(4)
    new DataView(part.buffer).setUint32(0, value, true)
    this.#parts.push(part)
  }

  words(values: ArrayLike<bigint>): void {
    this.#parts.push(wordsToBytes(values))
  }

  /** A byte string or text with its length. */
  block(value: Uint8Array): void {
    this.u32(value.length)
    this.bytes(value)
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of this.#parts) {
      out.set(part, at)
      at += part.length
    }
    return out
  }
}

/** Codes that a stream reports, by what is wrong with the bytes. */
export interface StreamErrorCodes {
  readonly truncated: VerificationErrorCode
  readonly trailing: VerificationErrorCode
  readonly notCanonical: VerificationErrorCode
}

/** Reads what {@link ByteSink} wrote. */
export class ByteSource {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #codes: StreamErrorCodes
  #at = 0

  constructor(bytes: Uint8Array, codes: StreamErrorCodes) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#codes = codes
  }

  /** A view of the next bytes. */
  bytes(count: number): Uint8Array {
    const at = this.#take(count)
    return this.#bytes.subarray(at, at + count)
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true)
  }

  felt(): bigint {
    const word = this.u64()
    if (!isCanonical(word)) this.fail('notCanonical', `word ${word} is not below p = ${P}`)
    return word
  }

  ext(): Ext {
    return [this.felt(), this.felt(), this.felt()]
  }

  digest(isDigest: (digest: Digest) => boolean): Digest {
    const digest = this.bytes(DIGEST_BYTES)
    if (!isDigest(digest)) this.fail('notCanonical', 'a digest holds a word that is not below p')
    return digest
  }

  /** `count` canonical words. */
  words(count: number): BigUint64Array {
    const at = this.#take(count * 8)
    const words = wordArray(this.#bytes.subarray(at, at + count * 8))
    // p = 2^64 - 2^32 + 1: the high half of a word that is not below it is full, which few halves are.
    const halves = new Uint32Array(words.buffer)
    for (let half = halves.indexOf(FULL); half >= 0; half = halves.indexOf(FULL, half + 1)) {
      const word = words[Math.floor(half / 2)]!
      if (!isCanonical(word)) this.fail('notCanonical', `word ${word} is not below p = ${P}`)
    }
    return words
  }

  block(): Uint8Array {
    return this.bytes(this.u32())
  }

  /** A list whose items take at least `minimumBytes` each, so that a hostile length allocates nothing. */
  list<T>(minimumBytes: number, item: () => T): T[] {
    const count = this.u32()
    if (count * minimumBytes > this.#bytes.length - this.#at)
      this.fail('truncated', `a list of ${count} items does not fit`)
    return Array.from({ length: count }, item)
  }

  end(): void {
    const left = this.#bytes.length - this.#at
    if (left > 0) this.fail('trailing', `${left} bytes follow the end`)
  }

  fail(kind: keyof StreamErrorCodes, message: string): never {
    throw new VerificationError({ code: this.#codes[kind], message, where: `byte ${this.#at}` })
  }

  #take(count: number): number {
    const at = this.#at
    if (count > this.#bytes.length - at)
      this.fail('truncated', `expected ${count} bytes, ${this.#bytes.length - at} are left`)
    this.#at = at + count
    return at
  }
}
