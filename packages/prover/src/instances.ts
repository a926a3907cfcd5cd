/** From bound witnesses to instances in protocol order, with the columns that degree reduction adds to stage 1. */
import { type BoundInstance, evaluateDag, extractDag, NODE, type ProgramWitness } from '@zisk/air'
import { field } from '@zisk/field'
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
  const { rows } = witness
  for (const { column, expression } of reduced.intermediates) {
    if (reduced.air.witness[column]!.stage !== 1) continue
    const { dag, map } = extractDag(reduced.air.expressions, [expression])
    const values = new BigUint64Array(rows)
    for (let row = 0; row < rows; row++) {
      const nodes = evaluateDag(dag, field, (kind, a, b) => {
        const at = (((row + b) % rows) + rows) % rows
        if (kind === NODE.witness) return columns.get(a)![at]!
        if (kind === NODE.fixed) return fixed[a]![at]!
        if (kind === NODE.custom) return witness.custom[a]![at]!
        if (kind === NODE.airValue) return witness.airValues[a]!
        return kind === NODE.public ? publics[a]! : proofValues[a]!
      })
      values[row] = nodes[map(expression)]!
    }
    columns.set(column, values)
  }
  return columns
}
