/** Stage 2 of an instance by plain evaluation of its hints, then of its intermediate columns. */
import { deriveStage2, evaluateDag, extractDag, type LeafValue, NODE, type RowSource } from '@zisk/air'
import { type Ext, extField, extFromFelt } from '@zisk/field'
import type { ProverInstance, RunContext, Stage2Columns } from '../backend/backend.ts'
import { ProverError } from '../errors.ts'

/** @throws ProverError PROVER_DENOMINATOR_ZERO. */
export function deriveReferenceStage2(instance: ProverInstance, context: RunContext): Stage2Columns {
  const { shape, reduced, original } = instance
  const rows = rowSource(instance, context)
  const hinted = fromHints(() => deriveStage2(context.program, original, rows, context.challenges))
  const columns = new Map<number, readonly Ext[]>(hinted.columns)
  const { airValues } = original
  const leafAt =
    (row: number): LeafValue<Ext> =>
    (kind, a, b) => {
      const at = (((row + b) % rows.rows) + rows.rows) % rows.rows
      const column = kind === NODE.witness ? columns.get(a) : undefined
      if (column !== undefined) return column[at]!
      if (kind <= NODE.custom) return extFromFelt(rows.column(kind, a)[at]!)
      if (kind === NODE.challenge) return context.challenges[a]!
      if (kind === NODE.airValue && airValues[a]!.stage === 2) return hinted.airValues.get(a)!
      if (kind === NODE.airGroupValue) return hinted.airGroupValues.get(b)!
      return extFromFelt(rows.value(kind, a, b))
    }
  for (const { column, expression } of reduced.intermediates) {
    if (reduced.air.witness[column]!.stage !== 2) continue
    const { dag, map } = extractDag(reduced.air.expressions, [expression])
    const values: Ext[] = []
    columns.set(column, values)
    for (let row = 0; row < rows.rows; row++) values.push(evaluateDag(dag, extField, leafAt(row))[map(expression)]!)
  }
  return {
    columns: shape.stage2.flatMap((column) => coordinates(columns.get(column)!)),
    airValues: airValues.flatMap(({ stage }, i) => (stage === 2 ? [hinted.airValues.get(i)!] : [])),
    airGroupValues: shape.airGroupValues.map((value) => hinted.airGroupValues.get(value)!),
  }
}

/** The instance's columns and values of stage 1, as evaluators read them. */
export function rowSource(instance: ProverInstance, { publics, proofValues }: RunContext): RowSource {
  const { stage1, fixed, witness, logRows } = instance
  return {
    rows: 2 ** logRows,
    column: (kind, index) =>
      kind === NODE.witness ? stage1.get(index)! : kind === NODE.fixed ? fixed[index]! : witness.custom[index]!,
    value: (kind, a) =>
      kind === NODE.airValue ? witness.airValues[a]! : kind === NODE.public ? publics[a]! : proofValues[a]!,
  }
}

function fromHints<T>(derive: () => T): T {
  try {
    return derive()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new ProverError({
      code: 'PROVER_DENOMINATOR_ZERO',
      message: 'a denominator of a bus is zero at the drawn challenges',
      cause,
    })
  }
}

function coordinates(column: readonly Ext[]): BigUint64Array[] {
  return [0, 1, 2].map((i) => BigUint64Array.from(column, (value) => value[i]!))
}
