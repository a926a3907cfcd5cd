/** Column programs as jobs, over columns of one memory or of several. */
import { runColumns } from '@zisk/field'
import { type Address, MEMORY_SPAN } from './arena.ts'
import { isTogether, type JobContexts } from './job-context.ts'

/** A column program and what it works on; see the `ColumnRun` of `@zisk/field`. */
export interface ProgramRun {
  readonly columns: readonly Address[]
  /** Bytes from row to row of each column, and the row offsets that occur. */
  readonly strides: readonly number[]
  readonly offsets: { readonly least: number; readonly most: number }
  /** Outputs, tape and work space are in one memory. */
  readonly outputs: readonly Address[]
  readonly tape: Address
  readonly accumulate: boolean
  readonly work: Address
  /** Number of rows of every column. */
  readonly rows: number
  /** When given, outputs begin with this row, as do the columns of these positions, which are in their memory. */
  readonly block?: { readonly row: number; readonly columns: readonly number[] }
}

/** Runs a program over a range of rows. */
export interface ProgramJob extends ProgramRun {
  readonly kind: 'program'
  /** Number of nodes, for an estimate of the time. */
  readonly cost: number
  readonly begin: number
  readonly end: number
}

/** Runs a program over rows begin..end, which are even numbers. */
export function runProgram(
  contexts: JobContexts,
  run: ProgramRun,
  { begin, end }: { readonly begin: number; readonly end: number },
): void {
  const { columns, strides, offsets, outputs, accumulate, rows, block = { row: 0, columns: [] } } = run
  const home = outputs[0]!
  const { kernels, memory } = contexts.at(home)
  const places = { tape: run.tape % MEMORY_SPAN, work: run.work % MEMORY_SPAN, accumulate }
  const inBlock = new Set(block.columns)
  /** Where row 0 of what begins with the block would be, which may be before its memory: addresses there wrap around. */
  const moved = (at: Address, row: number): Address => at - 8 * row
  const others = columns.filter((_, i) => !inBlock.has(i))
  if (isTogether(home, others)) {
    const all = columns.map((at, i) => (inBlock.has(i) ? moved(at, block.row) : at))
    const results = outputs.map((at) => moved(at, block.row))
    const lists = { columns: contexts.list(home, all), outputs: contexts.list(home, results, 1) }
    runColumns(kernels, memory, { ...places, ...lists, mask: rows - 1, begin, end })
    return
  }
  // Columns of one panel come together; offset rows come with those that use them, so that nothing wraps around.
  const panelOf = (i: number): Address => (strides[i]! > 8 ? columns[i]! - (columns[i]! % strides[i]!) : columns[i]!)
  const found = columns.flatMap((_, i) => (inBlock.has(i) ? [] : [[panelOf(i), strides[i]!] as const]))
  const sources = [...new Map(found)].map(([at, stride]) => ({ at, stride }))
  const position = new Map(sources.map(({ at }, k) => [at, k]))
  const lead = Math.ceil(Math.max(0, -offsets.least) / 2) * 2
  const extra = lead + Math.max(0, offsets.most)
  const size = contexts.stagedRows(sources) - Math.ceil(extra / 4) * 4
  if (size < 4) throw new RangeError(`expected row offsets that fit the staging region, got ${extra} rows`)
  for (let row = begin; row < end; row += size) {
    const count = Math.min(size, end - row)
    const staged = contexts.stage(home, sources, row - lead, count + extra, rows)
    const first = block.row - row + lead
    const copies = columns.map((at, i) =>
      inBlock.has(i) ? moved(at, first) : staged[position.get(panelOf(i))!]! + (at - panelOf(i)),
    )
    const results = outputs.map((at) => moved(at, first))
    const lists = { columns: contexts.list(home, copies), outputs: contexts.list(home, results, 1) }
    runColumns(kernels, memory, { ...places, ...lists, mask: NO_MASK, begin: lead, end: lead + count })
  }
}

/** More rows than any column has. */
const NO_MASK = 2 ** 30 - 1
