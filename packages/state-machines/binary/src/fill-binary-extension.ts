import type { AirInstance } from '@zisk/air'
import { OP } from '@zisk/core'
import { inv } from '@zisk/field'
import { columnWords, type OperationSlice, setAirValues } from '@zisk/witness'
import { binaryExtensionAirValues, binaryExtensionColumns } from './binary-extension-columns.gen.ts'
import { ROUTE, type ShiftRow, shiftRow } from './shift-table.ts'

/** Fills an instance of BinaryExtension, whose columns are zero, with shifts and sign extensions. */
export function fillBinaryExtension(instance: AirInstance, { inputs, from, count }: OperationSlice): void {
  const columns = binaryExtensionColumns(instance)
  const x = columns.x.map(columnWords)
  const other = columns.other.map(columnWords)
  const low = columns.low.map((pair) => pair.map(columnWords))
  const high = columns.high.map((pair) => pair.map(columnWords))
  const [fill0, fill1] = columns.fill.map(columnWords) as [Uint32Array, Uint32Array]
  const [signLow, signMid, sign] = [columns.sign_low, columns.sign_mid, columns.sign].map(columnWords) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ]
  const restHigh = columnWords(columns.rest_high)
  const opColumn = columnWords(columns.op)
  const amountColumn = columnWords(columns.amount)
  const power = columnWords(columns.power)
  const is64 = columnWords(columns.is_64)
  const isWordColumn = columnWords(columns.is_word)
  const routes = [undefined, columns.is_0p0, columns.is_p2, columns.is_p12, columns.is_low].map((column) =>
    column === undefined ? undefined : columnWords(column),
  )
  const rows = new Map<number, ShiftRow>()
  const scales = new Map([0, 16, 24].map((shift) => [shift, inv(1n << BigInt(shift))]))
  for (let row = 0; row < instance.rows; row++) {
    const at = 2 * row
    const i = from + row
    // Padding shifts 0 by 0.
    const isUsed = row < count
    const op = isUsed ? inputs.op[i]! : OP.SLL
    const isExtension = op >= OP.SIGNEXTEND_B
    const isWord = op >= OP.SLL_W && !isExtension
    const [moving, still] = isExtension ? [inputs.b, inputs.a] : [inputs.a, inputs.b]
    const swap = isWord || isExtension ? 1 : 0
    const stillLow = isUsed ? still[2 * i]! : 0
    const amount = stillLow & 63
    const key = 64 * op + amount
    let entry = rows.get(key)
    if (entry === undefined) {
      entry = shiftRow(op, amount)
      rows.set(key, entry)
    }
    const { route, shift } = entry
    other[0]![at] = stillLow
    other[1]![at] = isUsed ? still[2 * i + 1]! : 0
    let lowWord = 0
    for (let limb = 0; limb < 2; limb++) {
      const value = isUsed ? moving[2 * i + (limb ^ swap)]! : 0
      lowWord = (value << shift) >>> 0
      const highWord = shift === 0 ? 0 : value >>> (32 - shift)
      x[limb]![at] = value
      low[limb]![0]![at] = lowWord & 0xffff
      low[limb]![1]![at] = lowWord >>> 16
      high[limb]![0]![at] = highWord & 0xffff
      high[limb]![1]![at] = highWord >>> 16
    }
    const signed = route === ROUTE.low ? lowWord : x[1]![at]!
    signLow[at] = signed & 0x7fff
    signMid[at] = (signed >>> 15) & 0xffff
    sign[at] = signed >>> 31
    restHigh[at] = stillLow >>> 22
    opColumn[at] = op
    amountColumn[at] = amount
    power[at] = 2 ** shift
    if (route === ROUTE.low) columns.scale[row] = scales.get(entry.scaleShift)!
    fill0[at] = entry.fill0
    fill1[at] = entry.fill1
    const chosen = routes[route]
    if (chosen !== undefined) chosen[at] = 1
    if (isWord) isWordColumn[at] = 1
    else if (!isExtension) is64[at] = 1
  }
  setAirValues(instance, binaryExtensionAirValues({ padding_size: BigInt(instance.rows - count) }))
}
