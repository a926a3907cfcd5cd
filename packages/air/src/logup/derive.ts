/** Stage 2 of an instance in plain extension-field arithmetic: the oracle for the prover, and the checker's input. */
import { EXT_ZERO, type Ext, extAdd, extField, extFromFelt, extInv, extMul } from '@zisk/field'
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
  /** What the instance contributes to its air-group value; absent without a running sum. */
  readonly result?: Ext
}

/**
 * Computes the partial sums, the running sum and its total for given challenges (by challenge index).
 *
 * Costs microseconds per row and term.
 *
 * @throws RangeError when a denominator is zero, which random challenges avoid.
 */
export function deriveStage2(program: Pilout, air: Air, rows: RowSource, challenges: readonly Ext[]): Stage2 {
  const plan = logUpPlan(program, air)
  const columns = new Map<number, Ext[]>()
  const airValues = new Map<number, Ext>()
  const stage2 = { columns, airValues }
  const leafAt = (row: number): LeafValue<Ext> => stage2Leaf(air, rows, challenges, stage2, row)
  const evaluate = fractionEvaluator(air.expressions, plan)
  for (const entry of plan.airValues) airValues.set(entry.airValue, evaluate(entry, leafAt(0)))
  for (const entry of plan.columns)
    columns.set(
      entry.column,
      everyRow(rows.rows, (row) => evaluate(entry, leafAt(row))),
    )
  const { sum } = plan
  if (sum === undefined) return stage2
  let running: Ext = EXT_ZERO
  const column = everyRow(rows.rows, (row) => {
    running = extAdd(running, evaluate(sum.row, leafAt(row)))
    return running
  })
  columns.set(sum.column, column)
  return { ...stage2, result: extAdd(running, evaluate(sum.direct, leafAt(0))) }
}

/** Value of any leaf of an AIR in one row, stage 2 included; air-group values are not known here. */
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
    ...(plan.sum === undefined ? [] : [plan.sum.row, plan.sum.direct]),
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
