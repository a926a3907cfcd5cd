import type { AirInstance } from '@zisk/air'
import { OP } from '@zisk/core'
import { columnWords, type OperationSlice, setAirValues } from '@zisk/witness'
import { arithMulAirValues, arithMulColumns } from './arith-mul-columns.gen.ts'
import { productLimb, splitChunks, writeCarry } from './product-carries.ts'

const LIMB = 2 ** 32

/** Fills an instance of ArithMul, whose columns are zero, with multiplications. */
export function fillArithMul(instance: AirInstance, { inputs, from, count }: OperationSlice): void {
  const columns = arithMulColumns(instance)
  const [aWords, bWords, cWords, dWords] = [columns.a, columns.b, columns.c, columns.d].map((list) =>
    list.map(columnWords),
  ) as [Uint32Array[], Uint32Array[], Uint32Array[], Uint32Array[]]
  const carries = columns.carry_low.map((low, i) => ({
    low: columnWords(low),
    high: columnWords(columns.carry_high[i]!),
  }))
  const aNegative = columnWords(columns.a_negative)
  const bNegative = columnWords(columns.b_negative)
  const wraps = columnWords(columns.wraps)
  const cSign = columnWords(columns.c_sign)
  const isHigh = columnWords(columns.is_high)
  const aSigned = columnWords(columns.a_signed)
  const bSigned = columnWords(columns.b_signed)
  const isWord = columnWords(columns.is_word)
  const [a, b] = [new Float64Array(4), new Float64Array(4)]
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const i = 2 * (from + row)
    const op = inputs.op[from + row]!
    const [aLow, aHigh, bLow, bHigh] = [inputs.a[i]!, inputs.a[i + 1]!, inputs.b[i]!, inputs.b[i + 1]!]
    splitChunks(aLow, aHigh, a)
    splitChunks(bLow, bHigh, b)
    const hasSign = op === OP.MULSUH || op === OP.MUL || op === OP.MULH
    const bothSigned = op === OP.MUL || op === OP.MULH
    const na = hasSign ? aHigh >>> 31 : 0
    const nb = bothSigned ? bHigh >>> 31 : 0
    aSigned[at] = hasSign ? 1 : 0
    bSigned[at] = bothSigned ? 1 : 0
    aNegative[at] = na
    bNegative[at] = nb
    isHigh[at] = op === OP.MULUH || op === OP.MULSUH || op === OP.MULH ? 1 : 0
    isWord[at] = op === OP.MUL_W ? 1 : 0
    let carry = 0
    for (let limb = 0; limb < 4; limb++) {
      let sum = productLimb(a, b, limb) + carry
      if (limb === 2) sum -= na * bLow + nb * aLow
      if (limb === 3) sum += LIMB * na * nb - na * bHigh - nb * aHigh
      carry = Math.floor(sum / LIMB)
      const value = sum - LIMB * carry
      const target = limb < 2 ? cWords : dWords
      target[2 * (limb & 1)]![at] = value & 0xffff
      target[2 * (limb & 1) + 1]![at] = value >>> 16
      if (limb < 3) writeCarry(carries[limb]!, at, carry)
      else wraps[at] = -carry
    }
    if (op === OP.MUL_W) cSign[at] = cWords[1]![at]! >>> 15
    for (let k = 0; k < 4; k++) {
      aWords[k]![at] = a[k]!
      bWords[k]![at] = b[k]!
    }
  }
  setAirValues(instance, arithMulAirValues({ padding_size: BigInt(instance.rows - count) }))
}
