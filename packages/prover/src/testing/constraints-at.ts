/** What the verifier computes at the out-of-domain point, for a dishonest prover who wants to know it beforehand. */
import { evaluateDag, NODE } from '@zisk/air'
import {
  EXT_ONE,
  EXT_ZERO,
  type Ext,
  extAdd,
  extField,
  extFromFelt,
  extInv,
  extMul,
  extPow,
  extSub,
  rootOfUnity,
} from '@zisk/field'
import { airValuesInOrder, QUOTIENT_PIECES, rowSelector, shiftPoint } from '@zisk/verifier'
import type { QuotientRequest } from '../backend/backend.ts'
import { interpolate } from '../reference/transform.ts'

/** The opened values with the first piece of the quotient replaced, so that the constraints hold at z whatever the trace is. */
export function compensateQuotient(request: QuotientRequest, evaluations: readonly Ext[], z: Ext): Ext[] {
  const forged = [...evaluations]
  const { heights } = request.layout
  const { firstEvaluation, terms, logRows } = heights[0]!
  const first = firstEvaluation + terms.length - QUOTIENT_PIECES
  const step = extPow(z, 2n ** BigInt(logRows))
  let others = EXT_ZERO
  for (let piece = QUOTIENT_PIECES - 1; piece > 0; piece--)
    others = extMul(extAdd(others, evaluations[first + piece]!), step)
  forged[first] = extSub(quotientAt(request, evaluations, z), others)
  return forged
}

/**
 * The quotient that is wanted at z: the constraints of all instances over the vanishing polynomials of their heights,
 * combined by powers of lambda.
 *
 * @param evaluations of all columns at z, in layout order; those of the quotient are not read
 */
export function quotientAt(request: QuotientRequest, evaluations: readonly Ext[], z: Ext): Ext {
  const { layout, claims, context, lambda, instances } = request
  let sum = EXT_ZERO
  let weight = EXT_ONE
  for (const i of layout.heights.flatMap((height) => height.instances)) {
    const { shape, logRows, evaluation } = layout.instances[i]!
    const { air } = shape
    const airValues = airValuesInOrder(air.airValues, claims[i]!)
    const values = evaluateDag(air.expressions, extField, (kind, a, b): Ext => {
      switch (kind) {
        case NODE.witness: {
          const stage = air.witness[a]!.stage === 1 ? 'stage1' : 'stage2'
          return evaluations[evaluation(stage, shape[stage].indexOf(a), b)]!
        }
        case NODE.fixed: {
          const position = shape.fixed.indexOf(a)
          if (position >= 0) return evaluations[evaluation('fixed', position, b)]!
          const point = shiftPoint(z, rootOfUnity(logRows), b)
          return interpolate(instances[i]!.fixed(a)).reduceRight(
            (value, coefficient) => extAdd(extMul(value, point), extFromFelt(coefficient)),
            EXT_ZERO,
          )
        }
        case NODE.custom:
          return evaluations[evaluation('custom', shape.custom.flat().indexOf(a), b)]!
        case NODE.airValue:
          return airValues[a]!
        case NODE.airGroupValue:
          return claims[i]!.airGroupValues[shape.airGroupValues.indexOf(b)]!
        case NODE.proofValue:
          return extFromFelt(context.proofValues[a]!)
        case NODE.public:
          return extFromFelt(context.publics[a]!)
        default:
          return context.challenges[a]!
      }
    })
    const overVanishing = extInv(extSub(extPow(z, 2n ** BigInt(logRows)), EXT_ONE))
    for (const { rows, expression } of air.constraints) {
      const selected = extMul(rowSelector(rows, logRows, z), values[expression]!)
      sum = extAdd(sum, extMul(weight, extMul(selected, overVanishing)))
      weight = extMul(weight, lambda)
    }
  }
  return sum
}
