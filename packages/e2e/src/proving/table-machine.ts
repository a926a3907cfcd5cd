/**
 * Machines of any size for measurements: independent tables of given height and width, written in PIL, with an honest
 * witness that is quick to make. A third of the columns move from row to row, the others are products of them; each table
 * sends tuples over a bus and receives them again.
 */
import { fileURLToPath } from 'node:url'
import { type AirInstance, createInstance, type Pilout, type ProgramWitness, type WitnessSource } from '@zisk/air'
import { compilePilOrThrow } from '@zisk/pilc'

/** One table. */
export interface TableSpec {
  readonly logRows: number
  /** Columns of stage 1. */
  readonly width: number
  /** Committed fixed columns. */
  readonly fixed: number
  /** Bus terms, an even number; two of them cost one column of stage 2. */
  readonly terms: number
}

/** A compiled machine and a run of it. */
export interface TableMachine {
  readonly program: Pilout
  readonly witness: ProgramWitness
  /** Cells of stage 1. */
  readonly cells: number
}

const STD_FOLDER = fileURLToPath(new URL('../../../../pil/std', import.meta.url))
/** Part of the columns that are also opened on the next row. */
const MOVING_SHARE = 0.35
const WORD = 2 ** 32

/** Compiles the machine and makes its witness. */
export function tableMachine(tables: readonly TableSpec[]): TableMachine {
  const program = compileTables(tables)
  const instances = tables.map((table, i) => tableWitness(program, table, i))
  const cells = tables.reduce((sum, { width, logRows }) => sum + width * 2 ** logRows, 0)
  return { program, witness: { instances, publics: [], proofValues: [] }, cells }
}

/** Compiles the machine; its tables are made when asked for, and not kept. */
export function tableSource(tables: readonly TableSpec[]): {
  readonly program: Pilout
  readonly source: WitnessSource
} {
  const program = compileTables(tables)
  const instances = tables.map(({ logRows }, air) => ({ airGroup: 0, air, segment: 0, rows: 2 ** logRows }))
  const instance = async (position: number) => tableWitness(program, tables[position]!, position)
  return { program, source: { instances, publics: [], proofValues: [], instance } }
}

/** Compiles the machine. */
export function compileTables(tables: readonly TableSpec[]): Pilout {
  const text = [
    'require "std_permutation.pil";',
    ...tables.map(tableText),
    `airgroup Machine { ${tables.map((_, i) => `T${i}();`).join(' ')} }`,
  ].join('\n')
  return compilePilOrThrow({ file: 'tables.pil', sources: { 'tables.pil': text }, include: [STD_FOLDER] })
}

function tableText(table: TableSpec, index: number): string {
  const { logRows, width, fixed, terms } = table
  const moving = movingColumns(table)
  const lines = [`col fixed L1 = [1, 0...];`, `col witness a[${width}];`]
  for (let i = 0; i < fixed; i++) lines.push(`col fixed F${i} = [${i}..${2 ** logRows - 1 + i}];`)
  for (let i = 0; i < moving; i++) lines.push(`(1 - L1') * (a[${i}]' - a[${i}] - ${stepOf(i)}) === 0;`)
  for (let i = moving; i < width; i++) {
    const [x, y] = factorsOf(table, i)
    const offset = i - moving < fixed ? ` + F${i - moving}` : ''
    lines.push(`a[${i}] === a[${x}] * a[${y}]${offset};`)
  }
  for (let i = 0; i < terms / 2; i++) {
    const tuple = `[a[${(2 * i) % width}], a[${(2 * i + 1) % width}]]`
    const bus = 100 * (index + 1) + i
    lines.push(`permutation_proves(${bus}, ${tuple});`, `permutation_assumes(${bus}, ${tuple});`)
  }
  return `airtemplate T${index}(const int N = 2**${logRows}) {\n${lines.join('\n')}\n}`
}

function tableWitness(program: Pilout, table: TableSpec, index: number): AirInstance {
  const { logRows, width, fixed } = table
  const moving = movingColumns(table)
  const instance = createInstance(program, { air: `T${index}`, rows: 2 ** logRows })
  for (let i = 0; i < width; i++) {
    const words = new Uint32Array(instance.witness[i]!.buffer)
    const [x, y] = factorsOf(table, i)
    const shift = i - moving < fixed ? i - moving : undefined
    for (let row = 0; row < 2 ** logRows; row++) {
      const value =
        i < moving ? cellAt(i, row) : cellAt(x, row) * cellAt(y, row) + (shift === undefined ? 0 : shift + row)
      words[2 * row] = value % WORD
      words[2 * row + 1] = value / WORD
    }
  }
  return instance
}

function movingColumns({ width }: TableSpec): number {
  return Math.max(1, Math.round(MOVING_SHARE * width))
}

/** The columns of which column i is the product. */
function factorsOf(table: TableSpec, i: number): [number, number] {
  const moving = movingColumns(table)
  return [i % moving, (7 * i + 3) % moving]
}

function stepOf(column: number): number {
  return 1 + (column % 31)
}

/** A moving column: below 2^26, so that products of two are exact numbers. */
function cellAt(column: number, row: number): number {
  return 1000 * column + stepOf(column) * row
}
