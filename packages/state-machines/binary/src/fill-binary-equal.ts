import type { AirInstance } from '@zisk/air'
import { batchInverse, toFelt } from '@zisk/field'
import { columnWords, type OperationSlice, setAirValues } from '@zisk/witness'
import { binaryEqualAirValues, binaryEqualColumns } from './binary-equal-columns.gen.ts'

/** Differences that are inverted together: an inversion costs as much as a hundred of them. */
const BLOCK = 4096

/** Fills an instance of BinaryEqual, whose columns are zero, with comparisons. */
export function fillBinaryEqual(instance: AirInstance, { inputs, from, count }: OperationSlice): void {
  const { a, b, inverse } = binaryEqualColumns(instance)
  const [a0, a1] = a.map(columnWords) as [Uint32Array, Uint32Array]
  const [b0, b1] = b.map(columnWords) as [Uint32Array, Uint32Array]
  /** Rows that have an inverse, by limb, and what is inverted there. */
  const rows: number[] = []
  const limbs: (0 | 1)[] = []
  const differences: bigint[] = []
  const invert = (): void => {
    for (const [i, value] of batchInverse(differences).entries()) inverse[limbs[i]!][rows[i]!] = value
    rows.length = limbs.length = differences.length = 0
  }
  for (let row = 0; row < count; row++) {
    const x = 2 * (from + row)
    const at = 2 * row
    a0[at] = inputs.a[x]!
    a1[at] = inputs.a[x + 1]!
    b0[at] = inputs.b[x]!
    b1[at] = inputs.b[x + 1]!
    const limb = a0[at] === b0[at] ? 1 : 0
    const difference = inputs.a[x + limb]! - inputs.b[x + limb]!
    if (difference === 0) continue
    rows.push(row)
    limbs.push(limb)
    differences.push(toFelt(BigInt(difference)))
    if (rows.length === BLOCK) invert()
  }
  invert()
  setAirValues(instance, binaryEqualAirValues({ padding_size: BigInt(instance.rows - count) }))
}
