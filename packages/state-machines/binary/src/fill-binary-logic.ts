import type { AirInstance } from '@zisk/air'
import { OP } from '@zisk/core'
import { columnWords, type OperationSlice, setAirValues } from '@zisk/witness'
import { binaryLogicAirValues, binaryLogicColumns } from './binary-logic-columns.gen.ts'

/** Fills an instance of BinaryLogic, whose columns are zero, with AND, OR and XOR. */
export function fillBinaryLogic(instance: AirInstance, { inputs, from, count }: OperationSlice): void {
  const columns = binaryLogicColumns(instance)
  const a = columns.a.map(columnWords)
  const b = columns.b.map(columnWords)
  const and = columns.and.map(columnWords)
  const c = columns.c.map(columnWords)
  const kind = columnWords(columns.kind)
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const op = inputs.op[from + row]!
    kind[at] = op - OP.AND
    for (let limb = 0; limb < 2; limb++) {
      const x = inputs.a[2 * (from + row) + limb]!
      const y = inputs.b[2 * (from + row) + limb]!
      c[limb]![at] = op === OP.AND ? x & y : op === OP.OR ? x | y : x ^ y
      for (let i = 0; i < 4; i++) {
        const p = (x >>> (8 * i)) & 0xff
        const q = (y >>> (8 * i)) & 0xff
        a[4 * limb + i]![at] = p
        b[4 * limb + i]![at] = q
        and[4 * limb + i]![at] = p & q
      }
    }
  }
  setAirValues(instance, binaryLogicAirValues({ padding_size: BigInt(instance.rows - count) }))
}
