/**
 * The ZisK instruction set as one table: code, name, type and cost of every operation.
 *
 * Source: ZisK v0.18 `core/src/zisk_ops.rs`, `zisk_ops_costs.rs`.
 */

/**
 * Who proves an operation. `internal` and `fcall` operations are constrained inside Main; every other type travels over
 * the operation bus to a state machine.
 */
export type OpcodeType =
  | 'internal'
  | 'binary'
  | 'binaryE'
  | 'arithAm32'
  | 'arithA32'
  | 'pubout'
  | 'fcall'
  | 'profile'
  | 'dma'
  | 'poseidon2'
  | 'arithEq384'
  | 'arithEq'
  | 'blake2'
  | 'bigint'
  | 'keccak'
  | 'sha256'

/** One row of the instruction set. */
export interface OpcodeInfo {
  /** 0..255, the value of the ROM column `op`. */
  readonly code: number
  /** ZisK's name; operations on the low 32 bits end in `_w`. */
  readonly name: string
  readonly type: OpcodeType
  /** ZisK's cost of one operation in cells; memory and Main are counted apart. */
  readonly cost: number
  /** Operates on the low 32 bits of both operands and sign-extends the result. */
  readonly m32: boolean
  /** Travels on the operation bus (every type but `internal` and `fcall`). */
  readonly isExternal: boolean
  /** Reads a parameter block from memory (`inputBytes` > 0): Main sends its step along. */
  readonly isPrecompiled: boolean
  /** Bytes read from memory by a precompile, 0 for all others. */
  readonly inputBytes: number
  /** Bytes written to memory by a precompile, 0 for all others. */
  readonly outputBytes: number
}

type Row = readonly [
  code: number,
  name: string,
  type: OpcodeType,
  cost: number,
  inputBytes?: number,
  outputBytes?: number,
]

const ROWS: readonly Row[] = [
  [0x00, 'flag', 'internal', 0],
  [0x01, 'copyb', 'internal', 0],
  [0x02, 'minu', 'binary', 60],
  [0x03, 'min', 'binary', 60],
  [0x04, 'maxu', 'binary', 60],
  [0x05, 'max', 'binary', 60],
  [0x06, 'ltu', 'binary', 60],
  [0x07, 'lt', 'binary', 60],
  [0x09, 'eq', 'binary', 60],
  [0x0a, 'add', 'binary', 25],
  [0x0b, 'sub', 'binary', 60],
  [0x0c, 'leu', 'binary', 60],
  [0x0d, 'le', 'binary', 60],
  [0x0e, 'and', 'binary', 60],
  [0x0f, 'or', 'binary', 60],
  [0x10, 'xor', 'binary', 60],
  [0x12, 'minu_w', 'binary', 60],
  [0x13, 'min_w', 'binary', 60],
  [0x14, 'maxu_w', 'binary', 60],
  [0x15, 'max_w', 'binary', 60],
  [0x16, 'ltu_w', 'binary', 60],
  [0x17, 'lt_w', 'binary', 60],
  [0x19, 'eq_w', 'binary', 60],
  [0x1a, 'add_w', 'binary', 60],
  [0x1b, 'sub_w', 'binary', 60],
  [0x1c, 'leu_w', 'binary', 60],
  [0x1d, 'le_w', 'binary', 60],
  [0x21, 'sll', 'binaryE', 53],
  [0x22, 'srl', 'binaryE', 53],
  [0x23, 'sra', 'binaryE', 53],
  [0x24, 'sll_w', 'binaryE', 53],
  [0x25, 'srl_w', 'binaryE', 53],
  [0x26, 'sra_w', 'binaryE', 53],
  [0x27, 'signextend_b', 'binaryE', 53],
  [0x28, 'signextend_h', 'binaryE', 53],
  [0x29, 'signextend_w', 'binaryE', 53],
  [0x30, 'pubout', 'pubout', 0],
  [0xb0, 'mulu', 'arithAm32', 95],
  [0xb1, 'muluh', 'arithAm32', 95],
  [0xb3, 'mulsuh', 'arithAm32', 95],
  [0xb4, 'mul', 'arithAm32', 95],
  [0xb5, 'mulh', 'arithAm32', 95],
  [0xb6, 'mul_w', 'arithAm32', 95],
  [0xb8, 'divu', 'arithAm32', 95],
  [0xb9, 'remu', 'arithAm32', 95],
  [0xba, 'div', 'arithAm32', 95],
  [0xbb, 'rem', 'arithAm32', 95],
  [0xbc, 'divu_w', 'arithA32', 95],
  [0xbd, 'remu_w', 'arithA32', 95],
  [0xbe, 'div_w', 'arithA32', 95],
  [0xbf, 'rem_w', 'arithA32', 95],
  [0xd0, 'dma_memcpy', 'dma', 46, 8, 0],
  [0xd1, 'dma_memcmp', 'dma', 61, 16, 0],
  [0xd2, 'dma_inputcpy', 'dma', 40, 8, 0],
  [0xd6, 'dma_xmemcpy', 'dma', 46, 8, 0],
  [0xd7, 'dma_xmemcmp', 'dma', 61, 16, 0],
  [0xd9, 'dma_xmemset', 'dma', 61, 8, 0],
  [0xe0, 'profile', 'profile', 0],
  [0xe1, 'poseidon2', 'poseidon2', 1050, 128, 128],
  [0xe2, 'arith384_mod', 'arithEq384', 1896, 232, 48],
  [0xe3, 'bls12_381_curve_add', 'arithEq384', 1896, 208, 96],
  [0xe4, 'bls12_381_curve_dbl', 'arithEq384', 1896, 96, 96],
  [0xe5, 'bls12_381_complex_add', 'arithEq384', 1896, 208, 96],
  [0xe6, 'bls12_381_complex_sub', 'arithEq384', 1896, 208, 96],
  [0xe7, 'bls12_381_complex_mul', 'arithEq384', 1896, 208, 96],
  [0xe8, 'secp256r1_add', 'arithEq', 1424, 144, 64],
  [0xe9, 'secp256r1_dbl', 'arithEq', 1424, 64, 64],
  [0xea, 'blake2', 'blake2', 4920, 280, 128],
  [0xf0, 'add256', 'bigint', 104, 104, 32],
  [0xf1, 'keccak', 'keccak', 75550, 200, 200],
  [0xf2, 'arith256', 'arithEq', 1424, 136, 64],
  [0xf3, 'arith256_mod', 'arithEq', 1424, 168, 32],
  [0xf4, 'secp256k1_add', 'arithEq', 1424, 144, 64],
  [0xf5, 'secp256k1_dbl', 'arithEq', 1424, 64, 64],
  [0xf6, 'fcall_param', 'fcall', 0],
  [0xf7, 'fcall', 'fcall', 0],
  [0xf8, 'fcall_get', 'fcall', 0],
  [0xf9, 'sha256', 'sha256', 8712, 112, 112],
  [0xfa, 'bn254_curve_add', 'arithEq', 1424, 144, 64],
  [0xfb, 'bn254_curve_dbl', 'arithEq', 1424, 64, 64],
  [0xfc, 'bn254_complex_add', 'arithEq', 1424, 144, 64],
  [0xfd, 'bn254_complex_sub', 'arithEq', 1424, 144, 64],
  [0xfe, 'bn254_complex_mul', 'arithEq', 1424, 144, 64],
  [0xff, 'halt', 'internal', 0],
]

/** Every operation, ascending by code. */
export const OPCODES: readonly OpcodeInfo[] = ROWS.map(([code, name, type, cost, inputBytes = 0, outputBytes = 0]) => ({
  code,
  name,
  type,
  cost,
  m32: name.endsWith('_w') && name !== 'signextend_w',
  isExternal: type !== 'internal' && type !== 'fcall',
  isPrecompiled: inputBytes > 0,
  inputBytes,
  outputBytes,
}))

/**
 * Numeric opcodes that code switches on, by upper-case name. Precompiles are addressed through {@link OPCODES}.
 * A test ties every entry to the table.
 */
export const OP = {
  FLAG: 0x00,
  COPYB: 0x01,
  MINU: 0x02,
  MIN: 0x03,
  MAXU: 0x04,
  MAX: 0x05,
  LTU: 0x06,
  LT: 0x07,
  EQ: 0x09,
  ADD: 0x0a,
  SUB: 0x0b,
  LEU: 0x0c,
  LE: 0x0d,
  AND: 0x0e,
  OR: 0x0f,
  XOR: 0x10,
  MINU_W: 0x12,
  MIN_W: 0x13,
  MAXU_W: 0x14,
  MAX_W: 0x15,
  LTU_W: 0x16,
  LT_W: 0x17,
  EQ_W: 0x19,
  ADD_W: 0x1a,
  SUB_W: 0x1b,
  LEU_W: 0x1c,
  LE_W: 0x1d,
  SLL: 0x21,
  SRL: 0x22,
  SRA: 0x23,
  SLL_W: 0x24,
  SRL_W: 0x25,
  SRA_W: 0x26,
  SIGNEXTEND_B: 0x27,
  SIGNEXTEND_H: 0x28,
  SIGNEXTEND_W: 0x29,
  PUBOUT: 0x30,
  MULU: 0xb0,
  MULUH: 0xb1,
  MULSUH: 0xb3,
  MUL: 0xb4,
  MULH: 0xb5,
  MUL_W: 0xb6,
  DIVU: 0xb8,
  REMU: 0xb9,
  DIV: 0xba,
  REM: 0xbb,
  DIVU_W: 0xbc,
  REMU_W: 0xbd,
  DIV_W: 0xbe,
  REM_W: 0xbf,
  FCALL_PARAM: 0xf6,
  FCALL: 0xf7,
  FCALL_GET: 0xf8,
  HALT: 0xff,
} as const

const BY_CODE: readonly (OpcodeInfo | undefined)[] = (() => {
  const table: (OpcodeInfo | undefined)[] = new Array(256).fill(undefined)
  for (const info of OPCODES) table[info.code] = info
  return table
})()

const BY_NAME: ReadonlyMap<string, OpcodeInfo> = new Map(OPCODES.map((info) => [info.name, info]))

/** The operation with this code, or `undefined` when the code is not assigned. */
export function opcodeByCode(code: number): OpcodeInfo | undefined {
  return BY_CODE[code]
}

/** The operation with ZisK's name, or `undefined`. */
export function opcodeByName(name: string): OpcodeInfo | undefined {
  return BY_NAME.get(name)
}
