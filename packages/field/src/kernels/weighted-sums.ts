/**
 * Sums of panel cells times extension weights: the DEEP combination (one weight per column, a sum per row) and openings
 * (one weight per row, a sum per column). Products are added without carries, with one carry fix per sum.
 */

import { P } from '../goldilocks.ts'
import {
  call,
  type Expression,
  type FunctionBuilder,
  i32,
  i32x4,
  i64x2,
  type ModuleBuilder,
  v128,
} from '../wasm/index.ts'
import { emitChunked } from './chunked.ts'
import { addLazy, canonical, type Lazy, mulShuffled, multiplier, packSigned, shiftLeft, split } from './lazy.ts'
import { SCRATCH } from './scratch.ts'

const ROW = 64
/** Vectors of a turn of the inner loop. */
const UNROLLED = 2
/** Digits of a multiplier, three for each 32-bit half; see `column-weights.ts`. */
export const DIGITS = 6
export const DIGIT_BITS = 11
/** Prepared multipliers of two columns, for one coordinate. */
export const WEIGHT_PAIR_BYTES: number = 16 * DIGITS
const CHUNK = 128

/**
 * Vectors after which 32-bit sums go to 64-bit ones: each adds two products of a limb of 16 bits and a digit, both signed,
 * together at most 2^26.
 */
const VECTORS_PER_SUM = 16
const ROWS = 2
const SIGN_OF_LIMBS = i32x4.const([0x8000_8000, 0x8000_8000, 0x8000_8000, 0x8000_8000])
/** Makes the sums of digits non-negative, below 2^58 as they are for up to 2^20 columns. */
const DIGIT_SUM_BIAS = 1n << 60n
/** What the two biases add to a combination, mod p. */
export const COMBINATION_BIAS: bigint = ((DIGIT_SUM_BIAS << BigInt(DIGIT_BITS)) * (1n + (1n << 32n))) % P

/** (row0 lane 0 + lane 1, row1 lane 0 + lane 1). */
function addLanes(row0: Expression, row1: Expression): Expression {
  return i64x2.add(i64x2.shuffle(row0, row1, [0, 2]), i64x2.shuffle(row0, row1, [1, 3]))
}

/** Where the 64-bit sum of a digit of a row is, behind `sums`. */
function sumPlace(row: number, digit: number): number {
  return 16 * (DIGITS * row + digit)
}

/**
 * Emits `combineColumns(vectors, vectorCount, weights, dst, plane, begin, end)`: two rows at a time, the lanes of a vector
 * being limbs of two columns of one row until the very end. One instruction multiplies eight limbs by eight digits and
 * adds pairs of products, so a digit of a product costs two instructions for two cells.
 */
function emitCombineColumns(module: ModuleBuilder, scratch: Expression): void {
  /** (vectors, vectorCount, weights of one coordinate, offset of the first row, sums) */
  const sumRows = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] })
  {
    const f = sumRows
    const [vectors, vectorCount, weights, rowOffset, sums] = f.params
    const zero = i64x2.const_splat(0n)
    for (let i = 0; i < ROWS * DIGITS; i++) f.emit(v128.store(sums, zero, 16 * i))
    const partial = Array.from({ length: ROWS }, () => Array.from({ length: DIGITS }, () => f.local('v128')))
    const vector = f.let(vectors)
    const end = f.let(i32.add(vectors, i32.shl(vectorCount, i32.const(2))))
    const rest = f.local('i32')
    f.if(vectorCount, () => {
      f.loop((nextPart) => {
        for (const sum of partial.flat()) f.set(sum, zero)
        f.set(rest, i32.const(VECTORS_PER_SUM / UNROLLED))
        f.loop((nextVectors) => {
          for (let v = 0; v < UNROLLED; v++) {
            const row = f.let(i32.add(i32.load(vector, 4 * v), rowOffset))
            const limbs = partial.map((_, r) => f.let(v128.xor(v128.load(row, ROW * r), SIGN_OF_LIMBS)))
            for (let digit = 0; digit < DIGITS; digit++) {
              const multipliers = f.let(v128.load(weights, WEIGHT_PAIR_BYTES * v + 16 * digit))
              for (const [r, x] of limbs.entries()) {
                const sum = partial[r]![digit]!
                f.set(sum, i32x4.add(sum, i32x4.dot_i16x8_s(multipliers, x)))
              }
            }
          }
          f.set(weights, i32.add(weights, i32.const(WEIGHT_PAIR_BYTES * UNROLLED)))
          f.set(vector, i32.add(vector, i32.const(4 * UNROLLED)))
          f.set(rest, i32.sub(rest, i32.const(1)))
          f.branchIf(nextVectors, i32.and(i32.ne(rest, i32.const(0)), i32.lt_u(vector, end)))
        })
        for (const [r, digits] of partial.entries()) {
          for (const [digit, sum] of digits.entries()) {
            const place = sumPlace(r, digit)
            const wide = i64x2.add(i64x2.extend_low_i32x4_s(sum), i64x2.extend_high_i32x4_s(sum))
            f.emit(v128.store(sums, i64x2.add(v128.load(sums, place), wide), place))
          }
        }
        f.branchIf(nextPart, i32.lt_u(vector, end))
      })
    })
  }
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] }, 'combineColumns')
  const [vectors, vectorCount, weights, dst, plane, begin, end] = f.params
  const sums = f.let(i32.add(scratch, i32.const(SCRATCH.state)))
  const coordinateBytes = f.let(i32.mul(vectorCount, i32.const(WEIGHT_PAIR_BYTES)))
  const constants = f.let(i32.add(weights, i32.mul(coordinateBytes, i32.const(3))))
  const row = f.local('i32')
  f.for(row, begin, end, ROWS, () => {
    const rowOffset = f.let(i32.mul(row, i32.const(ROW)))
    const at = f.let(i32.add(dst, i32.shl(row, i32.const(3))))
    const coordinate = f.let(weights)
    for (let k = 0; k < 3; k++) {
      f.emit(call(sumRows, vectors, vectorCount, coordinate, rowOffset, sums))
      const total = addLazy(f, sumOfDigits(f, sums), split(f, v128.load64_splat(constants, 8 * k)))
      f.emit(v128.store(at, canonical(f, packSigned(f, total))))
      f.set(at, i32.add(at, plane))
      f.set(coordinate, i32.add(coordinate, coordinateBytes))
    }
  })
}

/** The sums of both rows from those of their digits, with {@link COMBINATION_BIAS}. */
function sumOfDigits(f: FunctionBuilder, sums: Expression): Lazy {
  const digits = Array.from({ length: DIGITS }, (_, digit) =>
    f.let(addLanes(v128.load(sums, sumPlace(0, digit)), v128.load(sums, sumPlace(1, digit)))),
  )
  /** Digits 1 and 2 of a half, from bit 11 on, as bits 11..31 and the bits above. */
  const upper = (middle: Expression, top: Expression): readonly [Expression, Expression] => {
    const biased = i64x2.add(middle, i64x2.const_splat(DIGIT_SUM_BIAS))
    const sum = f.let(i64x2.add(biased, shiftLeft(top, DIGIT_BITS)))
    const below = v128.and(shiftLeft(sum, DIGIT_BITS), i64x2.const_splat(0xffff_ffffn))
    return [f.let(below), f.let(i64x2.shr_u(sum, i32.const(32 - DIGIT_BITS)))]
  }
  const [lowBelow, lowAbove] = upper(digits[1]!, digits[2]!)
  const [highBelow, highAbove] = upper(digits[4]!, digits[5]!)
  const lo = i64x2.sub(i64x2.add(digits[0]!, lowBelow), highAbove)
  const hi = i64x2.add(i64x2.add(digits[3]!, highBelow), i64x2.add(lowAbove, highAbove))
  return { lo: f.let(lo), hi: f.let(hi) }
}

/**
 * Emits `evaluatePanel(panel, weights, plane, dst, pairs, count)`: adds the sum over rows of cell times weight to the eight
 * extension elements at dst, coordinate k of column c at dst + 64 k + 8 c. Columns 2 i and 2 i + 1 are passed over unless
 * bit i of `pairs` is set.
 */
function emitEvaluatePanel(module: ModuleBuilder): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] })
  const [panel, weights, plane, dst, pairs, count] = f.params
  const zero = i64x2.const_splat(0n)
  const sums = [0, 1, 2].map(() => ({ lo: f.local('v128'), hi: f.local('v128') }))
  const vector = f.local('i32')
  const row = f.local('i32')
  const size = f.let(i32.mul(count, i32.const(ROW)))
  f.for(vector, i32.const(0), i32.const(ROW), 16, () => {
    const isWanted = i32.and(i32.shr_u(pairs, i32.shr_u(vector, i32.const(4))), i32.const(1))
    f.if(isWanted, () => sumColumns())
  })
  emitChunked(module, 'evaluatePanel', f, { steps: [ROW, 8], chunk: CHUNK })

  function sumColumns(): void {
    for (const { lo, hi } of sums) {
      f.set(lo, zero)
      f.set(hi, zero)
    }
    const cells = f.let(i32.add(panel, vector))
    f.for(row, i32.const(0), size, ROW, () => {
      const x = f.let(v128.load(i32.add(cells, row)))
      const halves = f.let(i32x4.shuffle(x, x, [0, 2, 1, 3]))
      const weight = f.let(i32.add(weights, i32.shr_u(row, i32.const(3))))
      for (const [k, sum] of sums.entries()) {
        if (k > 0) f.set(weight, i32.add(weight, plane))
        const product = mulShuffled(f, halves, multiplier(f, v128.load64_splat(weight)))
        f.set(sum.lo, i64x2.add(sum.lo, product.lo))
        f.set(sum.hi, i64x2.add(sum.hi, product.hi))
      }
    })
    const at = f.let(i32.add(dst, vector))
    for (const [k, sum] of sums.entries()) {
      const total = addLazy(f, sum, split(f, v128.load(at, ROW * k)))
      f.emit(v128.store(at, canonical(f, packSigned(f, total)), ROW * k))
    }
  }
}

/** Emits the kernels of this file; see the interface `Kernels`. */
export function emitWeightedSums(module: ModuleBuilder, scratch: Expression): void {
  emitCombineColumns(module, scratch)
  emitEvaluatePanel(module)
}
