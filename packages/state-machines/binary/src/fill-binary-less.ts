import type { AirInstance } from '@zisk/air'
import { columnWords, type OperationSlice, setAirValues } from '@zisk/witness'
import { binaryLessAirValues, binaryLessColumns } from './binary-less-columns.gen.ts'

/** Fills an instance of BinaryLess, whose columns are zero, with comparisons without signs. */
export function fillBinaryLess(instance: AirInstance, { inputs, from, count }: OperationSlice): void {
  const columns = binaryLessColumns(instance)
  const [a0, a1] = columns.a.map(columnWords) as [Uint32Array, Uint32Array]
  const [b0, b1] = columns.b.map(columnWords) as [Uint32Array, Uint32Array]
  const [borrow0, borrow1] = columns.borrow.map(columnWords) as [Uint32Array, Uint32Array]
  const [low0, low1] = columns.d_low.map(columnWords) as [Uint32Array, Uint32Array]
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const x = 2 * (from + row)
    const [aLow, aHigh] = [inputs.a[x]!, inputs.a[x + 1]!]
    const [bLow, bHigh] = [inputs.b[x]!, inputs.b[x + 1]!]
    const borrows = aLow < bLow ? 1 : 0
    a0[at] = aLow
    a1[at] = aHigh
    b0[at] = bLow
    b1[at] = bHigh
    borrow0[at] = borrows
    borrow1[at] = aHigh - bHigh - borrows < 0 ? 1 : 0
    low0[at] = (aLow - bLow) & 0xffff
    low1[at] = (aHigh - bHigh - borrows) & 0xffff
  }
  setAirValues(instance, binaryLessAirValues({ padding_size: BigInt(instance.rows - count) }))
}
