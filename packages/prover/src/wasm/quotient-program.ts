/** The constraints of an AIR as one program, which the quotient runs on each coset. */
import { type Air, type Constraint, ExpressionBuilder, type ExprId, NODE } from '@zisk/air'
import { hasCheapValues } from './cheap-columns.ts'
import { type CompiledExpression, compileExpression, type LeafTypes } from './column-program.ts'
import { copyInto } from './copy-expression.ts'
import { ROW_BYTES } from './extension.ts'

/** Rows that a constraint holds in, when not in all. */
export type RowKind = Exclude<Constraint['rows'], { readonly kind: 'everyRow' }>

/** All constraints of an AIR as one expression: plain data. */
export interface QuotientProgram {
  readonly compiled: CompiledExpression
  /** Columns that divide by the vanishing polynomial of some rows, as custom columns after those of the AIR. */
  readonly selectors: readonly RowKind[]
}

/** Sum of weight * constraint, by rows; constraint k has as weight the challenge after all others and k more. */
export function quotientProgram(air: Air, challengeCount: number): QuotientProgram {
  const e = new ExpressionBuilder()
  const node = copyInto(
    e,
    air.expressions,
    air.constraints.map(({ expression }) => expression),
  )
  const selectors: RowKind[] = []
  const sums = new Map<string, ExprId>()
  for (const [k, { rows, expression }] of air.constraints.entries()) {
    const key = JSON.stringify(rows)
    if (rows.kind !== 'everyRow' && !sums.has(key)) selectors.push(rows)
    const term = e.mul(node(expression), e.challenge(challengeCount + k))
    sums.set(key, e.add(sums.get(key) ?? e.constant(0n), term))
  }
  let output = sums.get(JSON.stringify({ kind: 'everyRow' })) ?? e.constant(0n)
  for (const [s, rows] of selectors.entries()) {
    const selector = e.custom(air.customColumns.length + s)
    output = e.add(output, e.mul(selector, sums.get(JSON.stringify(rows))!))
  }
  const { dag, map } = e.extract([output])
  const isSelector = (kind: number, a: number) => kind === NODE.custom && a >= air.customColumns.length
  const isCheap = (kind: number, a: number) => kind === NODE.fixed && hasCheapValues(air.fixed[a]!.content)
  const types: LeafTypes = {
    isExt: (kind, a) => {
      if (kind === NODE.witness) return air.witness[a]!.stage === 2
      if (kind === NODE.airValue) return air.airValues[a]!.stage === 2
      return kind === NODE.airGroupValue || kind === NODE.challenge
    },
    stride: (kind, a) => (isSelector(kind, a) || isCheap(kind, a) ? 8 : ROW_BYTES),
  }
  return { compiled: compileExpression(dag, [map(output)], types), selectors }
}
