/** From a witness source to instances in protocol order, with the columns that degree reduction adds to stage 1. */
import {
  type Air,
  type AirInstance,
  bindPlan,
  compileRowKernel,
  type ExpressionDag,
  type ExprId,
  entryLabel,
  expectInstance,
  expectInstanceShape,
  materializeFixed,
  NODE,
  type RowSource,
  type WitnessSource,
} from '@zisk/air'
import { type AirShape, type InstanceId, MAX_SEGMENTS } from '@zisk/verifier'
import type { Backend, ProverInstance } from './backend/backend.ts'
import { ProverError } from './errors.ts'
import type { ProvingKey } from './setup.ts'

/** An instance whose columns are not there yet. */
export interface PlannedInstance extends InstanceId {
  /** Position in the source. */
  readonly position: number
  readonly label: string
  readonly shape: AirShape
  readonly original: Air
  readonly reduced: ProverInstance['reduced']
  readonly programs: ProverInstance['programs']
}

/** The plan of each shard, its instances ordered by AIR and segment. */
export function planShards(
  key: ProvingKey,
  source: WitnessSource,
  shards: readonly (readonly number[])[],
): PlannedInstance[][] {
  const { airGroups } = key.program
  const firstOfGroup = airGroups.map((_, g) => airGroups.slice(0, g).reduce((sum, { airs }) => sum + airs.length, 0))
  const bound = bindPlan(key.program, source)
  return shards.map((positions) =>
    positions
      .map((position): PlannedInstance => {
        const plan = source.instances[position]
        if (plan === undefined)
          throw new ProverError({
            code: 'PROVER_INPUT_INVALID',
            message: `a shard names instance ${position}, the run has ${source.instances.length}`,
          })
        const { airGroup, air, segment, rows } = plan
        if (segment >= MAX_SEGMENTS)
          throw new ProverError({
            code: 'PROVER_INPUT_INVALID',
            message: `${bound[position]!.label} is one of more segments than the ${MAX_SEGMENTS} that a proof may have`,
          })
        const index = firstOfGroup[airGroup]! + air
        return {
          position,
          air: index,
          segment,
          logRows: Math.log2(rows),
          label: bound[position]!.label,
          shape: key.prepared.shapes[index]!,
          original: key.originals[index]!,
          reduced: () => key.reduced(index),
          programs: () => key.programs(index),
        }
      })
      .sort((x, y) => x.air - y.air || x.segment - y.segment),
  )
}

/** Asks the source for an instance and hands its columns of stage 1 to the back end; they are not referred to afterwards. */
export async function loadInstance(
  backend: Backend,
  source: WitnessSource,
  plan: PlannedInstance,
  signal?: AbortSignal,
): Promise<ProverInstance> {
  const { original, reduced, programs, shape, segment, logRows } = plan
  const instance = await source.instance(plan.position, signal, backend.columnMemory)
  const expected = source.instances[plan.position]!
  for (const name of ['airGroup', 'air', 'segment', 'rows'] as const)
    if (instance[name] !== expected[name])
      throw new ProverError({
        code: 'PROVER_INPUT_INVALID',
        message: `expected ${name} ${expected[name]} of ${plan.label} as planned, got ${instance[name]}`,
      })
  expectInstanceShape(original, instance)
  const fixed = fixedColumns(original, logRows)
  const columns = stage1Columns(plan, instance, source, fixed)
  const matrix = { logRows, columns: shape.stage1.map((column) => columns.get(column)!) }
  const stage1 = await backend.load(matrix).catch((error: unknown) => {
    // Which value it is that the back end refused, if it did.
    expectInstance(original, instance)
    throw error
  })
  const { custom } = instance
  // Copies, so that nothing keeps the columns of the instance alive.
  const airValues = [...instance.airValues]
  return { shape, original, reduced, programs, segment, logRows, stage1, custom, airValues, fixed }
}

/** A function of its own: closures keep everything that the function around them shares with any of its closures. */
function fixedColumns(air: Air, logRows: number): ProverInstance['fixed'] {
  return (column) => {
    const { content, ...entry } = air.fixed[column]!
    return materializeFixed(content, 2 ** logRows, `${air.name}.${entryLabel(entry)}`)
  }
}

function stage1Columns(
  { original, programs }: PlannedInstance,
  instance: AirInstance,
  { publics, proofValues }: WitnessSource,
  fixed: (column: number) => BigUint64Array,
): Map<number, BigUint64Array> {
  const columns = new Map(
    original.witness.flatMap(({ stage }, i) => (stage === 1 ? [[i, instance.witness[i]!] as const] : [])),
  )
  const known = new Map<number, BigUint64Array>()
  const fixedOnce = (column: number): BigUint64Array => {
    const values = known.get(column) ?? fixed(column)
    known.set(column, values)
    return values
  }
  const source: RowSource = {
    rows: instance.rows,
    column: (kind, a) =>
      kind === NODE.witness ? columns.get(a)! : kind === NODE.fixed ? fixedOnce(a) : instance.custom[a]!,
    value: (kind, a) =>
      kind === NODE.airValue ? instance.airValues[a]! : kind === NODE.public ? publics[a]! : proofValues[a]!,
  }
  // One after the other: an intermediate column may use earlier ones.
  const { dag, columns: intermediates } = programs().stage1
  for (const { column, expression } of intermediates) columns.set(column, evaluateRows(dag, expression, source))
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
