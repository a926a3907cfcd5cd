import { AirError } from '../errors.ts'

/** Growing byte buffer with the primitive encodings of the binary pilout. */
export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(1024)
  #length = 0

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  bytes(source: Uint8Array): void {
    const at = this.#reserve(source.length)
    this.#bytes.set(source, at)
  }

  byte(value: number): void {
    const at = this.#reserve(1)
    this.#bytes[at] = value
  }

  /** LEB128; `value` is a non-negative safe integer. */
  varint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest % 0x80) + 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.byte(rest)
  }

  #reserve(count: number): number {
    const at = this.#length
    this.#length = at + count
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    return at
  }
}

type Content = 'compiled program' | 'witness file'

const ERRORS = {
  'compiled program': {
    code: 'PILOUT_ENCODING_INVALID',
    remedy: 'compile the PIL program again with this version',
  },
  'witness file': {
    code: 'WITNESS_ENCODING_INVALID',
    remedy: 'write the witness again with encodeWitness of this version',
  },
} as const

/** Reads what {@link ByteWriter} wrote; every read past the end or non-minimal number is a typed error. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #content: Content
  #at = 0

  /** @param content what the bytes are meant to be, for errors */
  constructor(bytes: Uint8Array, content: Content = 'compiled program') {
    this.#bytes = bytes
    this.#content = content
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  bytes(count: number): Uint8Array {
    if (count > this.remaining) throw this.error(`${count} bytes expected, ${this.remaining} left`)
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  /** One byte; a view of it would take most of the time of decoding. */
  byte(): number {
    const value = this.#bytes[this.#at]
    if (value === undefined) throw this.error('1 bytes expected, 0 left')
    this.#at++
    return value
  }

  varint(): number {
    // Most numbers are small.
    const first = this.#bytes[this.#at]
    if (first !== undefined && first < 0x80) {
      this.#at++
      return first
    }
    let value = 0
    let scale = 1
    for (let length = 0; length < 8; length++) {
      const next = this.byte()
      value += (next & 0x7f) * scale
      if (next < 0x80) {
        if (next === 0 && length > 0) throw this.error('number with a superfluous zero byte')
        if (!Number.isSafeInteger(value)) break
        return value
      }
      scale *= 0x80
    }
    throw this.error('number above 2^53')
  }

  /** Length of a list whose items take at least one byte each. */
  count(): number {
    const count = this.varint()
    if (count > this.remaining) throw this.error(`list of ${count} items in ${this.remaining} bytes`)
    return count
  }

  error(message: string): AirError {
    return new AirError({
      ...ERRORS[this.#content],
      message: `${this.#content}: ${message}`,
      where: `byte ${this.#at}`,
    })
  }
}
