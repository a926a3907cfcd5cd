/** Stage 2 of an instance in plain extension-field arithmetic: the oracle for the prover, and the checker's input. */
import { EXT_ONE, EXT_ZERO, type Ext, extAdd, extField, extFromFelt, extInv, extMul } from '@zisk/field'
import type { TermValue } from '../check/bus-terms.ts'
import { evaluateDag, type LeafValue } from '../eval/evaluate.ts'
import type { RowSource } from '../eval/row-kernel.ts'
import { type ExpressionDag, type ExprId, NODE } from '../model/expression.ts'
import { extractDag } from '../model/expression-builder.ts'
import type { Air, Pilout } from '../model/pilout.ts'
import { type Fraction, type LogUpPlan, logUpPlan } from './plan.ts'

/** The derived values of one instance. */
export interface Stage2 {
  /** By witness column; only stage-2 columns are present. */
  readonly columns: ReadonlyMap<number, readonly Ext[]>
  /** By air value; only those of stage 2. */
  readonly airValues: ReadonlyMap<number, Ext>
  /** What the instance contributes to the values of its air group, by position; those that it does not use are absent. */
  readonly airGroupValues: ReadonlyMap<number, Ext>
}

/**
 * Computes the partial sums, the running sums and products and their totals for given challenges (by challenge index).
 *
 * Costs microseconds per row and term.
 *
 * @throws RangeError when a denominator is zero, which random challenges avoid.
 */
export function deriveStage2(program: Pilout, air: Air, rows: RowSource, challenges: readonly Ext[]): Stage2 {
  const plan = logUpPlan(program, air)
  const columns = new Map<number, Ext[]>()
  const airValues = new Map<number, Ext>()
  const airGroupValues = new Map<number, Ext>()
  const stage2 = { columns, airValues, airGroupValues }
  const leafAt = (row: number): LeafValue<Ext> => stage2Leaf(air, rows, challenges, stage2, row)
  const evaluate = fractionEvaluator(air.expressions, plan)
  for (const entry of plan.airValues) airValues.set(entry.airValue, evaluate(entry, leafAt(0)))
  for (const entry of plan.columns)
    columns.set(
      entry.column,
      everyRow(rows.rows, (row) => evaluate(entry, leafAt(row))),
    )
  for (const { kind, column, row: step, total } of plan.accumulators) {
    const combine = kind === 'sum' ? extAdd : extMul
    let running: Ext = kind === 'sum' ? EXT_ZERO : EXT_ONE
    const values = everyRow(rows.rows, (row) => {
      running = combine(running, evaluate(step, leafAt(row)))
      return running
    })
    columns.set(column, values)
    if (total !== undefined) airGroupValues.set(total.result[1], combine(running, evaluate(total.direct, leafAt(0))))
  }
  return stage2
}

/** Value of any leaf of an AIR in one row, stage 2 included. */
export function stage2Leaf(
  air: Air,
  rows: RowSource,
  challenges: readonly Ext[],
  stage2: Stage2,
  row: number,
): LeafValue<Ext> {
  return (kind, a, b) => {
    const at = (((row + b) % rows.rows) + rows.rows) % rows.rows
    if (kind === NODE.witness && air.witness[a]!.stage >= 2) return stage2.columns.get(a)![at]!
    if (kind <= NODE.custom) return extFromFelt(rows.column(kind, a)[at]!)
    if (kind === NODE.challenge) return challenges[a]!
    if (kind === NODE.airGroupValue) return stage2.airGroupValues.get(b)!
    if (kind === NODE.airValue && air.airValues[a]!.stage >= 2) return stage2.airValues.get(a)!
    return extFromFelt(rows.value(kind, a, b))
  }
}

function everyRow(rows: number, valueAt: (row: number) => Ext): Ext[] {
  return Array.from({ length: rows }, (_, row) => valueAt(row))
}

/** Evaluates a fraction of the plan, each over the part of the DAG that it reaches. */
function fractionEvaluator(dag: ExpressionDag, plan: LogUpPlan): (fraction: Fraction, leaf: LeafValue<Ext>) => Ext {
  const fractions: readonly Fraction[] = [
    ...plan.columns,
    ...plan.airValues,
    ...plan.accumulators.flatMap(({ row, total }) => (total === undefined ? [row] : [row, total.direct])),
  ]
  const parts = new Map<Fraction, { readonly dag: ExpressionDag; readonly map: (id: ExprId) => ExprId }>()
  for (const fraction of fractions) {
    const roots = [fraction.numerator, fraction.denominator].filter((value) => typeof value === 'number')
    parts.set(fraction, extractDag(dag, roots))
  }
  return (fraction, leaf) => {
    const part = parts.get(fraction)!
    const values = evaluateDag(part.dag, extField, leaf)
    const partValue = (value: TermValue): Ext =>
      typeof value === 'number' ? values[part.map(value)]! : extFromFelt(value)
    return extMul(partValue(fraction.numerator), extInv(partValue(fraction.denominator)))
  }
}
