/** The second opinion on the buses: LogUp sum or product at a random point, over the extension field. */
import { EXT_ONE, EXT_ZERO, type Ext, extAdd, extEquals, extInv, extMul, extPow, extScale, toFelt } from '@zisk/field'
import { signedFelt } from '../analysis/format-expression.ts'
import { type BusScope, visitTuples } from './check-buses.ts'
import type { SumFailure } from './report.ts'

/** The challenge pair of all buses. */
export interface BusPoint {
  readonly alpha: Ext
  readonly gamma: Ext
}

/**
 * For the sum bus, sums `multiplicity / (id + f1 alpha + f2 alpha^2 + ... + gamma)` over all contributions; zero when the
 * bus balances, and otherwise zero with a probability below (number of tuples x width) / 2^192 over the point. For a
 * product, raises each denominator to its multiplicity and multiplies; one when it balances.
 *
 * @returns The failure, or undefined.
 */
export function checkSum(scope: BusScope, point: BusPoint): SumFailure | undefined {
  if (scope.bus !== 'sum') return checkProduct(scope, point)
  let numerator: Ext = EXT_ZERO
  let product: Ext = EXT_ONE
  let sum: Ext = EXT_ZERO
  let pending = 0
  const flush = (): void => {
    sum = extAdd(sum, extMul(numerator, extInv(product)))
    numerator = EXT_ZERO
    product = EXT_ONE
    pending = 0
  }
  visitTuples(scope, ({ words, count, low, high }) => {
    const term = denominator(words, count, point)
    const multiplicity = toFelt((BigInt(high) << 32n) + BigInt(low))
    numerator = extAdd(extMul(numerator, term), extScale(product, multiplicity))
    product = extMul(product, term)
    if (++pending === 1024) flush()
  })
  flush()
  if (extEquals(sum, EXT_ZERO)) return undefined
  return { kind: 'sum', message: `the sum over all buses at a random point is (${sum.join(', ')}) instead of 0` }
}

function checkProduct(scope: BusScope, point: BusPoint): SumFailure | undefined {
  let [proved, assumed]: [Ext, Ext] = [EXT_ONE, EXT_ONE]
  visitTuples(scope, ({ words, count, low, high }) => {
    const term = denominator(words, count, point)
    const multiplicity = signedFelt((BigInt(high) << 32n) + BigInt(low))
    if (multiplicity > 0n) proved = extMul(proved, extPow(term, multiplicity))
    else assumed = extMul(assumed, extPow(term, -multiplicity))
  })
  if (extEquals(proved, assumed)) return undefined
  const where = scope.bus === 'local' ? `local product of ${scope.instances[0]!.label}` : 'product over all buses'
  return { kind: 'sum', message: `the two sides of the ${where} differ at a random point` }
}

/** id + f1 alpha + f2 alpha^2 + ... + gamma. */
function denominator(words: Uint32Array, count: number, { alpha, gamma }: BusPoint): Ext {
  const fields: bigint[] = []
  for (let k = 0; k < count; k += 2) fields.push((BigInt(words[k + 1]!) << 32n) + BigInt(words[k]!))
  return extAdd(compress(fields, alpha), gamma)
}

/** `f0 + f1 alpha + f2 alpha^2 + ...`. */
export function compress(fields: readonly bigint[], alpha: Ext): Ext {
  let result: Ext = EXT_ZERO
  for (let k = fields.length - 1; k >= 0; k--) result = extAdd(extMul(result, alpha), [fields[k]!, 0n, 0n])
  return result
}
