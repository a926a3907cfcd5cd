/**
 * Fixed columns that the verifier evaluates itself: a short head, a short cycle, a short tail. The first and last row
 * and every periodic column of a small period are of this kind; they are neither committed nor opened.
 */
import type { FixedContent } from '@zisk/air'
import {
  EXT_ONE,
  EXT_ZERO,
  type Ext,
  extAdd,
  extFromFelt,
  extMul,
  extPow,
  extScale,
  extSub,
  type Felt,
  inv,
  mul,
  pow,
  rootOfUnity,
  sub,
} from '@zisk/field'
import { extBatchInverse } from '../protocol/ext-batch.ts'

/** Largest period, and largest number of rows that differ from it. */
const MAX_CHEAP_ROWS = 256

/** Contents of a fixed column that is not committed. */
export type CheapFixed = Extract<FixedContent, { kind: 'pattern' }>

/** Whether a column of these contents is cheap at every height from 2^minLogRows on. */
export function isCheapFixed(content: FixedContent, minLogRows: number): content is CheapFixed {
  if (content.kind !== 'pattern') return false
  const { head, cycle, tail } = content
  const period = cycle.length
  const isPowerOfTwo = period > 0 && (period & (period - 1)) === 0
  return isPowerOfTwo && Math.max(period, head.length + tail.length) <= Math.min(MAX_CHEAP_ROWS, 2 ** minLogRows)
}

/**
 * Value at `point` of the polynomial that takes the column's values on the 2^logRows rows: the periodic part, a
 * polynomial in x^(rows/period), and a Lagrange term for every row of head and tail that differs from it.
 *
 * @param point Outside the trace domain.
 */
export function evaluateCheapFixed({ head, cycle, tail }: CheapFixed, logRows: number, point: Ext): Ext {
  const rows = 2 ** logRows
  const period = cycle.length
  const onCycle = (row: number): Felt => cycle[(((row - head.length) % period) + period) % period]!
  const y = extPow(point, BigInt(rows / period))
  const periodic = Array.from({ length: period }, (_, row) => onCycle(row))
  let value = interpolate(periodic, Math.log2(period), y)
  const exceptions = [
    ...head.map((felt, row) => ({ row, felt })),
    ...tail.map((felt, i) => ({ row: rows - tail.length + i, felt })),
  ].filter(({ row, felt }) => felt !== onCycle(row))
  if (exceptions.length === 0) return value
  const root = rootOfUnity(logRows)
  const points = exceptions.map(({ row }) => pow(root, BigInt(row)))
  const inverses = extBatchInverse(points.map((x) => extSub(point, extFromFelt(x))))
  const scale = vanishingOverRows(point, logRows)
  for (const [i, { row, felt }] of exceptions.entries()) {
    const weight = mul(points[i]!, sub(felt, onCycle(row)))
    value = extAdd(value, extScale(extMul(scale, inverses[i]!), weight))
  }
  return value
}

/** Value at y of the polynomial through `values` on the subgroup of order 2^logSize. */
function interpolate(values: readonly Felt[], logSize: number, y: Ext): Ext {
  if (values.every((value) => value === values[0])) return extFromFelt(values[0]!)
  const root = rootOfUnity(logSize)
  const points: Felt[] = []
  for (let x = 1n, i = 0; i < values.length; i++, x = mul(x, root)) points.push(x)
  const inverses = extBatchInverse(points.map((x) => extSub(y, extFromFelt(x))))
  let sum = EXT_ZERO
  for (const [i, value] of values.entries()) sum = extAdd(sum, extScale(inverses[i]!, mul(points[i]!, value)))
  return extMul(sum, vanishingOverRows(y, logSize))
}

/** (x^n - 1) / n for n = 2^logRows: the common factor of all Lagrange terms. */
function vanishingOverRows(x: Ext, logRows: number): Ext {
  const n = 2n ** BigInt(logRows)
  return extScale(extSub(extPow(x, n), EXT_ONE), inv(n))
}
