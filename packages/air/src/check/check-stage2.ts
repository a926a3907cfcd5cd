/** Checks the constraints that involve challenges: stage 2 is derived at a random point, then every row is evaluated. */
import { EXT_ONE, EXT_ZERO, type Ext, extAdd, extEquals, extField, extFromFelt, extMul } from '@zisk/field'
import { nodeStages } from '../analysis/stages.ts'
import { evaluateDag, type LeafValue } from '../eval/evaluate.ts'
import { deriveStage2, type Stage2, stage2Leaf } from '../logup/derive.ts'
import { NODE } from '../model/expression.ts'
import { extractDag } from '../model/expression-builder.ts'
import type { Air, Pilout } from '../model/pilout.ts'
import { appliesTo, type FailureSink, originOf } from './check-constraints.ts'
import { globalValue, instanceRows } from './instance-rows.ts'
import type { ConstraintFailure, GlobalFailure } from './report.ts'
import type { BoundInstance, ProgramWitness } from './witness.ts'

/** Constraints of an AIR that involve stage 2. */
function lateConstraints(program: Pilout, air: Air): readonly number[] {
  const stages = nodeStages(program, air, air.expressions)
  return [...air.constraints.keys()].filter((i) => stages[air.constraints[i]!.expression]! >= 2)
}

/** Nodes to evaluate, over all instances and rows: what {@link checkStage2} costs, times about a microsecond. */
export function stage2Work(program: Pilout, instances: readonly BoundInstance[]): number {
  return instances.reduce((sum, { definition, rows }) => {
    const late = lateConstraints(program, definition)
    return sum + (late.length === 0 ? 0 : rows * definition.expressions.kinds.length)
  }, 0)
}

/**
 * Derives stage 2 of every instance and evaluates the constraints on it, then the global constraints over the
 * air-group values.
 *
 * @param challenges One extension element per challenge of the program.
 * @returns The number of evaluations.
 */
export function checkStage2(
  program: Pilout,
  witness: ProgramWitness,
  instances: readonly BoundInstance[],
  challenges: readonly Ext[],
  failures: FailureSink<ConstraintFailure | GlobalFailure>,
): number {
  const totals = program.airGroups.map((group) =>
    group.airGroupValues.map((value): Ext => (value.aggregate === 'sum' ? EXT_ZERO : EXT_ONE)),
  )
  let evaluations = 0
  for (const instance of instances) {
    const { definition: air } = instance
    const stage2 = deriveStage2(program, air, instanceRows(instance, witness), challenges)
    evaluations += checkInstance(program, witness, instance, challenges, stage2, failures)
    const group = instance.airGroup
    for (const [value, contribution] of stage2.airGroupValues) {
      const combine = program.airGroups[group]!.airGroupValues[value]!.aggregate === 'sum' ? extAdd : extMul
      totals[group]![value] = combine(totals[group]![value]!, contribution)
    }
  }
  return evaluations + checkLateGlobals(program, witness, totals, challenges, failures)
}

function checkInstance(
  program: Pilout,
  witness: ProgramWitness,
  instance: BoundInstance,
  challenges: readonly Ext[],
  stage2: Stage2,
  failures: FailureSink<ConstraintFailure>,
): number {
  const { definition: air } = instance
  const late = lateConstraints(program, air)
  const { dag, map } = extractDag(
    air.expressions,
    late.map((i) => air.constraints[i]!.expression),
  )
  const rows = instanceRows(instance, witness)
  for (let row = 0; row < instance.rows; row++) {
    const values = evaluateDag(dag, extField, stage2Leaf(air, rows, challenges, stage2, row))
    for (const position of late) {
      const constraint = air.constraints[position]!
      const value = values[map(constraint.expression)]!
      if (!appliesTo(constraint.rows, row, instance.rows) || extEquals(value, EXT_ZERO)) continue
      failures.add(() => ({
        kind: 'constraint',
        instance: instance.label,
        position: instance.position,
        row,
        constraint: position,
        label: constraint.label,
        ...originOf(program, constraint),
        value,
        cells: [],
      }))
    }
  }
  return late.length * instance.rows
}

function checkLateGlobals(
  program: Pilout,
  witness: ProgramWitness,
  totals: readonly (readonly Ext[])[],
  challenges: readonly Ext[],
  failures: FailureSink<GlobalFailure>,
): number {
  const stages = nodeStages(program, { witness: [], airValues: [] }, program.expressions)
  const late = [...program.constraints.entries()].filter(([, c]) => stages[c.expression]! >= 2)
  const leaf: LeafValue<Ext> = (kind, a, b) => {
    if (kind === NODE.airGroupValue) return totals[a]![b]!
    return kind === NODE.challenge ? challenges[a]! : extFromFelt(globalValue(witness, kind, a))
  }
  for (const [position, constraint] of late) {
    const { dag, map } = extractDag(program.expressions, [constraint.expression])
    const value = evaluateDag(dag, extField, leaf)[map(constraint.expression)]!
    if (extEquals(value, EXT_ZERO)) continue
    failures.add(() => ({
      kind: 'global',
      constraint: position,
      label: constraint.label,
      ...originOf(program, constraint),
      value,
      cells: [],
    }))
  }
  return late.length
}
