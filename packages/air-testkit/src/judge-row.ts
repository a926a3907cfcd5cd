/**
 * Judges single rows as the strongest forger would be judged: constraints have to hold, and every tuple that the row puts
 * on a bus has to be in a table (whose multiplicities the forger is free to choose) or to be what it was before.
 */
import {
  type Air,
  type AirInstance,
  type BoundInstance,
  type BusTerm,
  bindWitness,
  busTerms,
  type Constraint,
  compileRowKernel,
  createInstance,
  entryLabel,
  NODE,
  nodeStages,
  openingsOf,
  type Pilout,
  type ProgramWitness,
} from '@zisk/air'
import { add, P, sub } from '@zisk/field'

/** What is wrong with a row. */
export interface RowVerdict {
  /** Labels of constraints that do not hold. */
  readonly constraints: readonly string[]
  /** Tuples that no table has, as `bus: field, field, ...`; only buses that have a table are judged. */
  readonly lookups: readonly string[]
  /** What the row puts on other buses: signed multiplicity by `id,field,...`. */
  readonly tuples: ReadonlyMap<string, bigint>
}

/** Judges rows of the instances of one program. */
export interface RowJudge {
  /** The instance of an AIR that rows are taken from. */
  readonly instanceOf: (air: string) => AirInstance & { readonly labels: readonly string[] }
  /** Whether a bus has a table, and whether a tuple `id,field,...` without trailing zeros is in it. */
  readonly isTable: (id: bigint) => boolean
  readonly isInTable: (tuple: string) => boolean
  /** The different tuples of the table of a bus, written in the same way. */
  readonly tableOf: (id: bigint) => readonly string[]
  /** Judges a row of the first instance of an AIR, with the columns as they are now. */
  readonly judge: (air: string, row: number) => RowVerdict
}

interface Prepared {
  readonly instance: AirInstance
  readonly labels: readonly string[]
  readonly fixed: readonly BigUint64Array[]
  readonly constraints: readonly Constraint[]
  readonly terms: readonly BusTerm[]
  /** Rows, relative to a changed one, whose constraints it takes part in. */
  readonly reach: readonly number[]
  /** Values of what constraints and buses look at, by node, in one row. */
  readonly evaluate: (row: number) => (node: number) => bigint
  /** Values of a node that is a fixed column, or the constant that it is. */
  readonly column: (node: number) => BigUint64Array | bigint
}

/** Prepares a judge from an honest witness. The tables are those of the program, also where the witness uses none. */
export function createRowJudge(program: Pilout, witness: ProgramWitness): RowJudge {
  const prepared = new Map<string, Prepared>()
  const table = new Set<string>()
  const tableIds = new Set<bigint>()
  const present = new Set(witness.instances.map(({ airGroup, air }) => program.airGroups[airGroup]!.airs[air]))
  const absent = program.airGroups.flatMap(({ airs }) => airs).filter((air) => !present.has(air))
  const instances = [...witness.instances, ...absent.map(({ name }) => createInstance(program, { air: name }))]
  for (const instance of bindWitness(program, { ...witness, instances })) {
    const { definition: air } = instance
    const { expressions: dag } = air
    const stages = nodeStages(program, air, dag)
    const terms = busTerms(program, air).filter(({ scope }) => scope === 'row')
    const early = openingsOf(air).filter(({ kind, column }) => kind !== 'witness' || air.witness[column]!.stage < 2)
    const constraints = air.constraints.filter(({ expression }) => stages[expression]! < 2)
    const entry: Prepared = {
      instance,
      labels: air.witness.map(entryLabel),
      fixed: instance.fixed,
      constraints,
      terms,
      reach: [...new Set([0, ...early.filter(({ kind }) => kind === 'witness').map(({ rowOffset }) => -rowOffset)])],
      evaluate: evaluatorOf(instance, witness.publics, [
        ...constraints.map(({ expression }) => expression),
        ...terms.flatMap(({ id, multiplicity, tuple }) => [id, multiplicity, ...tuple].filter(isNode)),
      ]),
      column: (node) => fixedValues(air, instance.fixed, node),
    }
    if (!prepared.has(air.name)) prepared.set(air.name, entry)
    if (isTableAir(entry)) addTable(entry, table, tableIds)
  }
  const find = (air: string): Prepared => {
    const entry = prepared.get(air)
    if (entry === undefined) throw new RangeError(`the witness has no instance of ${air}`)
    return entry
  }
  return {
    isTable: (id) => tableIds.has(id),
    isInTable: (tuple) => table.has(tuple),
    tableOf: (id) => [...table].filter((tuple) => tuple === `${id}` || tuple.startsWith(`${id},`)),
    instanceOf: (air) => ({ ...find(air).instance, labels: find(air).labels }),
    judge: (air, row) => {
      const entry = find(air)
      const { rows } = entry.instance
      const constraints: string[] = []
      const lookups: string[] = []
      const tuples = new Map<string, bigint>()
      for (const delta of entry.reach) {
        const at = (row + delta + rows) % rows
        const values = entry.evaluate(at)
        for (const { expression, label, rows: where } of entry.constraints)
          if (where.kind === 'everyRow' && values(expression) !== 0n) constraints.push(label)
        for (const term of entry.terms) {
          const { key, id, multiplicity } = tupleOf(term, values)
          if (multiplicity === 0n) continue
          if (!tableIds.has(id)) tuples.set(key, ((tuples.get(key) ?? 0n) + multiplicity) % P)
          else if (!table.has(key)) lookups.push(`${term.name}: ${key}`)
        }
      }
      return { constraints, lookups, tuples }
    },
  }
}

/** The values of a fixed column, or of one and a constant, in all rows; or a constant. */
function fixedValues(air: Air, fixed: BoundInstance['fixed'], node: number): bigint | BigUint64Array {
  const { kinds, a, b, constants } = air.expressions
  if (kinds[node] === NODE.constant) return constants[a[node]!]!
  if (kinds[node] === NODE.fixed && b[node] === 0) return fixed[a[node]!]!
  if (kinds[node] === NODE.add || kinds[node] === NODE.sub) {
    const [x, y] = [fixedValues(air, fixed, a[node]!), fixedValues(air, fixed, b[node]!)]
    const combined = kinds[node] === NODE.add ? add : sub
    if (typeof x !== 'bigint' && typeof y === 'bigint') return x.map((value) => combined(value, y))
    if (typeof x === 'bigint' && typeof y !== 'bigint') return y.map((value) => combined(x, value))
  }
  throw new RangeError(`a table of ${air.name} holds something other than a fixed column and a constant`)
}

const isNode = (value: number | bigint): value is number => typeof value === 'number'

/** Evaluates nodes of an instance row by row, by a kernel that is compiled when it is first needed. */
function evaluatorOf(
  instance: BoundInstance,
  publics: readonly bigint[],
  nodes: readonly number[],
): Prepared['evaluate'] {
  const { rows, witness, fixed, custom, airValues, definition } = instance
  const outputs = [...new Set(nodes)]
  const position = new Map(outputs.map((node, at) => [node, at]))
  // A column that the witness leaves out is zero.
  const zeros = new BigUint64Array(rows)
  const source = {
    rows,
    column: (kind: number, index: number): BigUint64Array => {
      const list = kind === NODE.witness ? witness : kind === NODE.fixed ? fixed : custom
      const column = list[index]
      return column === undefined || column.length === 0 ? zeros : column
    },
    value: (kind: number, a: number): bigint =>
      kind === NODE.airValue ? airValues[a]! : kind === NODE.public ? publics[a]! : 0n,
  }
  let kernel: ReturnType<typeof compileRowKernel> | undefined
  return (row) => {
    kernel ??= compileRowKernel(definition.expressions, outputs)
    const { run, output } = kernel
    run(source, row, 1)
    return (node) => {
      const [low = 0, high = 0] = output(position.get(node)!)
      return (BigInt(high) << 32n) | BigInt(low)
    }
  }
}

/** A table has no witness columns in its tuples: nothing but multiplicities. */
function isTableAir({ terms, instance, constraints }: Prepared): boolean {
  return constraints.length === 0 && terms.every(({ side }) => side === 'proves') && instance.airValues.length === 0
}

function addTable(entry: Prepared, table: Set<string>, ids: Set<bigint>): void {
  for (const term of entry.terms) {
    // Tables hold constants and fixed columns, which are read without evaluating the AIR.
    const columns = [term.id, ...term.tuple].map((value) => (typeof value === 'bigint' ? value : entry.column(value)))
    for (let row = 0; row < entry.instance.rows; row++) {
      const [id = 0n, ...fields] = columns.map((column) => (typeof column === 'bigint' ? column : column[row]!))
      if (id === 0n) continue
      table.add(keyOf(id, fields))
      ids.add(id)
    }
  }
}

/** A tuple without its trailing zeros, which count for nothing. */
export function keyOf(id: bigint, fields: bigint[]): string {
  while (fields.length > 0 && fields.at(-1) === 0n) fields.pop()
  return [id, ...fields].join()
}

function tupleOf(term: BusTerm, values: (node: number) => bigint): { key: string; id: bigint; multiplicity: bigint } {
  const value = (v: number | bigint): bigint => (typeof v === 'bigint' ? v : values(v))
  const id = value(term.id)
  return { key: keyOf(id, term.tuple.map(value)), id, multiplicity: value(term.multiplicity) }
}
