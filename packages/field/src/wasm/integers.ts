/** The scalar integer instructions of WebAssembly, as constructors of expressions: `i64.add(a, b)`. */
import {
  type Binary,
  binary,
  type Expression,
  expression,
  i32Constant,
  i64Constant,
  type Load,
  load,
  mapOpcodes,
  type Store,
  store,
  type Ternary,
  type Unary,
  unary,
} from './expression.ts'

const I32_BINARY = {
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  div_s: 0x6d,
  div_u: 0x6e,
  rem_s: 0x6f,
  rem_u: 0x70,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shl: 0x74,
  shr_s: 0x75,
  shr_u: 0x76,
  rotl: 0x77,
  rotr: 0x78,
  eq: 0x46,
  ne: 0x47,
  lt_s: 0x48,
  lt_u: 0x49,
  gt_s: 0x4a,
  gt_u: 0x4b,
  le_s: 0x4c,
  le_u: 0x4d,
  ge_s: 0x4e,
  ge_u: 0x4f,
} as const

const I64_BINARY = {
  add: 0x7c,
  sub: 0x7d,
  mul: 0x7e,
  div_s: 0x7f,
  div_u: 0x80,
  rem_s: 0x81,
  rem_u: 0x82,
  and: 0x83,
  or: 0x84,
  xor: 0x85,
  shl: 0x86,
  shr_s: 0x87,
  shr_u: 0x88,
  rotl: 0x89,
  rotr: 0x8a,
} as const

const I64_COMPARE = {
  eq: 0x51,
  ne: 0x52,
  lt_s: 0x53,
  lt_u: 0x54,
  gt_s: 0x55,
  gt_u: 0x56,
  le_s: 0x57,
  le_u: 0x58,
  ge_s: 0x59,
  ge_u: 0x5a,
} as const

interface I32Special {
  /** The low 32 bits of `value`, which may be given signed or unsigned. */
  readonly const: (value: number) => Expression
  readonly eqz: Unary
  readonly clz: Unary
  readonly ctz: Unary
  readonly popcnt: Unary
  readonly wrap_i64: Unary
  readonly load: Load
  readonly load8_s: Load
  readonly load8_u: Load
  readonly load16_s: Load
  readonly load16_u: Load
  readonly store: Store
  readonly store8: Store
  readonly store16: Store
}

interface I64Special {
  /** The low 64 bits of `value`, which may be given signed or unsigned. */
  readonly const: (value: bigint) => Expression
  readonly eqz: Unary
  readonly clz: Unary
  readonly ctz: Unary
  readonly popcnt: Unary
  readonly extend_i32_s: Unary
  readonly extend_i32_u: Unary
  readonly load: Load
  readonly load32_s: Load
  readonly load32_u: Load
  readonly store: Store
  readonly store32: Store
}

export const i32: Readonly<Record<keyof typeof I32_BINARY, Binary>> & I32Special = {
  ...mapOpcodes(I32_BINARY, (code) => binary([code], 'i32', 'i32')),
  const: i32Constant,
  eqz: unary([0x45], 'i32', 'i32'),
  clz: unary([0x67], 'i32', 'i32'),
  ctz: unary([0x68], 'i32', 'i32'),
  popcnt: unary([0x69], 'i32', 'i32'),
  wrap_i64: unary([0xa7], 'i64', 'i32'),
  load: load([0x28], 'i32', 2),
  load8_s: load([0x2c], 'i32', 0),
  load8_u: load([0x2d], 'i32', 0),
  load16_s: load([0x2e], 'i32', 1),
  load16_u: load([0x2f], 'i32', 1),
  store: store([0x36], 'i32', 2),
  store8: store([0x3a], 'i32', 0),
  store16: store([0x3b], 'i32', 1),
}

export const i64: Readonly<Record<keyof typeof I64_BINARY | keyof typeof I64_COMPARE, Binary>> & I64Special = {
  ...mapOpcodes(I64_BINARY, (code) => binary([code], 'i64', 'i64')),
  ...mapOpcodes(I64_COMPARE, (code) => binary([code], 'i64', 'i32')),
  const: i64Constant,
  eqz: unary([0x50], 'i64', 'i32'),
  clz: unary([0x79], 'i64', 'i64'),
  ctz: unary([0x7a], 'i64', 'i64'),
  popcnt: unary([0x7b], 'i64', 'i64'),
  extend_i32_s: unary([0xac], 'i32', 'i64'),
  extend_i32_u: unary([0xad], 'i32', 'i64'),
  load: load([0x29], 'i64', 3),
  load32_s: load([0x34], 'i64', 2),
  load32_u: load([0x35], 'i64', 2),
  store: store([0x37], 'i64', 3),
  store32: store([0x3e], 'i64', 2),
}

/** `condition ? a : b`, both evaluated. a and b have the same type. */
export const select: Ternary = (condition, a, b) => {
  if (a.type === 'void') throw new TypeError('expected values to select from, got a statement')
  const opcode = a.type === 'v128' ? [0x1c, 1, 0x7b] : [0x1b]
  return expression(a.type, opcode, [a, b, condition], [a.type, a.type, 'i32'])
}
