/**
 * Counts lookups into tables instance by instance, so that the multiplicities of a run are sums of plain columns: no
 * witness has to be complete, or in memory, for it. `fillMultiplicities` is the simple twin.
 */
import { field, toFelt } from '@zisk/field'
import { evaluateDag } from '../eval/evaluate.ts'
import { compileRowKernel, type RowKernel, type RowSource } from '../eval/row-kernel.ts'
import { type ExpressionDag, type ExprId, NODE, visitReachable } from '../model/expression.ts'
import { extractDag } from '../model/expression-builder.ts'
import { materializeFixed } from '../model/fixed-column.ts'
import type { Air, Pilout } from '../model/pilout.ts'
import { type BusTerm, busTerms, type TermValue } from './bus-terms.ts'
import { visitGlobalTerms } from './check-buses.ts'
import { HintFiller } from './fill-columns.ts'
import { isTable, multiplicityColumn } from './fill-multiplicities.ts'
import { globalValue } from './instance-rows.ts'
import { type Range, rangePosition, type TableColumn, type TableIndex, TableRows } from './table-index.ts'
import { type AirInstance, createInstance, type ProgramWitness } from './witness.ts'

/** Values that are the same in all instances of a run. */
export type RunValues = Pick<ProgramWitness, 'publics' | 'proofValues'>

/** An AIR that is a table and nothing else. */
export interface LookupTable {
  readonly airGroup: number
  readonly air: number
  readonly rows: number
}

interface TableAir extends LookupTable {
  readonly name: string
  /** First entry in a histogram by the column that counts; every column has an entry per row. */
  readonly columns: ReadonlyMap<number, number>
}

/** The lookups of an AIR, compiled. */
interface LookupKernel {
  /** Those of every row. */
  readonly terms: readonly BusTerm[]
  readonly kernel: RowKernel
  readonly outputs: ReadonlyMap<ExprId, number>
  /** Those that an instance makes once, over air values. */
  readonly once: readonly BusTerm[]
  readonly onceDag: ExpressionDag
  readonly onceNodes: ReadonlyMap<ExprId, ExprId>
}

/** Counts the lookups of instances of one program into all of its tables. */
export class LookupCounter {
  /** The AIRs that are tables, in their order. */
  readonly tables: readonly LookupTable[]
  /** Entries of a histogram. */
  readonly size: number
  readonly #program: Pilout
  readonly #tables: readonly TableAir[]
  /** Where the tables lie, by bus id. */
  readonly #runsOf: ReadonlyMap<number, readonly TableRun[]>
  /** By bus id: made when a lookup asks for it. */
  readonly #indexes: Map<number, TableIndex> = new Map()
  readonly #hints: HintFiller
  readonly #kernels: Map<Air, LookupKernel> = new Map()

  constructor(program: Pilout) {
    this.#program = program
    this.#hints = new HintFiller(program)
    let size = 0
    const tables: TableAir[] = []
    for (const [airGroup, group] of program.airGroups.entries()) {
      for (const [air, definition] of group.airs.entries()) {
        if (!isTable(program, definition)) continue
        const { name, rows } = definition
        const columns = new Map<number, number>()
        for (const term of busTerms(program, definition)) {
          columns.set(multiplicityColumn(definition, term)!, size)
          size += rows
        }
        tables.push({ airGroup, air, rows, name, columns })
      }
    }
    this.#tables = tables
    this.tables = tables
    this.size = size
    this.#runsOf = this.#findRuns()
  }

  /** Positions in {@link tables} of those that an AIR may look into. */
  tablesOf(airGroup: number, air: number): ReadonlySet<number> {
    const definition = this.#program.airGroups[airGroup]!.airs[air]!
    const { terms, once } = this.#kernelOf(definition)
    const found = new Set<number>()
    // A table in parts may lie in several AIRs.
    const tablesWith = (id: number): number[] => (this.#runsOf.get(id) ?? []).map(({ table }) => table)
    for (const { id } of [...terms, ...once]) {
      const ids = typeof id === 'bigint' ? [Number(id)] : candidateIds(definition.expressions, id)
      const tables = ids.flatMap(tablesWith)
      for (const table of tables.length > 0 ? tables : this.tables.keys()) found.add(table)
    }
    return found
  }

  /** Fills the hinted columns and air values of an instance in place, and adds its lookups to a histogram if there is one. */
  complete(instance: AirInstance, values: RunValues, histogram?: Float64Array): void {
    const definition = this.#program.airGroups[instance.airGroup]!.airs[instance.air]!
    const source = rowSource(definition, instance, values)
    this.#hints.fill(definition, instance, source)
    if (histogram === undefined) return
    const { terms, kernel, outputs, once, onceDag, onceNodes } = this.#kernelOf(definition)
    const constants = new Map<bigint, Uint32Array>()
    const constant = (value: bigint): Uint32Array => {
      const known = constants.get(value) ?? repeated(value, Math.min(kernel.blockRows, instance.rows))
      constants.set(value, known)
      return known
    }
    if (once.length > 0) {
      const values = evaluateDag(onceDag, field, (kind, a, b) => toFelt(source.value(kind, a, b)))
      const reader = (value: TermValue): Uint32Array =>
        repeated(typeof value === 'bigint' ? value : values[onceNodes.get(value)!]!, 1)
      for (const term of once) this.#countBlock(term, reader, 1, histogram)
    }
    if (terms.length === 0) return
    const reader = (value: TermValue): Uint32Array =>
      typeof value === 'number' ? kernel.output(outputs.get(value)!) : constant(value)
    for (let first = 0; first < instance.rows; first += kernel.blockRows) {
      const count = Math.min(kernel.blockRows, instance.rows - first)
      kernel.run(source, first, count)
      for (const term of terms) this.#countBlock(term, reader, count, histogram)
    }
  }

  /** Adds the lookups that the program makes once per run. */
  countGlobal(values: RunValues, histogram: Float64Array): void {
    visitGlobalTerms(this.#program, { ...values, instances: [] }, 'sum', ({ words, count, low, high }) => {
      const index = this.#indexOf(words[0]! + 2 ** 32 * words[1]!)
      if (index === undefined) return
      const columns = Array.from({ length: count / 2 - 1 }, (_, k) => words.subarray(2 * k + 2, 2 * k + 4))
      const position = index.find(columns, 0)
      if (position >= 0) histogram[position]! -= signed(low, high)
    })
  }

  /** The instance of a table whose rows are used as often as a histogram says. */
  tableInstance(table: number, histogram: Float64Array): AirInstance {
    const { name, rows, columns } = this.#tables[table]!
    const instance = createInstance(this.#program, { air: name })
    for (const [column, start] of columns) {
      const cells = instance.witness[column]!
      const halves = new Uint32Array(cells.buffer, cells.byteOffset, 2 * rows)
      for (let row = 0; row < rows; row++) {
        const times = histogram[start + row]!
        // Most rows of most tables.
        if (times === 0) continue
        // A tuple that is proved by others more often than assumed: p - |times|.
        if (times < 0) cells[row] = 0xffff_ffff_0000_0001n + BigInt(times)
        else {
          halves[2 * row] = times
          halves[2 * row + 1] = times / 2 ** 32
        }
      }
    }
    return instance
  }

  #kernelOf(air: Air): LookupKernel {
    const known = this.#kernels.get(air)
    if (known !== undefined) return known
    const isTableAir = this.#tables.some(({ name }) => name === air.name)
    const all = isTableAir
      ? []
      : busTerms(this.#program, air).filter(
          ({ bus, id }) => bus === 'sum' && (typeof id === 'number' || this.#runsOf.has(Number(id))),
        )
    const terms = all.filter(({ scope }) => scope === 'row')
    const once = all.filter(({ scope }) => scope !== 'row')
    const outputs = new Map(expressionsOf(terms).map((id, position) => [id, position]))
    const onceIds = expressionsOf(once)
    const { dag, map } = extractDag(air.expressions, onceIds)
    const made = {
      terms,
      outputs,
      kernel: compileRowKernel(air.expressions, [...outputs.keys()]),
      once,
      onceDag: dag,
      onceNodes: new Map(onceIds.map((id) => [id, map(id)])),
    }
    this.#kernels.set(air, made)
    return made
  }

  #countBlock(term: BusTerm, reader: (value: TermValue) => Uint32Array, count: number, histogram: Float64Array): void {
    const times = reader(term.multiplicity)
    const sign = term.isNegated ? 1 : -1
    const { tuple } = term
    if (typeof term.id === 'bigint') {
      const index = this.#indexOf(Number(term.id))!
      if (index.range === undefined || tuple.length !== 1)
        countTuples({ index, tuple: tuple.map(reader), times, sign, count, histogram })
      else countNumbers({ range: index.range, values: reader(tuple[0]!), times, sign, count, histogram })
      return
    }
    const ids = reader(term.id)
    const fields = tuple.map(reader)
    for (let r = 0; r < count; r++) {
      const weight = signed(times[2 * r]!, times[2 * r + 1]!)
      const index = weight === 0 ? undefined : this.#indexOf(ids[2 * r]! + 2 ** 32 * ids[2 * r + 1]!)
      if (index === undefined) continue
      const position = index.find(fields, r)
      if (position >= 0) histogram[position]! += sign * weight
    }
  }

  /** The contents of a table, or undefined when no table has the id. */
  #indexOf(id: number): TableIndex | undefined {
    const known = this.#indexes.get(id)
    if (known !== undefined) return known
    const runs = this.#runsOf.get(id)
    if (runs === undefined) return undefined
    const rows = new TableRows(runs[0]!.fields().length)
    for (const { fields, first, end, position } of runs) rows.add(fields(), first, end, position)
    const index = rows.index()
    this.#indexes.set(id, index)
    return index
  }

  /** Finds the rows of every table by the ids in them. */
  #findRuns(): Map<number, TableRun[]> {
    const found = new Map<number, TableRun[]>()
    for (const [table, { airGroup, air, columns }] of this.#tables.entries()) {
      const definition = this.#program.airGroups[airGroup]!.airs[air]!
      const source = rowSource(definition, createInstance(this.#program, { air: definition.name }), NO_VALUES)
      for (const term of busTerms(this.#program, definition)) {
        const position = columns.get(multiplicityColumn(definition, term)!)!
        const fields = (): TableColumn[] => term.tuple.map((value) => shiftedColumn(definition, source, value))
        for (const { id, first, end } of idRuns(definition, source, term.id)) {
          const runs = found.get(id) ?? []
          runs.push({ table, fields, first, end, position })
          found.set(id, runs)
        }
      }
    }
    return found
  }
}

/** Consecutive rows with the same id. Rows beyond the tables have id 0, which is no bus. */
function idRuns(
  air: Air,
  source: RowSource,
  value: TermValue,
): readonly { readonly id: number; readonly first: number; readonly end: number }[] {
  const { rows } = source
  if (typeof value === 'bigint') return [{ id: Number(value), first: 0, end: rows }]
  const ids = wholeColumn(air, source, value)
  const runs: { id: number; first: number; end: number }[] = []
  for (let first = 0, end = 0; first < rows; first = end) {
    const id = ids[2 * first]! + 2 ** 32 * ids[2 * first + 1]!
    while (end < rows && ids[2 * end]! + 2 ** 32 * ids[2 * end + 1]! === id) end++
    if (id !== 0) runs.push({ id, first, end })
  }
  return runs
}

/** Consecutive rows of a table AIR that belong to one table. */
interface TableRun {
  /** Position of the AIR among the tables. */
  readonly table: number
  /** The fields of all rows of the AIR. */
  readonly fields: () => readonly TableColumn[]
  readonly first: number
  readonly end: number
  /** Entry of row 0 of the AIR in a histogram. */
  readonly position: number
}

/** A table is the same in every run. */
const NO_VALUES: RunValues = { publics: [], proofValues: [] }

/** A part of a term in all rows: parts of a table share columns, to which they add constants. */
function shiftedColumn(air: Air, source: RowSource, value: TermValue): TableColumn {
  const { kinds, a, b, constants } = air.expressions
  if (typeof value === 'number' && kinds[value] === NODE.add) {
    const [x, y] = [a[value]!, b[value]!]
    if (kinds[x] === NODE.constant) return { words: wholeColumn(air, source, y), shift: constants[a[x]!]! }
    if (kinds[y] === NODE.constant) return { words: wholeColumn(air, source, x), shift: constants[a[y]!]! }
  }
  return { words: wholeColumn(air, source, value), shift: 0n }
}

/** The values of a part of a term in all rows, as pairs of words. */
function wholeColumn(air: Air, source: RowSource, value: TermValue): Uint32Array {
  if (typeof value === 'bigint') return repeated(value, source.rows)
  const { kinds, a, b } = air.expressions
  if (kinds[value] === NODE.fixed && b[value] === 0) {
    const column = source.column(NODE.fixed, a[value]!)
    return new Uint32Array(column.buffer, column.byteOffset, 2 * column.length)
  }
  const kernel = compileRowKernel(air.expressions, [value])
  const words = new Uint32Array(2 * source.rows)
  for (let first = 0; first < source.rows; first += kernel.blockRows) {
    const count = Math.min(kernel.blockRows, source.rows - first)
    kernel.run(source, first, count)
    words.set(kernel.output(0).subarray(0, 2 * count), 2 * first)
  }
  return words
}

/** The expressions in terms, each once. */
function expressionsOf(terms: readonly BusTerm[]): readonly ExprId[] {
  const values = terms.flatMap(({ id, multiplicity, tuple }) => [id, multiplicity, ...tuple])
  return [...new Set(values.filter((value) => typeof value === 'number'))]
}

/** Rows of an instance; fixed columns are made when a kernel asks for them. */
function rowSource(air: Air, instance: AirInstance, values: RunValues): RowSource {
  const fixed = new Map<number, BigUint64Array>()
  const fixedColumn = (index: number): BigUint64Array => {
    const known = fixed.get(index) ?? materializeFixed(air.fixed[index]!.content, instance.rows, air.name)
    fixed.set(index, known)
    return known
  }
  return {
    rows: instance.rows,
    column: (kind, index) =>
      kind === NODE.fixed ? fixedColumn(index) : (kind === NODE.custom ? instance.custom : instance.witness)[index]!,
    value: (kind, a) =>
      kind === NODE.airValue ? instance.airValues[a]! : globalValue({ ...values, instances: [] }, kind, a),
  }
}

interface Counting {
  readonly times: Uint32Array
  readonly sign: number
  readonly count: number
  readonly histogram: Float64Array
}

/** Counts lookups of single numbers into a range. */
function countNumbers({
  range,
  values,
  times,
  sign,
  count,
  histogram,
}: Counting & { readonly range: Range; readonly values: Uint32Array }): void {
  const { min, size } = range
  for (let i = 0; i < 2 * count; i += 2) {
    const low = times[i]!
    const high = times[i + 1]!
    if ((low | high) === 0) continue
    const valueHigh = values[i + 1]!
    const value = (valueHigh === 0 ? values[i]! : signed(values[i]!, valueHigh)) - min
    if (!(value >= 0 && value < size)) continue
    // p - 1 is by far the most frequent.
    histogram[rangePosition(range, value)]! += high === 0xffff_ffff ? -sign : sign * signed(low, high)
  }
}

function countTuples({
  index,
  tuple,
  times,
  sign,
  count,
  histogram,
}: Counting & { readonly index: TableIndex; readonly tuple: readonly Uint32Array[] }): void {
  for (let r = 0; r < count; r++) {
    const weight = signed(times[2 * r]!, times[2 * r + 1]!)
    if (weight === 0) continue
    const position = index.find(tuple, r)
    if (position >= 0) histogram[position]! += sign * weight
  }
}

/** A field element as the integer of smallest size; exact below 2^53. */
function signed(low: number, high: number): number {
  return high < 0x8000_0000 ? low + 2 ** 32 * high : low - 1 - 2 ** 32 * (0xffff_ffff - high)
}

function repeated(value: bigint, count: number): Uint32Array {
  const words = new Uint32Array(2 * count)
  const [low, high] = [Number(value & 0xffff_ffffn), Number(value >> 32n)]
  for (let r = 0; r < count; r++) {
    words[2 * r] = low
    words[2 * r + 1] = high
  }
  return words
}

/**
 * Values that an expression like `s * (x - y) + y` or `s * x + t * y` with selectors s, t may take: the constants in it
 * and the sums of two of them.
 */
function candidateIds(dag: ExpressionDag, id: ExprId): readonly number[] {
  const constants: bigint[] = [0n]
  visitReachable(dag, [id], (node) => {
    if (dag.kinds[node] === NODE.constant) constants.push(dag.constants[dag.a[node]!]!)
  })
  return constants.flatMap((x) => constants.map((y) => Number(field.add(x, y))))
}
