import { WasmError } from './wasm-error.ts'

/** Reads the primitives of the binary format; every read is checked against the end. */
export class Reader {
  readonly bytes: Uint8Array
  readonly end: number
  at: number

  constructor(bytes: Uint8Array, at = 0, end: number = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  get done(): boolean {
    return this.at >= this.end
  }

  byte(): number {
    if (this.at >= this.end) throw this.invalid('more bytes')
    return this.bytes[this.at++]!
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break
        return value
      }
    }
    throw this.invalid('an unsigned integer of 32 bits')
  }

  /** Signed LEB128 of at most `bits` bits. */
  signed(bits: 32 | 33 | 64): bigint {
    let value = 0n
    for (let shift = 0n; shift < BigInt(bits); shift += 7n) {
      const byte = this.byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(bits, BigInt.asIntN(Number(shift) + 7, value))
    }
    throw this.invalid(`a signed integer of ${bits} bits`)
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    if (length > this.end - this.at) throw this.invalid(`${length} more bytes`)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** A reader of the next `length` bytes, which are skipped here. */
  part(length: number): Reader {
    this.take(length)
    return new Reader(this.bytes, this.at - length, this.at)
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.u32()))
  }

  vector<T>(item: () => T): T[] {
    const length = this.u32()
    // An item has at least one byte, so a false length does not reserve memory.
    if (length > this.end - this.at) throw this.invalid(`a vector of ${length} items`)
    return Array.from({ length }, item)
  }

  invalid(expected: string): WasmError {
    return new WasmError({
      code: 'WASM_INVALID',
      message: `${expected} expected, got something else`,
      where: `byte ${this.at} of the module`,
      remedy: 'Compile the module again.',
    })
  }
}
