/** Every operation on values that WebAssembly 1.0 and its later conversions have, with operands that matter. */

import type { Type } from './wasm-builder.ts'

/** Opcodes from the first one on, with the type of each: `ii:i`. */
const RANGES: readonly (readonly [first: number, types: string])[] = [
  [0x45, `i:i ${'ii:i '.repeat(10)}l:i ${'ll:i '.repeat(10)}${'ff:i '.repeat(6)}${'dd:i '.repeat(6)}`],
  [0x67, `${'i:i '.repeat(3)}${'ii:i '.repeat(15)}${'l:l '.repeat(3)}${'ll:l '.repeat(15)}`],
  [0x8b, `${'f:f '.repeat(7)}${'ff:f '.repeat(7)}${'d:d '.repeat(7)}${'dd:d '.repeat(7)}`],
  [0xa7, 'l:i f:i f:i d:i d:i i:l i:l f:l f:l d:l d:l i:f i:f l:f l:f d:f i:d i:d l:d l:d f:d f:i d:l i:f l:d'],
  [0xc0, 'i:i i:i l:l l:l l:l'],
  [0xfc00, 'f:i f:i d:i d:i f:l f:l d:l d:l'],
]

export interface Op {
  readonly opcode: number
  readonly operands: readonly Type[]
  readonly result: Type
  readonly bytes: readonly number[]
  /** Whether a NaN's sign and message are defined. */
  readonly bitExact: boolean
}

const BIT_EXACT = new Set([0x8b, 0x8c, 0x98, 0x99, 0x9a, 0xa6, 0xbe, 0xbf])

export const OPS: readonly Op[] = RANGES.flatMap(([first, types]) =>
  types
    .trim()
    .split(' ')
    .map((type, i) => {
      const [operands, result] = type.split(':') as [string, Type]
      const opcode = first + i
      const bytes = opcode < 0x100 ? [opcode] : [0xfc, opcode & 0xff]
      return { opcode, operands: [...operands] as Type[], result, bytes, bitExact: BIT_EXACT.has(opcode) }
    }),
)

const INTEGERS = [0n, 1n, 2n, -1n, -2n, 31n, 32n, 63n, 64n, 0x7fn, 0x80n, 0x8000n, 0x12345678n]
const edges = (bits: bigint): bigint[] => [1n << (bits - 1n), (1n << (bits - 1n)) - 1n, (1n << (bits - 1n)) + 1n]
const NUMBERS = [
  ...[0, 0.1, 0.5, 1, 1.5, 2.5, 3.5, 0.49999999999999994, 2 ** 51 + 0.5, 2 ** 53 + 2, 8388608.5, 16777217],
  ...[2147483647, 2147483648, 2147483649, 4294967295, 4294967296, 2 ** 63, 2 ** 63 + 2048, 2 ** 63 - 1024, 2 ** 64],
  ...[0.9999999999999999, 2147483647.9, 2147483648.9, 4294967295.9, 3e-39, 1e-45, 5e-324, 2.2250738585072014e-308],
  ...[3.4028234663852886e38, 3.5e38, 1.7976931348623157e308, 1e300, 1e-300, Number.POSITIVE_INFINITY],
]

const bitsOf = (type: 'f' | 'd', value: number): bigint => {
  const view = new DataView(new ArrayBuffer(8))
  if (type === 'f') view.setFloat32(0, value)
  else view.setFloat64(0, value)
  return type === 'f' ? BigInt(view.getUint32(0)) : view.getBigUint64(0)
}

/** Bits of operands at which something can go wrong. */
export const CORNERS: Readonly<Record<Type, readonly bigint[]>> = {
  i: [...INTEGERS, ...edges(32n)].map((value) => BigInt.asUintN(32, value)),
  l: [...INTEGERS, ...edges(32n), 0x1_0000_0000n, ...edges(64n)].map((value) => BigInt.asUintN(64, value)),
  f: [...NUMBERS.flatMap((value) => [bitsOf('f', value), bitsOf('f', -value)]), 0x7fc00000n, 0xffc00000n, 0x7fa00001n],
  d: [
    ...NUMBERS.flatMap((value) => [bitsOf('d', value), bitsOf('d', -value)]),
    ...[0x7ff8000000000000n, 0xfff8000000000000n, 0x7ff4000000000001n],
  ],
}

export const isNaNBits = (type: Type, bits: bigint): boolean =>
  type === 'f' ? (bits & 0x7fffffffn) > 0x7f800000n : type === 'd' && (bits & 0x7fffffffffffffffn) > 0x7ff0000000000000n
