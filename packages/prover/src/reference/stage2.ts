/** Stage 2 of an instance by plain evaluation of its hints, then of its intermediate columns. */
import { deriveStage2, evaluateDag, extractDag, type LeafValue, NODE, type RowSource } from '@zisk/air'
import { type Ext, extField, extFromFelt } from '@zisk/field'
import type { HeldMatrix, ProverInstance, RunContext, Stage2Columns } from '../backend/backend.ts'
import { ProverError } from '../errors.ts'

/** A matrix as it was taken in. */
export interface ReferenceMatrix extends HeldMatrix {
  readonly columns: readonly BigUint64Array[]
}

/** @throws ProverError PROVER_DENOMINATOR_ZERO. */
export function deriveReferenceStage2(instance: ProverInstance, context: RunContext): Stage2Columns {
  const { shape, original } = instance
  const reduced = instance.reduced()
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
    ...(shape.stage2.length === 0
      ? {}
      : { matrix: matrixOf(shape.stage2.flatMap((i) => coordinates(columns.get(i)!))) }),
    airValues: airValues.flatMap(({ stage }, i) => (stage === 2 ? [hinted.airValues.get(i)!] : [])),
    airGroupValues: shape.airGroupValues.map((value) => hinted.airGroupValues.get(value)!),
  }
}

/** The instance's columns and values of stage 1, as evaluators read them. */
export function rowSource(instance: ProverInstance, { publics, proofValues }: RunContext): RowSource {
  const { shape, fixed, custom, airValues, logRows } = instance
  const { columns } = instance.stage1 as ReferenceMatrix
  const fixedColumns = new Map<number, BigUint64Array>()
  const fixedOnce = (index: number): BigUint64Array => {
    const values = fixedColumns.get(index) ?? fixed(index)
    fixedColumns.set(index, values)
    return values
  }
  return {
    rows: 2 ** logRows,
    column: (kind, index) => {
      if (kind === NODE.witness) return columns[shape.stage1.indexOf(index)]!
      return kind === NODE.fixed ? fixedOnce(index) : custom[index]!
    },
    value: (kind, a) => (kind === NODE.airValue ? airValues[a]! : kind === NODE.public ? publics[a]! : proofValues[a]!),
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

function matrixOf(columns: readonly BigUint64Array[]): ReferenceMatrix {
  return { logRows: Math.log2(columns[0]!.length), width: columns.length, columns }
}

function coordinates(column: readonly Ext[]): BigUint64Array[] {
  return [0, 1, 2].map((i) => BigUint64Array.from(column, (value) => value[i]!))
}
