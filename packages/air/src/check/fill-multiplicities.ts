import { P } from '@zisk/field'
import { type ExpressionDag, isOperation, NODE, visitReachable } from '../model/expression.ts'
import type { Air, Pilout } from '../model/pilout.ts'
import { type BusTerm, busTerms } from './bus-terms.ts'
import { type BusKernel, compileBuses, visitInstances, visitTuples } from './check-buses.ts'
import { fillHintedColumns } from './fill-columns.ts'
import { hashWords, TupleTable } from './tuple-table.ts'
import { type BoundInstance, bindWitness, createInstance, type ProgramWitness } from './witness.ts'

/**
 * Fills the multiplicities of all tables of a witness, in place: a table term proves a tuple without witness columns as
 * often as one witness column says, and that column gets what the other terms leave open. Equal rows of tables share:
 * the first gets all. A tuple that no table holds stays unbalanced, for the checker to report.
 *
 * @throws AirError as the checker does.
 */
export function fillMultiplicities(program: Pilout, witness: ProgramWitness): void {
  const instances = bindWitness(program, witness)
  const kernels = new Map<Air, BusKernel>()
  for (const { definition } of instances)
    if (!kernels.has(definition)) kernels.set(definition, compileBuses(program, definition))
  const columnOf = new Map<BusTerm, number>()
  for (const [air, { terms }] of kernels) {
    for (const term of terms) {
      const column = multiplicityColumn(air, term)
      if (column !== undefined) columnOf.set(term, column)
    }
  }
  for (const instance of instances)
    for (const term of kernels.get(instance.definition)!.terms) {
      const column = columnOf.get(term)
      if (column !== undefined) instance.witness[column]!.fill(0n)
    }
  const table = new TupleTable()
  const cells: { readonly column: BigUint64Array; readonly row: number }[] = []
  const tablesOnly = (instance: BoundInstance): BusKernel => {
    const kernel = kernels.get(instance.definition)!
    return { ...kernel, terms: kernel.terms.filter((term) => columnOf.has(term)) }
  }
  visitInstances(witness, instances, tablesOnly, ({ term, instance, row, words, count }) => {
    const entry = table.entry(words, count, hashWords(words, count))
    if (entry === cells.length) cells.push({ column: instance!.witness[columnOf.get(term)!]!, row })
  })
  const kernelOf = (instance: BoundInstance): BusKernel => kernels.get(instance.definition)!
  visitTuples({ program, witness, instances, kernelOf, bus: 'sum' }, ({ words, count, low, high }) => {
    const entry = table.find(words, count, hashWords(words, count))
    if (entry !== undefined) table.add(entry, low, high)
  })
  for (const [entry, { column, row }] of cells.entries()) {
    const open = table.multiplicity(entry)
    column[row] = open === 0n ? 0n : P - open
  }
}

/**
 * Completes a run from the instances that a machine fills itself: adds the AIRs that are tables and nothing else, fills
 * the columns that hints compute, counts multiplicities, and leaves out again the tables that nobody used.
 *
 * @throws AirError as the checker does.
 */
export function completeWitness(program: Pilout, witness: ProgramWitness): ProgramWitness {
  const present = new Set(witness.instances.map(({ airGroup, air }) => program.airGroups[airGroup]?.airs[air]))
  const tables = program.airGroups
    .flatMap(({ airs }) => airs)
    .filter((air) => !present.has(air) && isTable(program, air))
    .map((air) => createInstance(program, { air: air.name }))
  const completed = { ...witness, instances: [...witness.instances, ...tables] }
  fillHintedColumns(program, completed)
  fillMultiplicities(program, completed)
  const used = tables.filter(({ witness: columns }) => columns.some((column) => column?.some((value) => value !== 0n)))
  return { ...witness, instances: [...witness.instances, ...used] }
}

/** True for an AIR whose stage-1 columns do nothing but count rows of fixed contents. */
export function isTable(program: Pilout, air: Air): boolean {
  if (air.customColumns.length > 0 || air.airValues.some(({ stage }) => stage < 2)) return false
  const terms = busTerms(program, air)
  const { kinds, a } = air.expressions
  // Most AIRs have columns that are no multiplicity at all: cheaper to see than what the terms prove.
  const multiplicities = terms.map(({ multiplicity: m }) =>
    typeof m === 'number' && kinds[m] === NODE.witness ? a[m] : -1,
  )
  if (!air.witness.every(({ stage }, column) => stage >= 2 || multiplicities.includes(column))) return false
  const counters = new Set(terms.map((term) => multiplicityColumn(air, term)))
  return air.witness.every(({ stage }, column) => stage >= 2 || counters.has(column))
}

/** The column that counts a table term, or undefined for any other term. */
export function multiplicityColumn(air: Air, term: BusTerm): number | undefined {
  const { expressions: dag } = air
  const { multiplicity } = term
  if (term.bus !== 'sum' || term.side !== 'proves' || term.scope !== 'row' || typeof multiplicity !== 'number')
    return undefined
  if (dag.kinds[multiplicity] !== NODE.witness || dag.b[multiplicity] !== 0) return undefined
  const fields = [term.id, ...term.tuple].filter((value) => typeof value === 'number')
  return usesWitness(dag, fields) ? undefined : dag.a[multiplicity]!
}

function usesWitness(dag: ExpressionDag, roots: readonly number[]): boolean {
  let found = false
  visitReachable(dag, roots, (id) => {
    const kind = dag.kinds[id]!
    if (!isOperation(kind) && (kind === NODE.witness || kind === NODE.airValue)) found = true
  })
  return found
}
