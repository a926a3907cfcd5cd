import type { AirInstance } from '@zisk/air'
import { OP } from '@zisk/core'
import { columnWords, type OperationSlice, setAirValues } from '@zisk/witness'
import { binaryShiftWordAirValues, binaryShiftWordColumns } from './binary-shift-word-columns.gen.ts'

/** Fills an instance of BinaryShiftWord, whose columns are zero, with SLL_W and SRL_W. */
export function fillBinaryShiftWord(instance: AirInstance, { inputs, from, count }: OperationSlice): void {
  const columns = binaryShiftWordColumns(instance)
  const words = <Name extends 'x' | 'other' | 'rest_high' | 'low' | 'low_mid' | 'low_sign'>(name: Name): Uint32Array =>
    columnWords(columns[name])
  const [x, other, restHigh] = [words('x'), words('other'), words('rest_high')]
  const [low, lowMid, lowSign] = [words('low'), words('low_mid'), words('low_sign')]
  const [high0, high1] = columns.high.map(columnWords) as [Uint32Array, Uint32Array]
  const opColumn = columnWords(columns.op)
  const amount = columnWords(columns.amount)
  const power = columnWords(columns.power)
  const isLow = columnWords(columns.is_low)
  for (let row = 0; row < instance.rows; row++) {
    const at = 2 * row
    // Padding shifts 0 to the left by 0.
    const isUsed = row < count
    const op = isUsed ? inputs.op[from + row]! : OP.SLL_W
    const value = isUsed ? inputs.a[2 * (from + row)]! : 0
    const by = isUsed ? inputs.b[2 * (from + row)]! : 0
    const isLeft = op === OP.SLL_W || (by & 31) === 0
    const shift = isLeft ? by & 31 : 32 - (by & 31)
    const lowWord = (value << shift) >>> 0
    const highWord = shift === 0 ? 0 : value >>> (32 - shift)
    x[at] = value
    other[at] = by
    restHigh[at] = by >>> 22
    low[at] = lowWord & 0xffff
    lowMid[at] = (lowWord >>> 16) & 0x7fff
    lowSign[at] = lowWord >>> 31
    high0[at] = highWord & 0xffff
    high1[at] = highWord >>> 16
    opColumn[at] = op
    amount[at] = by & 63
    power[at] = 2 ** shift
    isLow[at] = isLeft ? 1 : 0
  }
  setAirValues(instance, binaryShiftWordAirValues({ padding_size: BigInt(instance.rows - count) }))
}
