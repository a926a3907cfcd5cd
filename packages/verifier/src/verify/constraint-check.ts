/**
 * The out-of-domain check: at z, the constraints of all instances of a shard, each over the vanishing polynomial of its
 * height and combined by powers of lambda, are the one quotient.
 */
import { type Constraint, evaluateDag, NODE } from '@zisk/air'
import {
  EXT_ONE,
  EXT_ZERO,
  type Ext,
  extAdd,
  extEquals,
  extField,
  extFromFelt,
  extInv,
  extMul,
  extPow,
  extScale,
  extSub,
  inv,
  pow,
  rootOfUnity,
} from '@zisk/field'
import { reject } from '../errors.ts'
import { QUOTIENT_PIECES } from '../key/air-shape.ts'
import { type CheapFixed, evaluateCheapFixed } from '../key/cheap-fixed.ts'
import type { InstanceClaim, Proof, ShardProof } from '../proof/proof.ts'
import { embed } from '../protocol/fiat-shamir.ts'
import { type InstanceLayout, quotientEvaluation, type ShardLayout } from '../protocol/layout.ts'

/** Values that all constraints share. */
export interface ConstraintContext {
  readonly publics: Proof['publics']
  readonly proofValues: Proof['proofValues']
  readonly challenges: readonly Ext[]
}

/** @throws VerificationError PROOF_CONSTRAINTS_FAILED. */
export function checkConstraints(
  layout: ShardLayout,
  shard: Pick<ShardProof, 'instances' | 'evaluations'>,
  context: ConstraintContext,
  { lambda, z }: { readonly lambda: Ext; readonly z: Ext },
): void {
  if (z[1] === 0n && z[2] === 0n) reject('PROOF_CONSTRAINTS_FAILED', 'the out-of-domain point lies in the base field')
  let quotient = EXT_ZERO
  let weight = EXT_ONE
  for (const height of layout.heights) {
    let sum = EXT_ZERO
    for (const i of height.instances) {
      const instance = layout.instances[i]!
      const values = valuesAt(instance, shard.instances[i]!, shard.evaluations, context, z)
      for (const { rows, expression } of instance.shape.air.constraints) {
        const selected = extMul(rowSelector(rows, height.logRows, z), values[expression]!)
        sum = extAdd(sum, extMul(weight, selected))
        weight = extMul(weight, lambda)
      }
    }
    // No height's vanishing polynomial is zero outside the base field.
    quotient = extAdd(quotient, extMul(sum, extInv(vanishing(height.logRows, z))))
  }
  if (!extEquals(quotient, quotientAt(layout, shard.evaluations, z)))
    reject('PROOF_CONSTRAINTS_FAILED', 'the constraints do not hold at the out-of-domain point')
}

/** Every node of the AIR's expressions at z. */
function valuesAt(
  { shape, logRows, evaluation }: InstanceLayout,
  claim: InstanceClaim,
  evaluations: readonly Ext[],
  context: ConstraintContext,
  z: Ext,
): Ext[] {
  const { air } = shape
  const root = rootOfUnity(logRows)
  const custom = shape.custom.flat()
  const airValues = airValuesInOrder(air.airValues, claim)
  return evaluateDag(air.expressions, extField, (kind, a, b) => {
    switch (kind) {
      case NODE.witness: {
        const stage = air.witness[a]!.stage === 1 ? 'stage1' : 'stage2'
        return evaluations[evaluation(stage, shape[stage].indexOf(a), b)]!
      }
      case NODE.fixed: {
        const position = shape.fixed.indexOf(a)
        if (position >= 0) return evaluations[evaluation('fixed', position, b)]!
        return evaluateCheapFixed(air.fixed[a]!.content as CheapFixed, logRows, shiftPoint(z, root, b))
      }
      case NODE.custom:
        return evaluations[evaluation('custom', custom.indexOf(a), b)]!
      case NODE.airValue:
        return airValues[a]!
      case NODE.airGroupValue:
        return claim.airGroupValues[shape.airGroupValues.indexOf(b)]!
      case NODE.proofValue:
        return extFromFelt(context.proofValues[a]!)
      case NODE.public:
        return extFromFelt(context.publics[a]!)
      default:
        return context.challenges[a]!
    }
  })
}

/** The air values of both stages, in the order in which the AIR declares them. */
export function airValuesInOrder(
  declared: readonly { readonly stage: number }[],
  claim: Pick<InstanceClaim, 'airValues1' | 'airValues2'>,
): Ext[] {
  const first = embed(claim.airValues1)
  const next = { 1: 0, 2: 0 }
  return declared.map(({ stage }) => (stage === 1 ? first[next[1]++]! : claim.airValues2[next[2]++]!))
}

/** z * w^offset. */
export function shiftPoint(z: Ext, root: bigint, offset: number): Ext {
  if (offset === 0) return z
  return extScale(z, offset > 0 ? pow(root, BigInt(offset)) : inv(pow(root, BigInt(-offset))))
}

/** Z_H over the polynomial that vanishes on the constrained rows: 1 when those are all. */
export function rowSelector(rows: Constraint['rows'], logRows: number, z: Ext): Ext {
  const root = rootOfUnity(logRows)
  const minusRow = (row: number): Ext => extSub(z, shiftPoint(EXT_ONE, root, row))
  switch (rows.kind) {
    case 'everyRow':
      return EXT_ONE
    case 'firstRow':
      return extMul(vanishing(logRows, z), extInv(minusRow(0)))
    case 'lastRow':
      return extMul(vanishing(logRows, z), extInv(minusRow(-1)))
    case 'everyFrame': {
      let product = EXT_ONE
      for (let row = 0; row < rows.offsetMin; row++) product = extMul(product, minusRow(row))
      for (let row = 1; row <= rows.offsetMax; row++) product = extMul(product, minusRow(-row))
      return product
    }
  }
}

function quotientAt(layout: ShardLayout, evaluations: readonly Ext[], z: Ext): Ext {
  const step = extPow(z, 2n ** BigInt(layout.heights[0]!.logRows))
  let value = EXT_ZERO
  for (let piece = QUOTIENT_PIECES - 1; piece >= 0; piece--)
    value = extAdd(extMul(value, step), evaluations[quotientEvaluation(layout, piece)]!)
  return value
}

/** x^n - 1 for n = 2^logRows. */
function vanishing(logRows: number, x: Ext): Ext {
  return extSub(extPow(x, 2n ** BigInt(logRows)), EXT_ONE)
}
