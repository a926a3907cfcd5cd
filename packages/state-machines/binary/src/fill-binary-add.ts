import type { AirInstance } from '@zisk/air'
import { columnWords, type OperationSlice, setAirValues } from '@zisk/witness'
import { binaryAddAirValues, binaryAddColumns } from './binary-add-columns.gen.ts'

/** Fills an instance of BinaryAdd, whose columns are zero, with additions of 64 bits. */
export function fillBinaryAdd(instance: AirInstance, { inputs, from, count }: OperationSlice): void {
  const columns = binaryAddColumns(instance)
  const [a0, a1] = columns.a.map(columnWords) as [Uint32Array, Uint32Array]
  const [b0, b1] = columns.b.map(columnWords) as [Uint32Array, Uint32Array]
  const chunks = columns.c_chunk.map(columnWords)
  const [c0, c1, c2, c3] = chunks as [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const x = 2 * (from + row)
    const aLow = inputs.a[x]!
    const bLow = inputs.b[x]!
    const low = (aLow + bLow) >>> 0
    const high = (inputs.a[x + 1]! + inputs.b[x + 1]! + (low < aLow ? 1 : 0)) >>> 0
    a0[at] = aLow
    a1[at] = inputs.a[x + 1]!
    b0[at] = bLow
    b1[at] = inputs.b[x + 1]!
    c0[at] = low & 0xffff
    c1[at] = low >>> 16
    c2[at] = high & 0xffff
    c3[at] = high >>> 16
  }
  setAirValues(instance, binaryAddAirValues({ padding_size: BigInt(instance.rows - count) }))
}
