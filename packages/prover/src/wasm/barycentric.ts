/** Values of polynomials at a point from their values on coset 0. */
import {
  type Ext,
  extAdd,
  extFromFelt,
  extNeg,
  extPow,
  extScale,
  GENERATOR,
  inv,
  mul,
  pow,
  rootOfUnity,
} from '@zisk/field'
import type { Region } from './arena.ts'
import type { Engine } from './engine.ts'
import type { Job } from './jobs.ts'
import { type PlanarColumn, planarBytes, planarIn, putExt } from './planar.ts'

/**
 * The weights of a point z outside of coset 0, whose points are x_i = s w^i with s = 7: f(z) is the sum of the values
 * f(x_i) times (z^n - s^n) / (n s^n) * x_i / (z - x_i), for every f of degree below n. The weights of z w^o are those of
 * z moved by o places.
 */
export async function barycentricWeights(engine: Engine, z: Ext, logRows: number): Promise<PlanarColumn> {
  const { arena, runner } = engine
  const rows = 2 ** logRows
  const order = BigInt(rows)
  const power = pow(GENERATOR, order)
  const vanishing = extAdd(extPow(z, order), extNeg(extFromFelt(power)))
  const [region, work] = arena.reserveTogether([planarBytes(rows), 8 * rows]) as [Region, Region]
  const weights = planarIn(region, rows)
  const factor = putExt(engine, extScale(vanishing, inv(mul(order, power))), weights.offset)
  const root = rootOfUnity(logRows)
  const jobs = engine.ranges(rows, 2).map(
    ({ begin, end }): Job => ({
      kind: 'weights',
      point: z,
      first: mul(GENERATOR, pow(root, BigInt(begin))),
      root,
      factor: factor.offset,
      dst: weights.offset + 8 * begin,
      plane: weights.plane,
      work: work.offset + 8 * begin,
      count: end - begin,
    }),
  )
  await runner.run(jobs)
  engine.release(factor, work)
  return weights
}
