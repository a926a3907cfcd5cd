/**
 * Instructions that take values from the stack and leave one, as C expressions of `a` and `b`.
 * Source: WebAssembly Core Specification 2.0, section 5.4. The functions in capitals are in `wasm-runtime.h`.
 */

import type { ValueType } from './module.ts'

export interface Operation {
  readonly operands: readonly ValueType[]
  readonly result: ValueType
  /** C text of operands named `a` and `b`. */
  readonly c: (a: string, b: string) => string
}

type Row = readonly [opcode: number, operands: string, result: string, c: (a: string, b: string) => string]

const unary = (name: string) => (a: string) => `${name}(${a})`
const call = (name: string) => (a: string, b: string) => `${name}(${a}, ${b})`
const infix = (operator: string) => (a: string, b: string) => `${a} ${operator} ${b}`
const cast = (type: string) => (a: string) => `(${type})${a}`
const signed = (type: string, operator: string) => (a: string, b: string) => `(${type})${a} ${operator} (${type})${b}`

function comparisons(first: number, t: 'i' | 'l'): Row[] {
  const s = t === 'i' ? 's32' : 's64'
  return [
    [first, t, 'i', (a) => `${a} == 0`],
    [first + 1, t + t, 'i', infix('==')],
    [first + 2, t + t, 'i', infix('!=')],
    [first + 3, t + t, 'i', signed(s, '<')],
    [first + 4, t + t, 'i', infix('<')],
    [first + 5, t + t, 'i', signed(s, '>')],
    [first + 6, t + t, 'i', infix('>')],
    [first + 7, t + t, 'i', signed(s, '<=')],
    [first + 8, t + t, 'i', infix('<=')],
    [first + 9, t + t, 'i', signed(s, '>=')],
    [first + 10, t + t, 'i', infix('>=')],
  ]
}

function floatComparisons(first: number, t: 'f' | 'd'): Row[] {
  return ['==', '!=', '<', '>', '<=', '>='].map((operator, i) => [first + i, t + t, 'i', infix(operator)])
}

function integerArithmetic(first: number, t: 'i' | 'l'): Row[] {
  const bits = t === 'i' ? 32 : 64
  const s = `s${bits}`
  const two = t + t
  return [
    [first, t, t, unary(`CLZ${bits}`)],
    [first + 1, t, t, unary(`CTZ${bits}`)],
    [first + 2, t, t, unary(`POPCNT${bits}`)],
    [first + 3, two, t, infix('+')],
    [first + 4, two, t, infix('-')],
    [first + 5, two, t, infix('*')],
    [first + 6, two, t, call(`DIV_S${bits}`)],
    [first + 7, two, t, call(`DIV_U${bits}`)],
    [first + 8, two, t, call(`REM_S${bits}`)],
    [first + 9, two, t, call(`REM_U${bits}`)],
    [first + 10, two, t, infix('&')],
    [first + 11, two, t, infix('|')],
    [first + 12, two, t, infix('^')],
    [first + 13, two, t, (a, b) => `${a} << (${b} & ${bits - 1})`],
    [first + 14, two, t, (a, b) => `(${s})${a} >> (${b} & ${bits - 1})`],
    [first + 15, two, t, (a, b) => `${a} >> (${b} & ${bits - 1})`],
    [first + 16, two, t, call(`ROTL${bits}`)],
    [first + 17, two, t, call(`ROTR${bits}`)],
  ]
}

function floatArithmetic(first: number, t: 'f' | 'd'): Row[] {
  const bits = t === 'f' ? 32 : 64
  const oneOperand = ['ABS', 'NEG', 'CEIL', 'FLOOR', 'TRUNC', 'NEAREST', 'SQRT']
  return [
    ...oneOperand.map((name, i): Row => [first + i, t, t, unary(`F${bits}_${name}`)]),
    ...['+', '-', '*', '/'].map((operator, i): Row => [first + 7 + i, t + t, t, infix(operator)]),
    ...['MIN', 'MAX', 'COPYSIGN'].map((name, i): Row => [first + 11 + i, t + t, t, call(`F${bits}_${name}`)]),
  ]
}

/** Conversions of floats to integers from `first`, trapping or saturating. */
function truncations(first: number, step: 0 | 2, name: string): Row[] {
  const to = (result: 'i' | 'l', at: number): Row[] =>
    (['f', 'd'] as const).flatMap((from, i) =>
      (['S', 'U'] as const).map((sign, j): Row => {
        const function_ = `${name}_${sign}${result === 'i' ? 32 : 64}_F${from === 'f' ? 32 : 64}`
        return [at + 2 * i + j, from, result, unary(function_)]
      }),
    )
  return [...to('i', first), ...to('l', first + 4 + step)]
}

const ROWS: readonly Row[] = [
  ...comparisons(0x45, 'i'),
  ...comparisons(0x50, 'l'),
  ...floatComparisons(0x5b, 'f'),
  ...floatComparisons(0x61, 'd'),
  ...integerArithmetic(0x67, 'i'),
  ...integerArithmetic(0x79, 'l'),
  ...floatArithmetic(0x8b, 'f'),
  ...floatArithmetic(0x99, 'd'),
  [0xa7, 'l', 'i', cast('u32')],
  ...truncations(0xa8, 2, 'TRUNC'),
  [0xac, 'i', 'l', (a) => `(u64)(s64)(s32)${a}`],
  [0xad, 'i', 'l', cast('u64')],
  [0xb2, 'i', 'f', (a) => `(f32)(s32)${a}`],
  [0xb3, 'i', 'f', cast('f32')],
  [0xb4, 'l', 'f', (a) => `(f32)(s64)${a}`],
  [0xb5, 'l', 'f', cast('f32')],
  [0xb6, 'd', 'f', cast('f32')],
  [0xb7, 'i', 'd', (a) => `(f64)(s32)${a}`],
  [0xb8, 'i', 'd', cast('f64')],
  [0xb9, 'l', 'd', (a) => `(f64)(s64)${a}`],
  [0xba, 'l', 'd', cast('f64')],
  [0xbb, 'f', 'd', unary('F64_PROMOTE')],
  [0xbc, 'f', 'i', unary('BITS_OF_F32')],
  [0xbd, 'd', 'l', unary('BITS_OF_F64')],
  [0xbe, 'i', 'f', unary('F32_OF_BITS')],
  [0xbf, 'l', 'd', unary('F64_OF_BITS')],
  [0xc0, 'i', 'i', (a) => `(u32)(s32)(s8)${a}`],
  [0xc1, 'i', 'i', (a) => `(u32)(s32)(s16)${a}`],
  [0xc2, 'l', 'l', (a) => `(u64)(s64)(s8)${a}`],
  [0xc3, 'l', 'l', (a) => `(u64)(s64)(s16)${a}`],
  [0xc4, 'l', 'l', (a) => `(u64)(s64)(s32)${a}`],
  // Behind the prefix 0xfc.
  ...truncations(0xfc00, 0, 'TRUNC_SAT'),
]

/** By opcode; those behind the prefix 0xfc are 0xfc00 and up. */
export const OPERATIONS: ReadonlyMap<number, Operation> = new Map(
  ROWS.map(([opcode, operands, result, c]) => [
    opcode,
    { operands: [...operands] as ValueType[], result: result as ValueType, c },
  ]),
)

/** A load or store: the value's type and the C type that lies in memory. */
export interface Access {
  readonly value: ValueType
  readonly memory: string
  readonly bytes: 1 | 2 | 4 | 8
}

const access = (value: ValueType, memory: string, bytes: 1 | 2 | 4 | 8): Access => ({ value, memory, bytes })

/** Loads, from opcode 0x28. */
export const LOADS: readonly Access[] = [
  access('i', 'u32', 4),
  access('l', 'u64', 8),
  access('f', 'f32', 4),
  access('d', 'f64', 8),
  access('i', 's8', 1),
  access('i', 'u8', 1),
  access('i', 's16', 2),
  access('i', 'u16', 2),
  access('l', 's8', 1),
  access('l', 'u8', 1),
  access('l', 's16', 2),
  access('l', 'u16', 2),
  access('l', 's32', 4),
  access('l', 'u32', 4),
]

/** Stores, from opcode 0x36. */
export const STORES: readonly Access[] = [
  access('i', 'u32', 4),
  access('l', 'u64', 8),
  access('f', 'f32', 4),
  access('d', 'f64', 8),
  access('i', 'u8', 1),
  access('i', 'u16', 2),
  access('l', 'u8', 1),
  access('l', 'u16', 2),
  access('l', 'u32', 4),
]
