/**
 * Stage 2 of a range of rows as a job: numerators and denominators of all columns, their quotients and running sums, block
 * after block, so that everything stays in cache until whole rows of panels are written. Running sums begin with zero in
 * every range; a second kind of job adds what the ranges before it came to.
 */
import type { Kernels } from '@zisk/field'
import { PANEL_WORDS } from '@zisk/verifier'
import { type Address, MEMORY_SPAN } from './arena.ts'
import { isTogether, type JobContext, type JobContexts } from './job-context.ts'
import { type ProgramRun, runProgram } from './program-job.ts'

const ROW_BYTES = 8 * PANEL_WORDS

/** Rows at a time at the most. */
const MOST_ROWS = 512

/** Rows at a time of a column of `rows` rows; ranges of jobs are multiples of it. */
export function fractionRows(rows: number): number {
  return Math.min(rows, MOST_ROWS)
}

/**
 * The work space of a job, in bytes from its begin. Slots are planar columns of a block over the extension: values, then
 * denominators; coordinates of a slot are `plane` bytes apart.
 */
export interface FractionsLayout {
  readonly plane: number
  /** Norms for the inversions. */
  readonly norms: number
  readonly zeros: number
  /** Rows of one panel. */
  readonly panel: number
  /** Work space of the programs. */
  readonly program: number
  readonly bytes: number
}

/** The work space for blocks of so many rows, so many slots (of which so many are denominators) and programs. */
export function fractionsLayout(
  rows: number,
  { slots, denominators, programBytes }: Readonly<Record<'slots' | 'denominators' | 'programBytes', number>>,
): FractionsLayout {
  const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64
  const column = 8 * rows
  const plane = aligned(slots * column)
  const norms = 3 * plane
  const zeros = norms + aligned(denominators * column)
  const panel = zeros + aligned(column)
  const program = panel + ROW_BYTES * rows
  return { plane, norms, zeros, panel, program, bytes: program + programBytes }
}

/** A quotient of a block. */
export interface BlockFraction {
  /** Slot of the numerator, which the quotient replaces. */
  readonly slot: number
  /** What the program computed there: nothing when the numerator is 1. */
  readonly numerator: 'one' | 'base' | 'ext'
  /** Slot of the denominator; without one the numerator is all there is. */
  readonly denominator?: number
}

/** Fractions whose parts one program computes: of columns of memory, and of values of the waves before it. */
export interface FractionWave extends Omit<ProgramRun, 'accumulate' | 'work' | 'rows' | 'block'> {
  /** Number of nodes of the program, for an estimate of the time. */
  readonly cost: number
  /** Positions of the columns that are slots: those, and the outputs, are bytes from the begin of the work space. */
  readonly local: readonly number[]
  readonly fractions: readonly BlockFraction[]
  /** Coordinates of slots that the program leaves alone and that are zero. */
  readonly zeros: readonly number[]
  /** The slots of denominators: `count` of them from `first` on. */
  readonly denominators: { readonly first: number; readonly count: number }
}

/** What a block writes to a panel. */
export interface PanelWrite {
  readonly panel: Address
  /** Where the words come from, by place in the row; those that are left out keep their values, or are zero. */
  readonly words: readonly ({ readonly slot: number; readonly coordinate: number } | undefined)[]
  /** Whether nothing was written there before. */
  readonly isFirst: boolean
}

/** Rows begin..end of some columns of stage 2. */
export interface FractionsJob {
  readonly kind: 'fractions'
  readonly waves: readonly FractionWave[]
  readonly panels: readonly PanelWrite[]
  /** Slots whose values are added or multiplied up over the range, those of other slots added to them before. */
  readonly accumulators: readonly {
    readonly slot: number
    readonly kind: 'sum' | 'product'
    readonly addends: readonly number[]
  }[]
  /** Three words for the total of each of them. */
  readonly totals: Address
  /** The word there becomes 1 when a denominator is zero. */
  readonly zero: Address
  readonly work: Address
  readonly layout: FractionsLayout
  readonly blockRows: number
  readonly rows: number
  /** Multiples of the rows at a time. */
  readonly begin: number
  readonly end: number
}

/** Adds an amount to rows begin..end of a column of a panel. */
export interface CarryJob {
  readonly kind: 'carry'
  /** Row 0. */
  readonly column: Address
  readonly amount: bigint
  /** {@link CARRY_WORK_BYTES} bytes in the same memory. */
  readonly work: Address
  readonly begin: number
  readonly end: number
}

/** Size of a job's work space. */
export const CARRY_WORK_BYTES: number = 2 * 8 * MOST_ROWS

/** Runs the job. */
export function runFractions(contexts: JobContexts, job: FractionsJob): void {
  const context = contexts.at(job.work)
  const { work, layout, blockRows, rows, begin, end } = job
  const totals = job.accumulators.map(({ kind }) => (kind === 'sum' ? [0n, 0n, 0n] : [1n, 0n, 0n]))
  context.kernels.fillPowers(work + layout.zeros, blockRows, 0n, 1n)
  for (let row = begin; row < end; row += blockRows) {
    for (const wave of job.waves) {
      const absolute = (offset: number): Address => work + offset
      const local = new Set(wave.local)
      const run: ProgramRun = {
        ...wave,
        columns: wave.columns.map((at, i) => (local.has(i) ? absolute(at) : at)),
        outputs: wave.outputs.map(absolute),
        accumulate: false,
        work: work + layout.program,
        rows,
        block: { row, columns: wave.local },
      }
      for (const at of wave.zeros) context.kernels.fillPowers(absolute(at), blockRows, 0n, 1n)
      if (run.outputs.length > 0) runProgram(contexts, run, { begin: row, end: row + blockRows })
      if (!divide(context, job, wave)) {
        new BigUint64Array(contexts.at(job.zero).memory.buffer, job.zero % MEMORY_SPAN, 1)[0] = 1n
        return
      }
    }
    for (const [i, { slot, kind, addends }] of job.accumulators.entries()) {
      const at = slotAddress(job, slot)
      for (const addend of addends)
        for (let k = 0; k < 3; k++) {
          const column = at + k * layout.plane
          context.kernels.addColumns(column, slotAddress(job, addend) + k * layout.plane, column, blockRows)
        }
      if (kind === 'sum') addUp(context.kernels, job, at, totals[i]!)
      else multiplyUp(context, job, at, totals[i]!)
    }
    for (const write of job.panels) writeRows(contexts, job, write, row)
  }
  const buffer = contexts.at(job.totals).memory.buffer
  new BigUint64Array(buffer, job.totals % MEMORY_SPAN, 3 * totals.length).set(totals.flat())
}

function slotAddress({ work, blockRows }: FractionsJob, slot: number): Address {
  return work + 8 * blockRows * slot
}

/** Divides the numerators of a wave by its denominators; false when one of them is zero. */
function divide({ kernels }: JobContext, job: FractionsJob, { fractions, denominators }: FractionWave): boolean {
  const { work, layout, blockRows } = job
  const { plane } = layout
  const first = slotAddress(job, denominators.first)
  const count = blockRows * denominators.count
  if (count > 0 && kernels.extInverseColumn(first, first, plane, work + layout.norms, count) === 1) return false
  for (const { slot, numerator, denominator } of fractions) {
    if (denominator === undefined) continue
    const [value, inverse] = [slotAddress(job, slot), slotAddress(job, denominator)]
    if (numerator === 'ext') kernels.extMulColumns(value, inverse, value, plane, blockRows)
    else
      for (const k of [2, 1, 0])
        if (numerator === 'one') kernels.copyStrided(inverse + k * plane, 8, value + k * plane, 8, blockRows)
        else kernels.mulColumns(value, inverse + k * plane, value + k * plane, blockRows)
  }
  return true
}

function addUp(kernels: Kernels, { layout, blockRows }: FractionsJob, at: Address, total: bigint[]): void {
  for (let k = 0; k < 3; k++) {
    const column = at + k * layout.plane
    total[k] = BigInt.asUintN(64, kernels.prefixSums(column, column, total[k]!, blockRows))
  }
}

function multiplyUp({ kernels, memory }: JobContext, job: FractionsJob, at: Address, total: bigint[]): void {
  const { work, layout, blockRows } = job
  const words = (place: Address, count: number): BigUint64Array =>
    new BigUint64Array(memory.buffer, place % MEMORY_SPAN, count)
  // The space for norms is free between inversions, but may be empty; that for a panel is free until rows are written.
  const factor = work + layout.panel
  words(factor, 3).set(total)
  kernels.extPrefixProducts(at, layout.plane, blockRows)
  kernels.extScaleColumn(at, at, layout.plane, factor, blockRows)
  for (let k = 0; k < 3; k++) total[k] = words(at + k * layout.plane + 8 * (blockRows - 1), 1)[0]!
}

/** Writes the rows of a block to a panel, by way of the work space when it is in another memory. */
function writeRows(contexts: JobContexts, job: FractionsJob, { panel, words, isFirst }: PanelWrite, row: number): void {
  const { work, layout, blockRows } = job
  const { kernels } = contexts.at(work)
  const target = panel + ROW_BYTES * row
  const isHere = isTogether(work, [panel])
  const place = isHere ? target : work + layout.panel
  const bytes = (at: Address): Uint8Array =>
    new Uint8Array(contexts.at(at).memory.buffer, at % MEMORY_SPAN, ROW_BYTES * blockRows)
  const sources = words.map((word) =>
    word === undefined ? undefined : slotAddress(job, word.slot) + word.coordinate * layout.plane,
  )
  if (isFirst) {
    const list = contexts.list(
      work,
      sources.map((source) => source ?? work + layout.zeros),
    )
    kernels.columnsToPanel(list, sources.length, place, 0, blockRows)
  } else {
    if (!isHere) bytes(place).set(bytes(target))
    for (const [i, source] of sources.entries())
      if (source !== undefined) kernels.copyStrided(source, 8, place + 8 * i, ROW_BYTES, blockRows)
  }
  if (!isHere) bytes(target).set(bytes(place))
}

/** Runs the job. */
export function runCarry(kernels: Kernels, { column, amount, work, begin, end }: CarryJob): void {
  const amounts = work + CARRY_WORK_BYTES / 2
  kernels.fillPowers(amounts, Math.min(MOST_ROWS, end - begin), amount, 1n)
  for (let row = begin; row < end; row += MOST_ROWS) {
    const count = Math.min(MOST_ROWS, end - row)
    const at = column + ROW_BYTES * row
    kernels.copyStrided(at, ROW_BYTES, work, 8, count)
    kernels.addColumns(work, amounts, work, count)
    kernels.copyStrided(work, 8, at, ROW_BYTES, count)
  }
}
