/** From bound witnesses to instances in protocol order, with the columns that degree reduction adds to stage 1. */
import {
  type BoundInstance,
  compileRowKernel,
  type ExpressionDag,
  type ExprId,
  NODE,
  type ProgramWitness,
  type RowSource,
} from '@zisk/air'
import type { ProverInstance } from './backend/backend.ts'
import type { ProvingKey } from './setup.ts'

/** The instances of one shard, ordered by AIR and segment. */
export function prepareInstances(
  key: ProvingKey,
  witness: ProgramWitness,
  members: readonly BoundInstance[],
): ProverInstance[] {
  const { airGroups } = key.program
  const firstOfGroup = airGroups.map((_, g) => airGroups.slice(0, g).reduce((sum, { airs }) => sum + airs.length, 0))
  const indexOf = (instance: BoundInstance) => firstOfGroup[instance.airGroup]! + instance.air
  return [...members]
    .sort((x, y) => indexOf(x) - indexOf(y) || x.segment - y.segment)
    .map((instance) => {
      const index = indexOf(instance)
      const prepared = {
        shape: key.prepared.shapes[index]!,
        original: key.originals[index]!,
        reduced: key.reduced[index]!,
        witness: instance,
        logRows: Math.log2(instance.rows),
        fixed: instance.fixed,
      }
      return { ...prepared, stage1: stage1Columns(prepared, witness) }
    })
}

function stage1Columns(
  { original, reduced, witness, fixed }: Omit<ProverInstance, 'stage1'>,
  { publics, proofValues }: ProgramWitness,
): Map<number, BigUint64Array> {
  const columns = new Map(
    original.witness.flatMap(({ stage }, i) => (stage === 1 ? [[i, witness.witness[i]!] as const] : [])),
  )
  const source: RowSource = {
    rows: witness.rows,
    column: (kind, a) =>
      kind === NODE.witness ? columns.get(a)! : kind === NODE.fixed ? fixed[a]! : witness.custom[a]!,
    value: (kind, a) =>
      kind === NODE.airValue ? witness.airValues[a]! : kind === NODE.public ? publics[a]! : proofValues[a]!,
  }
  // One after the other: an intermediate column may use earlier ones.
  for (const { column, expression } of reduced.intermediates)
    if (reduced.air.witness[column]!.stage === 1)
      columns.set(column, evaluateRows(reduced.air.expressions, expression, source))
  return columns
}

function evaluateRows(dag: ExpressionDag, expression: ExprId, source: RowSource): BigUint64Array {
  const values = new BigUint64Array(source.rows)
  const halves = new Uint32Array(values.buffer)
  const kernel = compileRowKernel(dag, [expression])
  for (let first = 0; first < source.rows; first += kernel.blockRows) {
    const count = Math.min(kernel.blockRows, source.rows - first)
    kernel.run(source, first, count)
    halves.set(kernel.output(0).subarray(0, 2 * count), 2 * first)
  }
  return values
}
