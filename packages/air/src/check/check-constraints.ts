import { field } from '@zisk/field'
import { formatExpression, leafLabel, signedFelt } from '../analysis/format-expression.ts'
import { nodeStages } from '../analysis/stages.ts'
import { evaluateDag } from '../eval/evaluate.ts'
import { compileRowKernel, type RowKernel } from '../eval/row-kernel.ts'
import { type ExpressionDag, type ExprId, isOperation, NODE, visitReachable } from '../model/expression.ts'
import { extractDag } from '../model/expression-builder.ts'
import type { Air, ConstraintRows, Pilout, SourceRef } from '../model/pilout.ts'
import { sourceLabel } from '../model/pilout.ts'
import { globalValue, instanceRows, leafAt } from './instance-rows.ts'
import type { ConstraintFailure, GlobalFailure, NamedValue, Origin } from './report.ts'
import type { BoundInstance, ProgramWitness } from './witness.ts'

/** Receives failures; the list may keep fewer than it counts. */
export interface FailureSink<T> {
  readonly add: (make: () => T) => void
}

/** The constraints of an AIR that hold before any challenge exists, compiled. */
export interface ConstraintKernel {
  readonly kernel: RowKernel
  /** Positions among the AIR's constraints, by output. */
  readonly constraints: readonly number[]
}

/** Compiles the constraints of an AIR over the base field. */
export function compileConstraints(program: Pilout, air: Air): ConstraintKernel {
  const stages = nodeStages(program, air, air.expressions)
  const constraints = [...air.constraints.keys()].filter((i) => stages[air.constraints[i]!.expression]! < 2)
  const roots = constraints.map((i) => air.constraints[i]!.expression)
  return { kernel: compileRowKernel(air.expressions, roots), constraints }
}

/**
 * Evaluates compiled constraints in every row where they hold.
 *
 * @returns The number of evaluations.
 */
export function checkConstraints(
  program: Pilout,
  witness: ProgramWitness,
  instance: BoundInstance,
  compiled: ConstraintKernel,
  failures: FailureSink<ConstraintFailure>,
): number {
  const air = instance.definition
  const { kernel, constraints } = compiled
  const rows = instanceRows(instance, witness)
  for (let first = 0; first < instance.rows; first += kernel.blockRows) {
    const count = Math.min(kernel.blockRows, instance.rows - first)
    kernel.run(rows, first, count)
    const found: { readonly row: number; readonly constraint: number }[] = []
    for (const [output, constraint] of constraints.entries()) {
      const words = kernel.output(output)
      const domain = air.constraints[constraint]!.rows
      for (let r = 0; r < count; r++) {
        if ((words[2 * r]! | words[2 * r + 1]!) !== 0 && appliesTo(domain, first + r, instance.rows))
          found.push({ row: first + r, constraint })
      }
    }
    found.sort((x, y) => x.row - y.row || x.constraint - y.constraint)
    for (const { row, constraint } of found)
      failures.add(() => describeFailure(program, witness, instance, constraint, row))
  }
  return constraints.length * instance.rows
}

/** True for the rows of a trace of `rows` rows on which a constraint holds. */
export function appliesTo(domain: ConstraintRows, row: number, rows: number): boolean {
  switch (domain.kind) {
    case 'everyRow':
      return true
    case 'firstRow':
      return row === 0
    case 'lastRow':
      return row === rows - 1
    case 'everyFrame':
      return row >= domain.offsetMin && row < rows - domain.offsetMax
  }
}

/** Source and call sites as text. */
export function originOf(
  program: Pilout,
  entry: { readonly source: SourceRef; readonly trail: readonly SourceRef[] },
): Origin {
  return {
    source: sourceLabel(program, entry.source),
    trail: entry.trail.map((site) => sourceLabel(program, site)),
  }
}

/** Every constraint over publics and proof values alone. */
export function checkGlobalConstraints(
  program: Pilout,
  witness: ProgramWitness,
  failures: FailureSink<GlobalFailure>,
): number {
  const stages = nodeStages(program, { witness: [], airValues: [] }, program.expressions)
  const early = [...program.constraints.entries()].filter(([, c]) => stages[c.expression]! < 2)
  for (const [position, constraint] of early) {
    const { dag, map } = extractDag(program.expressions, [constraint.expression])
    const leaf = (kind: number, a: number): bigint => globalValue(witness, kind, a)
    const value = evaluateDag(dag, field, leaf)[map(constraint.expression)]!
    if (value === 0n) continue
    failures.add(() => ({
      kind: 'global',
      constraint: position,
      label: constraint.label,
      ...originOf(program, constraint),
      value: signedFelt(value),
      cells: cellsOf(program, undefined, dag, map(constraint.expression), leaf),
    }))
  }
  return early.length
}

function describeFailure(
  program: Pilout,
  witness: ProgramWitness,
  instance: BoundInstance,
  position: number,
  row: number,
): ConstraintFailure {
  const air = instance.definition
  const constraint = air.constraints[position]!
  const { dag, map } = extractDag(air.expressions, [constraint.expression])
  const root = map(constraint.expression)
  const leaf = leafAt(instanceRows(instance, witness), row)
  return {
    kind: 'constraint',
    instance: instance.label,
    position: instance.position,
    row,
    constraint: position,
    label: constraint.label === '' ? `${formatExpression(program, air, dag, root)} === 0` : constraint.label,
    ...originOf(program, constraint),
    value: signedFelt(evaluateDag(dag, field, leaf)[root]!),
    cells: cellsOf(program, air, dag, root, leaf),
  }
}

/** Every leaf of an expression with its value. */
function cellsOf(
  program: Pilout,
  air: Air | undefined,
  dag: ExpressionDag,
  root: ExprId,
  leaf: (kind: number, a: number, b: number) => bigint,
): readonly NamedValue[] {
  const cells: NamedValue[] = []
  visitReachable(dag, [root], (id) => {
    const [kind, a, b] = [dag.kinds[id]!, dag.a[id]!, dag.b[id]!]
    if (isOperation(kind) || kind === NODE.constant) return
    cells.push({ name: leafLabel(program, air, kind, a, b), value: leaf(kind, a, b) })
  })
  return cells
}
