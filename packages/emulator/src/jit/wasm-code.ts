/** Bytes of WebAssembly code: opcodes and a growing buffer with the encodings of immediates. */

/** The opcodes that the JIT emits. Source: WebAssembly core specification, "Index of Instructions". */
export const W = {
  UNREACHABLE: 0x00,
  BLOCK: 0x02,
  LOOP: 0x03,
  IF: 0x04,
  ELSE: 0x05,
  END: 0x0b,
  BR: 0x0c,
  BR_IF: 0x0d,
  BR_TABLE: 0x0e,
  RETURN: 0x0f,
  CALL: 0x10,
  CALL_INDIRECT: 0x11,
  RETURN_CALL_INDIRECT: 0x13,
  SELECT: 0x1b,
  LOCAL_GET: 0x20,
  LOCAL_SET: 0x21,
  LOCAL_TEE: 0x22,
  I32_LOAD: 0x28,
  I64_LOAD: 0x29,
  I64_LOAD8_S: 0x30,
  I64_LOAD8_U: 0x31,
  I64_LOAD16_S: 0x32,
  I64_LOAD16_U: 0x33,
  I64_LOAD32_S: 0x34,
  I64_LOAD32_U: 0x35,
  I32_STORE: 0x36,
  I64_STORE: 0x37,
  I64_STORE8: 0x3c,
  I64_STORE16: 0x3d,
  I64_STORE32: 0x3e,
  I32_CONST: 0x41,
  I64_CONST: 0x42,
  I32_EQZ: 0x45,
  I32_EQ: 0x46,
  I32_NE: 0x47,
  I32_LT_S: 0x48,
  I32_LT_U: 0x49,
  I32_GT_S: 0x4a,
  I32_GT_U: 0x4b,
  I32_LE_S: 0x4c,
  I32_LE_U: 0x4d,
  I64_EQZ: 0x50,
  I64_EQ: 0x51,
  I64_NE: 0x52,
  I64_LT_S: 0x53,
  I64_LT_U: 0x54,
  I64_GT_S: 0x55,
  I64_GT_U: 0x56,
  I64_LE_S: 0x57,
  I64_LE_U: 0x58,
  I64_GE_U: 0x5a,
  I32_ADD: 0x6a,
  I32_SUB: 0x6b,
  I32_MUL: 0x6c,
  I32_DIV_S: 0x6d,
  I32_DIV_U: 0x6e,
  I32_REM_S: 0x6f,
  I32_REM_U: 0x70,
  I32_AND: 0x71,
  I32_OR: 0x72,
  I32_XOR: 0x73,
  I32_SHL: 0x74,
  I32_SHR_S: 0x75,
  I32_SHR_U: 0x76,
  I64_ADD: 0x7c,
  I64_SUB: 0x7d,
  I64_MUL: 0x7e,
  I64_DIV_S: 0x7f,
  I64_DIV_U: 0x80,
  I64_REM_S: 0x81,
  I64_REM_U: 0x82,
  I64_AND: 0x83,
  I64_OR: 0x84,
  I64_XOR: 0x85,
  I64_SHL: 0x86,
  I64_SHR_S: 0x87,
  I64_SHR_U: 0x88,
  I64_ROTR: 0x8a,
  I32_WRAP_I64: 0xa7,
  I64_EXTEND_I32_S: 0xac,
  I64_EXTEND_I32_U: 0xad,
  I64_EXTEND8_S: 0xc2,
  I64_EXTEND16_S: 0xc3,
  I64_EXTEND32_S: 0xc4,
} as const

/** Value types and the empty block type. */
export const WASM_TYPE = { I32: 0x7f, I64: 0x7e, EMPTY: 0x40 } as const

/** A growing byte buffer that knows how WebAssembly encodes its immediates. Methods append. */
export class WasmCode {
  #bytes: Uint8Array = new Uint8Array(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** The bytes written so far: a view, valid until the next append. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.#length++] = value
  }

  append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Unsigned LEB128 of 0..2^32-1. */
  unsigned(value: number): void {
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.byte(rest)
  }

  /** Signed LEB128 of a signed 32-bit integer. */
  signed(value: number): void {
    let rest = value | 0
    while (rest < -64 || rest > 63) {
      this.byte((rest & 0x7f) | 0x80)
      rest >>= 7
    }
    this.byte(rest & 0x7f)
  }

  /** An opcode without immediates. */
  op(opcode: number): void {
    this.byte(opcode)
  }

  /** An opcode with one unsigned immediate: a local, label, function or type. */
  opIndex(opcode: number, index: number): void {
    this.byte(opcode)
    this.unsigned(index)
  }

  localGet(index: number): void {
    this.opIndex(W.LOCAL_GET, index)
  }

  localSet(index: number): void {
    this.opIndex(W.LOCAL_SET, index)
  }

  localTee(index: number): void {
    this.opIndex(W.LOCAL_TEE, index)
  }

  i32(value: number): void {
    this.byte(W.I32_CONST)
    this.signed(value)
  }

  /** A 64-bit constant, any representative modulo 2^64. */
  i64(value: bigint): void {
    this.byte(W.I64_CONST)
    let rest = BigInt.asIntN(64, value)
    if (rest === BigInt.asIntN(32, rest)) {
      this.signed(Number(rest))
      return
    }
    while (rest < -64n || rest > 63n) {
      this.byte(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    this.byte(Number(rest & 0x7fn))
  }

  /** A load or store with a static offset. Alignment is a hint only; 1 is always valid. */
  memory(opcode: number, offset: number): void {
    this.byte(opcode)
    this.byte(0)
    this.unsigned(offset)
  }

  /** `block`, `loop` or `if` without parameters and results. */
  open(opcode: number): void {
    this.byte(opcode)
    this.byte(WASM_TYPE.EMPTY)
  }

  end(): void {
    this.byte(W.END)
  }

  #grow(by: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + by))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}
