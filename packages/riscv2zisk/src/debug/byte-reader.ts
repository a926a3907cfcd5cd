const MAX_TEXT_BYTES = 4096

/**
 * A cursor over little-endian debug data. Reading past the end throws {@link RangeError}, which the readers of debug
 * data turn into "no information".
 */
export class ByteReader {
  readonly #view: DataView
  readonly #bytes: Uint8Array
  offset: number

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.offset = offset
  }

  get length(): number {
    return this.#bytes.length
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  i8(): number {
    return this.#view.getInt8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  /** Rounded to a double above 2^53. */
  u64(): number {
    const low = this.u32()
    return this.u32() * 2 ** 32 + low
  }

  /** Unsigned LEB128, rounded to a double above 2^53. */
  uleb(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
      if (scale > 2 ** 70) throw new RangeError('LEB128 number is too long')
    }
  }

  /** Signed LEB128, rounded to a double above 2^53. */
  sleb(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      scale *= 128
      if (byte < 0x80) return (byte & 0x40) !== 0 ? value - scale : value
      if (scale > 2 ** 70) throw new RangeError('LEB128 number is too long')
    }
  }

  /** Zero-terminated text of at most {@link MAX_TEXT_BYTES}. */
  text(): string {
    const end = this.offset + this.#bytes.subarray(this.offset, this.offset + MAX_TEXT_BYTES).indexOf(0)
    if (end < this.offset) throw new RangeError('text is too long')
    const value = new TextDecoder().decode(this.#bytes.subarray(this.offset, end))
    this.offset = end + 1
    return value
  }

  skip(count: number): void {
    this.#advance(count)
  }

  /** Bytes from here, without moving. */
  slice(count: number): Uint8Array {
    if (this.offset + count > this.length) throw new RangeError('debug data ends early')
    return this.#bytes.subarray(this.offset, this.offset + count)
  }

  #advance(count: number): number {
    const at = this.offset
    if (!(count >= 0 && at + count <= this.length)) throw new RangeError('debug data ends early')
    this.offset = at + count
    return at
  }
}
