/** The SIMD128 instructions that the generators use, as constructors of expressions: `i64x2.add(a, b)`. */
import { unsigned } from './encoding.ts'
import {
  type Binary,
  binary,
  type Expression,
  expression,
  type Load,
  load,
  mapOpcodes,
  opcodeBytes,
  type Store,
  store,
  type Ternary,
  type Unary,
  unary,
} from './expression.ts'

const V128_BINARY = { and: 0x4e, andnot: 0x4f, or: 0x50, xor: 0x51 } as const

const I32X4_BINARY = {
  eq: 0x37,
  ne: 0x38,
  lt_s: 0x39,
  lt_u: 0x3a,
  gt_s: 0x3b,
  gt_u: 0x3c,
  le_s: 0x3d,
  le_u: 0x3e,
  ge_s: 0x3f,
  ge_u: 0x40,
  add: 0xae,
  sub: 0xb1,
  mul: 0xb5,
  min_s: 0xb6,
  min_u: 0xb7,
  max_s: 0xb8,
  max_u: 0xb9,
  /** Products of signed 16-bit lanes, added in pairs. */
  dot_i16x8_s: 0xba,
} as const

const I64X2_BINARY = {
  add: 0xce,
  sub: 0xd1,
  mul: 0xd5,
  eq: 0xd6,
  ne: 0xd7,
  lt_s: 0xd8,
  gt_s: 0xd9,
  le_s: 0xda,
  ge_s: 0xdb,
  extmul_low_i32x4_s: 0xdc,
  extmul_high_i32x4_s: 0xdd,
  extmul_low_i32x4_u: 0xde,
  extmul_high_i32x4_u: 0xdf,
} as const

const I32X4_SHIFT = { shl: 0xab, shr_s: 0xac, shr_u: 0xad } as const
const I64X2_SHIFT = { shl: 0xcb, shr_s: 0xcc, shr_u: 0xcd } as const

interface V128Special {
  readonly load: Load
  readonly load32_splat: Load
  readonly load64_splat: Load
  /** Loads 8 bytes into lane 0 and clears lane 1. */
  readonly load64_zero: Load
  /** Replaces one 64-bit lane of a vector by 8 bytes of memory. */
  readonly load64_lane: (address: Expression, vector: Expression, lane: number, offset?: number) => Expression
  readonly store: Store
  /** Stores one 64-bit lane. */
  readonly store64_lane: (address: Expression, value: Expression, lane: number, offset?: number) => Expression
  readonly not: Unary
  readonly any_true: Unary
  /** Bits of `a` where `mask` is set, of `b` elsewhere. */
  readonly bitselect: Ternary
}

interface Lanes {
  readonly splat: Unary
  readonly extract_lane: (a: Expression, lane: number) => Expression
  readonly replace_lane: (a: Expression, lane: number, value: Expression) => Expression
}

interface I32x4Special extends Lanes {
  /** Four 32-bit lanes of the pair (a, b): 0..3 come from a, 4..7 from b. */
  readonly shuffle: (a: Expression, b: Expression, lanes: readonly number[]) => Expression
  readonly const: (lanes: readonly number[]) => Expression
}

interface I64x2Special extends Lanes {
  /** Two 64-bit lanes of the pair (a, b): 0..1 come from a, 2..3 from b. */
  readonly shuffle: (a: Expression, b: Expression, lanes: readonly number[]) => Expression
  /** The same 64-bit word in both lanes. */
  readonly const_splat: (value: bigint) => Expression
  readonly extend_low_i32x4_s: Unary
  readonly extend_high_i32x4_s: Unary
}

const simdBinary = (code: number): Binary => binary(opcodeBytes(code, true), 'v128', 'v128')
const simdShift = (code: number): Binary => binary(opcodeBytes(code, true), 'v128', 'v128', 'i32')

function byteShuffle(a: Expression, b: Expression, bytes: readonly number[]): Expression {
  return expression('v128', [0xfd, 0x0d, ...bytes], [a, b], ['v128', 'v128'])
}

function wideShuffle(a: Expression, b: Expression, lanes: readonly number[]): Expression {
  return shuffler(lanes)(a, b)
}

/** A shuffle of wide lanes as a function: its sixteen bytes are worked out once. */
export function shuffler(lanes: readonly number[]): Binary {
  const width = 16 / lanes.length
  const bytes = lanes.flatMap((lane) => Array.from({ length: width }, (_, i) => lane * width + i))
  return binary([0xfd, 0x0d, ...bytes], 'v128', 'v128')
}

function constant(bytes: readonly number[]): Expression {
  return { type: 'v128', opcode: [0xfd, 0x0c, ...bytes], operands: [] }
}

function word64(value: bigint): number[] {
  return [...word32(Number(BigInt.asUintN(32, value))), ...word32(Number(BigInt.asUintN(32, value >> 32n)))]
}

function word32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]
}

function lanes(type: 'i32' | 'i64', splat: number, extract: number, replace: number): Lanes {
  return {
    splat: unary([0xfd, splat], type, 'v128'),
    extract_lane: (a, lane) => expression(type, [0xfd, extract, lane], [a], ['v128']),
    replace_lane: (a, lane, value) => expression('v128', [0xfd, replace, lane], [a, value], ['v128', type]),
  }
}

export const v128: Readonly<Record<keyof typeof V128_BINARY, Binary>> & V128Special = {
  ...mapOpcodes(V128_BINARY, simdBinary),
  load: load([0xfd, 0x00], 'v128', 4),
  load32_splat: load([0xfd, 0x09], 'v128', 2),
  load64_splat: load([0xfd, 0x0a], 'v128', 3),
  load64_zero: load([0xfd, 0x5d], 'v128', 3),
  store: store([0xfd, 0x0b], 'v128', 4),
  load64_lane: (address, vector, lane, offset = 0) => {
    const opcode = [0xfd, 0x57, 3, ...unsigned(offset), lane]
    return expression('v128', opcode, [address, vector], ['i32', 'v128'])
  },
  store64_lane: (address, value, lane, offset = 0) => {
    const opcode = [0xfd, 0x5b, 3, ...unsigned(offset), lane]
    return expression('void', opcode, [address, value], ['i32', 'v128'])
  },
  not: unary([0xfd, 0x4d], 'v128', 'v128'),
  any_true: unary([0xfd, 0x53], 'v128', 'i32'),
  bitselect: (a, b, mask) => expression('v128', [0xfd, 0x52], [a, b, mask], ['v128', 'v128', 'v128']),
}

interface I8x16 {
  /** Sixteen bytes of the pair (a, b): 0..15 come from a, 16..31 from b. */
  readonly shuffle: (a: Expression, b: Expression, lanes: readonly number[]) => Expression
  /** Bytes of `a` chosen by the bytes of the second operand; zero where an index is 16 or more. */
  readonly swizzle: Binary
  readonly const: (bytes: readonly number[]) => Expression
}

export const i8x16: I8x16 = { shuffle: byteShuffle, swizzle: simdBinary(0x0e), const: constant }

export const i32x4: Readonly<Record<keyof typeof I32X4_BINARY | keyof typeof I32X4_SHIFT, Binary>> & I32x4Special = {
  ...mapOpcodes(I32X4_BINARY, simdBinary),
  ...mapOpcodes(I32X4_SHIFT, simdShift),
  ...lanes('i32', 0x11, 0x1b, 0x1c),
  shuffle: wideShuffle,
  const: (values) => constant(values.flatMap(word32)),
}

export const i64x2: Readonly<Record<keyof typeof I64X2_BINARY | keyof typeof I64X2_SHIFT, Binary>> & I64x2Special = {
  ...mapOpcodes(I64X2_BINARY, simdBinary),
  ...mapOpcodes(I64X2_SHIFT, simdShift),
  ...lanes('i64', 0x12, 0x1d, 0x1e),
  shuffle: wideShuffle,
  const_splat: (value) => constant([...word64(value), ...word64(value)]),
  extend_low_i32x4_s: unary(opcodeBytes(0xc7, true), 'v128', 'v128'),
  extend_high_i32x4_s: unary(opcodeBytes(0xc8, true), 'v128', 'v128'),
}
