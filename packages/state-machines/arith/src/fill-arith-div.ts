import type { AirInstance } from '@zisk/air'
import { OP } from '@zisk/core'
import { columnWords, type OperationSlice, setAirValues } from '@zisk/witness'
import { arithDivAirValues, arithDivColumns } from './arith-div-columns.gen.ts'
import { productLimb, splitChunks, writeCarry } from './product-carries.ts'

const LIMB = 2 ** 32
const ALL_ONES = (1n << 64n) - 1n
const BITS_32 = 0xffff_ffffn

/** A number that may be negative as two limbs of its 64 bits and its sign. */
interface Signed {
  readonly low: number
  readonly high: number
  readonly negative: 0 | 1
}

/** Fills an instance of ArithDiv, whose columns are zero, with divisions. */
export function fillArithDiv(instance: AirInstance, { inputs, from, count }: OperationSlice): void {
  const columns = arithDivColumns(instance)
  const words = [columns.q, columns.b, columns.n, columns.r].map((list) => list.map(columnWords))
  const chunks = words.map(() => new Float64Array(4))
  const negative = [columns.q_negative, columns.b_negative, columns.n_negative, columns.r_negative].map(columnWords)
  const carries = columns.carry_low.map((low, i) => ({
    low: columnWords(low),
    high: columnWords(columns.carry_high[i]!),
  }))
  const margin = columns.margin.map(columnWords)
  const marginCarry = columns.margin_carry.map(columnWords)
  const bWordSign = columnWords(columns.b_word_sign)
  const nWordSign = columnWords(columns.n_word_sign)
  const resultMid = columnWords(columns.result_mid)
  const resultSign = columnWords(columns.result_sign)
  const resultHigh = columnWords(columns.result_high)
  const isRemainder = columnWords(columns.is_remainder)
  const isSigned = columnWords(columns.is_signed)
  const isWord = columnWords(columns.is_word)
  const isSignedWord = columnWords(columns.is_signed_word)
  const byZero = columnWords(columns.by_zero)
  // Padding divides 0 by 1.
  words[1]![0]!.fill(0)
  for (let row = count; row < instance.rows; row++) words[1]![0]![2 * row] = 1
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const i = 2 * (from + row)
    const kind = inputs.op[from + row]! - OP.DIVU
    const remainder = kind & 1
    const signed = (kind >> 1) & 1
    const word = kind >> 2
    const n = operand(inputs.a[i]!, inputs.a[i + 1]!, signed === 1, word === 1)
    const b = operand(inputs.b[i]!, inputs.b[i + 1]!, signed === 1, word === 1)
    const dividend = toInteger(n)
    const divisor = toInteger(b)
    const zero = divisor === 0n
    const q = zero ? { ...toSigned(ALL_ONES), negative: 0 as const } : toSigned(dividend / divisor)
    const r = toSigned(zero ? dividend : dividend % divisor)
    for (const [k, value] of [q, b, n, r].entries()) {
      splitChunks(value.low, value.high, chunks[k]!)
      for (let j = 0; j < 4; j++) words[k]![j]![at] = chunks[k]![j]!
      negative[k]![at] = value.negative
    }
    let carry = 0
    for (let limb = 0; limb < 3; limb++) {
      let sum = productLimb(chunks[0]!, chunks[1]!, limb) + carry
      if (limb === 0) sum += r.low - n.low
      else if (limb === 1) sum += r.high - n.high
      else sum += n.negative - r.negative - q.negative * b.low - b.negative * q.low
      carry = sum / LIMB
      writeCarry(carries[limb]!, at, carry)
    }
    if (!zero) {
      const low = (b.negative ? -b.low : b.low) - (r.negative ? -r.low : r.low) - 1
      const between = Math.floor(low / LIMB)
      const high = (b.negative ? LIMB - b.high : b.high) - (r.negative ? LIMB - r.high : r.high) + between
      const lowLimb = low - LIMB * between
      margin[0]![at] = lowLimb & 0xffff
      margin[1]![at] = lowLimb >>> 16
      margin[2]![at] = high & 0xffff
      margin[3]![at] = high >>> 16
      marginCarry[0]![at] = between & 1
      marginCarry[1]![at] = between < 0 ? 1 : 0
    }
    const result = remainder ? r : q
    const sign = result.low >>> 31
    resultMid[at] = result.low >>> 16
    resultSign[at] = sign
    resultHigh[at] = word ? -sign : result.high
    bWordSign[at] = word * b.negative
    nWordSign[at] = word * n.negative
    isRemainder[at] = remainder
    isSigned[at] = signed
    isWord[at] = word
    isSignedWord[at] = signed * word
    byZero[at] = zero ? 1 : 0
  }
  setAirValues(instance, arithDivAirValues({ padding_size: BigInt(instance.rows - count) }))
}

/** The operand that an operation sees: 32 bits are extended to 64. */
function operand(low: number, high: number, isSigned: boolean, isWord: boolean): Signed {
  const negative = isSigned && (isWord ? low : high) >>> 31 === 1 ? 1 : 0
  return { low, high: isWord ? (negative ? LIMB - 1 : 0) : high, negative }
}

function toInteger({ low, high, negative }: Signed): bigint {
  return (BigInt(high) << 32n) + BigInt(low) - (negative ? 1n << 64n : 0n)
}

function toSigned(value: bigint): Signed {
  const bits = BigInt.asUintN(64, value)
  return { low: Number(bits & BITS_32), high: Number(bits >> 32n), negative: value < 0n ? 1 : 0 }
}
