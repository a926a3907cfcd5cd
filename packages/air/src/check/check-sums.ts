/** The second opinion on the buses: the LogUp sum at a random point, over the extension field. */
import { EXT_ZERO, type Ext, extAdd, extEquals, extInv, extMul, extScale, toFelt } from '@zisk/field'
import type { Pilout } from '../model/pilout.ts'
import { type BusKernel, visitTuples } from './check-buses.ts'
import type { SumFailure } from './report.ts'
import type { BoundInstance, ProgramWitness } from './witness.ts'

/** The challenge pair of all buses. */
export interface BusPoint {
  readonly alpha: Ext
  readonly gamma: Ext
}

/**
 * Sums `multiplicity / (id + f1 alpha + f2 alpha^2 + ... + gamma)` over all contributions; zero when the buses balance,
 * and otherwise zero with a probability below (number of tuples x width) / 2^192 over the point.
 *
 * @returns The failure, or undefined.
 */
export function checkSum(
  program: Pilout,
  witness: ProgramWitness,
  instances: readonly BoundInstance[],
  kernelOf: (instance: BoundInstance) => BusKernel,
  point: BusPoint,
): SumFailure | undefined {
  let numerator: Ext = EXT_ZERO
  let denominator: Ext = [1n, 0n, 0n]
  let sum: Ext = EXT_ZERO
  let pending = 0
  const flush = (): void => {
    sum = extAdd(sum, extMul(numerator, extInv(denominator)))
    numerator = EXT_ZERO
    denominator = [1n, 0n, 0n]
    pending = 0
  }
  visitTuples(program, witness, instances, kernelOf, ({ words, count, low, high }) => {
    const fields: bigint[] = []
    for (let k = 0; k < count; k += 2) fields.push((BigInt(words[k + 1]!) << 32n) + BigInt(words[k]!))
    const term = extAdd(compress(fields, point.alpha), point.gamma)
    const multiplicity = toFelt((BigInt(high) << 32n) + BigInt(low))
    numerator = extAdd(extMul(numerator, term), extScale(denominator, multiplicity))
    denominator = extMul(denominator, term)
    if (++pending === 1024) flush()
  })
  flush()
  if (extEquals(sum, EXT_ZERO)) return undefined
  return { kind: 'sum', message: `the sum over all buses at a random point is (${sum.join(', ')}) instead of 0` }
}

/** `f0 + f1 alpha + f2 alpha^2 + ...`. */
export function compress(fields: readonly bigint[], alpha: Ext): Ext {
  let result: Ext = EXT_ZERO
  for (let k = fields.length - 1; k >= 0; k--) result = extAdd(extMul(result, alpha), [fields[k]!, 0n, 0n])
  return result
}
