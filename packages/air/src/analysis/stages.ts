import { type ExpressionDag, isOperation, NODE } from '../model/expression.ts'
import type { Air, Pilout } from '../model/pilout.ts'

/** The declarations that decide in which stage a leaf becomes known. */
export type StageScope = Pick<Pilout, 'airGroups' | 'proofValues' | 'challenges'>

/**
 * Stage in which every node of an AIR becomes known: 0 for constants, fixed and custom columns and publics, else the
 * highest stage of its leaves. A node of stage 2 or more lies in the cubic extension, the others in the base field.
 */
export function nodeStages(scope: StageScope, air: Pick<Air, 'witness' | 'airValues'>, dag: ExpressionDag): Uint8Array {
  const { kinds, a, b } = dag
  const stages = new Uint8Array(kinds.length)
  for (let id = 0; id < kinds.length; id++) {
    const kind = kinds[id]!
    const x = a[id]!
    if (isOperation(kind)) stages[id] = kind === NODE.neg ? stages[x]! : Math.max(stages[x]!, stages[b[id]!]!)
    else if (kind === NODE.witness) stages[id] = air.witness[x]!.stage
    else if (kind === NODE.airValue) stages[id] = air.airValues[x]!.stage
    else if (kind === NODE.airGroupValue) stages[id] = scope.airGroups[x]!.airGroupValues[b[id]!]!.stage
    else if (kind === NODE.proofValue) stages[id] = scope.proofValues[x]!.stage
    else if (kind === NODE.challenge) stages[id] = scope.challenges[x]!.stage
  }
  return stages
}

/** Number of base-field cells of a value that becomes known in `stage`. */
export function stageWidth(stage: number): 1 | 3 {
  return stage >= 2 ? 3 : 1
}
