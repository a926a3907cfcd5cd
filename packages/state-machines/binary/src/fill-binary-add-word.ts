import type { AirInstance } from '@zisk/air'
import { columnWords, type OperationSlice, setAirValues } from '@zisk/witness'
import { binaryAddWordAirValues, binaryAddWordColumns } from './binary-add-word-columns.gen.ts'

/** Fills an instance of BinaryAddWord, whose columns are zero, with additions of 32 bits. */
export function fillBinaryAddWord(instance: AirInstance, { inputs, from, count }: OperationSlice): void {
  const columns = binaryAddWordColumns(instance)
  const [a, b] = [columnWords(columns.a), columnWords(columns.b)]
  const [low, mid, sign] = [columns.c_low, columns.c_mid, columns.sign].map(columnWords) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ]
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const x = 2 * (from + row)
    const sum = (inputs.a[x]! + inputs.b[x]!) >>> 0
    a[at] = inputs.a[x]!
    b[at] = inputs.b[x]!
    low[at] = sum & 0xffff
    mid[at] = (sum >>> 16) & 0x7fff
    sign[at] = sum >>> 31
  }
  setAirValues(instance, binaryAddWordAirValues({ padding_size: BigInt(instance.rows - count) }))
}
