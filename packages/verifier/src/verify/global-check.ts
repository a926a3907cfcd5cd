/** The global constraints: over publics, proof values, challenges, and the air-group values of all instances combined. */
import { evaluateDag, NODE, type Pilout } from '@zisk/air'
import { EXT_ONE, EXT_ZERO, type Ext, extAdd, extEquals, extField, extFromFelt, extMul } from '@zisk/field'
import { reject } from '../errors.ts'
import type { AirShape } from '../key/air-shape.ts'
import type { ShardProof } from '../proof/proof.ts'
import type { ConstraintContext } from './constraint-check.ts'

/** @throws VerificationError PROOF_GLOBAL_CONSTRAINT_FAILED. */
export function checkGlobalConstraints(
  program: Pilout,
  shapes: readonly AirShape[],
  shards: readonly Pick<ShardProof, 'instances'>[],
  context: ConstraintContext,
): void {
  const totals = program.airGroups.map(({ airGroupValues }) =>
    airGroupValues.map(({ aggregate }): Ext => (aggregate === 'sum' ? EXT_ZERO : EXT_ONE)),
  )
  for (const { instances } of shards) {
    for (const { air, airGroupValues } of instances) {
      const { group, airGroupValues: used } = shapes[air]!
      const declared = program.airGroups[group]!.airGroupValues
      const combined = totals[group]!
      for (const [i, value] of used.entries()) {
        const combine = declared[value]!.aggregate === 'sum' ? extAdd : extMul
        combined[value] = combine(combined[value]!, airGroupValues[i]!)
      }
    }
  }
  const values = evaluateDag(program.expressions, extField, (kind, a, b) => {
    switch (kind) {
      case NODE.airGroupValue:
        return totals[a]![b]!
      case NODE.proofValue:
        return extFromFelt(context.proofValues[a]!)
      case NODE.public:
        return extFromFelt(context.publics[a]!)
      default:
        return context.challenges[a]!
    }
  })
  for (const [i, { expression }] of program.constraints.entries())
    if (!extEquals(values[expression]!, EXT_ZERO))
      reject('PROOF_GLOBAL_CONSTRAINT_FAILED', `global constraint ${i} does not hold over all instances`)
}
