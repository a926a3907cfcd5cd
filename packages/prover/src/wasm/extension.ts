/**
 * Matrices in the arena: panels of 8 columns (64-byte rows), values in natural order, on the trace domain until they are
 * not needed and then on cosets. Coset c of B is 7 w^c times the subgroup, w of order B times the height. A committed
 * matrix always has its values on coset 0; the others are kept or, to save memory, made from it when they are needed.
 */
import { GENERATOR, inv, mul, pow, rootOfUnity } from '@zisk/field'
import { PANEL_WORDS } from '@zisk/verifier'
import type { ColumnMatrix, HeldMatrix } from '../backend/backend.ts'
import { notCanonical } from '../errors.ts'
import type { Address, Region } from './arena.ts'
import type { Engine } from './engine.ts'
import type { ExtendJob } from './extend-job.ts'
import type { Job } from './jobs.ts'
import { runExtensions } from './run-extensions.ts'

/** Bytes of a row of a panel. */
export const ROW_BYTES: number = 8 * PANEL_WORDS

/** Bytes of columns that are copied at a time, about. */
export const STAGED_BYTES: number = 2 ** 26

/** Panels of a matrix on one domain. */
export type Panels = readonly Region[]

/** A matrix of this back end. */
export interface PanelMatrix extends HeldMatrix {
  /** Values on the trace domain, until they are dropped. */
  trace: Panels | undefined
  /** Values by coset; only the first is always there once the matrix is committed, but while others are walked through. */
  cosets: readonly (Panels | undefined)[]
}

/**
 * Cosets that a commitment keeps until the quotient is made, which needs two of them: all, or the first and, of four or more,
 * the second of these two.
 */
export function keptCosets(logBlowup: number, keepCosets: boolean): readonly number[] {
  const cosets = 2 ** logBlowup
  if (keepCosets) return Array.from({ length: cosets }, (_, c) => c)
  return cosets < 4 ? [0] : [0, cosets / 2]
}

/** Panels that may have been made for this use only. */
export interface BorrowedPanels {
  readonly panels: Panels
  readonly giveBack: () => void
}

/** Shift of coset c. */
export function cosetShift(logRows: number, logBlowup: number, c: number): bigint {
  return mul(GENERATOR, pow(rootOfUnity(logRows + logBlowup), BigInt(c)))
}

/**
 * Moves columns into panels, some at a time; lent ones are taken back. Others are copied into the arena here rather than
 * read by the workers: a worker that was sent a column would keep it until its own garbage collection, which may never
 * come.
 */
export async function loadColumns(engine: Engine, { logRows, columns }: ColumnMatrix): Promise<PanelMatrix> {
  const { arena, runner, lent } = engine
  const rows = 2 ** logRows
  const trace: Region[] = []
  let jobs: Job[] = []
  let staged: Region[] = []
  let taken: BigUint64Array[] = []
  let bytes = 0
  const found = arena.reserveZeroed(8)
  const flush = async (): Promise<void> => {
    await runner.run(jobs)
    if (arena.words(found.offset, 1)[0] !== 0n) throw notCanonical()
    engine.release(...staged)
    lent.giveBack(taken)
    jobs = []
    staged = []
    taken = []
    bytes = 0
  }
  for (let first = 0; first < columns.length; first += PANEL_WORDS) {
    const members = columns.slice(first, first + PANEL_WORDS)
    const panel = arena.reserve(ROW_BYTES * rows)
    trace.push(panel)
    const places = members.map((column) => {
      const address = lent.addressOf(column)
      if (address !== undefined) return address
      const region = arena.reserve(8 * rows)
      staged.push(region)
      arena.words(region.offset, rows).set(column)
      return region.offset
    })
    taken.push(...members)
    for (const range of engine.ranges(rows, 2))
      jobs.push({ kind: 'gather', columns: places, panel: panel.offset, found: found.offset, ...range })
    bytes += 8 * rows * members.length
    if (bytes >= STAGED_BYTES) await flush()
  }
  await flush()
  engine.release(found)
  return { logRows, width: columns.length, trace, cosets: [] }
}

/** How {@link extendMatrices} goes about it. */
export interface ExtendOptions {
  readonly logBlowup: number
  /** Whether the values on the trace domain stay; otherwise their panels are used for a coset. */
  readonly keepTrace: boolean
  /** Whether all cosets are kept, or {@link keptCosets}. */
  readonly keepCosets: boolean
}

/** Extends matrices that were loaded. */
export async function extendMatrices(
  engine: Engine,
  matrices: readonly PanelMatrix[],
  { logBlowup, keepTrace, keepCosets }: ExtendOptions,
): Promise<void> {
  const kept = keptCosets(logBlowup, keepCosets)
  const jobs: ExtendJob[] = []
  for (const matrix of matrices) {
    const { logRows, width } = matrix
    const cosets = emptyCosets(logBlowup, kept)
    for (const [p, panel] of matrix.trace!.entries()) {
      const { src, targets } = placeTargets(engine, panel, { count: kept.length, keep: keepTrace })
      const job = cosetJob(engine, src, targets, { logRows, logBlowup, kept, columns: panelColumns(width, p) })
      jobs.push({ ...job, inverse: engine.inverse(logRows, src) })
      for (const [k, target] of targets.entries()) cosets[kept[k]!]!.push(target)
    }
    matrix.cosets = cosets
    if (!keepTrace) matrix.trace = undefined
  }
  await runExtensions(engine, jobs)
}

/** A matrix from panels of coefficients in bit-reversed order, extended; the panels belong to it. */
export async function extendCoefficients(
  engine: Engine,
  { logRows, width, panels }: { readonly logRows: number; readonly width: number; readonly panels: Panels },
  { logBlowup, keepCosets }: Pick<ExtendOptions, 'logBlowup' | 'keepCosets'>,
): Promise<PanelMatrix> {
  const kept = keptCosets(logBlowup, keepCosets)
  const cosets = emptyCosets(logBlowup, kept)
  const jobs = panels.map((panel, p): ExtendJob => {
    const { src, targets } = placeTargets(engine, panel, { count: kept.length, keep: false })
    for (const [k, target] of targets.entries()) cosets[kept[k]!]!.push(target)
    return cosetJob(engine, src, targets, { logRows, logBlowup, kept, columns: panelColumns(width, p) })
  })
  await runExtensions(engine, jobs)
  return { logRows, width, trace: undefined, cosets }
}

/** Lists for the panels of the cosets that are kept. */
function emptyCosets(logBlowup: number, kept: readonly number[]): (Region[] | undefined)[] {
  return Array.from({ length: 2 ** logBlowup }, (_, c) => (kept.includes(c) ? [] : undefined))
}

/** The transforms to the cosets that are kept, with the last as the place of the coefficients. */
function cosetJob(
  engine: Engine,
  src: Address,
  targets: Panels,
  {
    kept,
    logRows,
    logBlowup,
    columns,
  }: Readonly<Record<'logRows' | 'logBlowup' | 'columns', number>> & { readonly kept: readonly number[] },
): ExtendJob {
  const cosets = targets.map(({ offset }, k) => ({
    plan: engine.forward(logRows, cosetShift(logRows, logBlowup, kept[k]!), src),
    dst: offset,
  }))
  return { kind: 'extend', columns, src, work: cosets[cosets.length - 1]!.dst, cosets }
}

/**
 * Places for panels made from one panel, in one memory with it. The panel itself is the last of them unless it is kept;
 * when its memory has no room for the others, the last begins as a copy of it in another.
 */
export function placeTargets(
  { arena }: Engine,
  panel: Region,
  { count, keep }: { readonly count: number; readonly keep: boolean },
): { readonly src: Address; readonly targets: Region[] } {
  const sizes = (length: number): number[] => new Array<number>(length).fill(panel.bytes)
  const near = arena.tryNear(panel.offset, sizes(keep ? count : count - 1))
  if (near !== undefined) return { src: panel.offset, targets: keep ? near : [...near, panel] }
  const targets = arena.reserveTogether(sizes(count))
  const src = targets[count - 1]!.offset
  arena.copy(panel.offset, src, panel.bytes)
  if (!keep) arena.release(panel)
  return { src, targets }
}

/** The values of a committed matrix on a coset. */
export function borrowCoset(
  engine: Engine,
  matrix: PanelMatrix,
  logBlowup: number,
  c: number,
): Promise<BorrowedPanels> {
  const shift = pow(rootOfUnity(matrix.logRows + logBlowup), BigInt(c))
  return borrow(engine, matrix, matrix.cosets[c], shift)
}

/** The values of a matrix on the trace domain. */
export function borrowTrace(engine: Engine, matrix: PanelMatrix): Promise<BorrowedPanels> {
  return borrow(engine, matrix, matrix.trace, inv(GENERATOR))
}

/** The panels that are known, or those on the domain that is coset 0 times `shift`. */
async function borrow(
  engine: Engine,
  { logRows, width, cosets }: PanelMatrix,
  known: Panels | undefined,
  shift: bigint,
): Promise<BorrowedPanels> {
  if (known !== undefined) return { panels: known, giveBack: () => {} }
  const panels: Region[] = []
  const jobs = cosets[0]!.map((home, p): ExtendJob => {
    const { src, targets } = placeTargets(engine, home, { count: 1, keep: true })
    const [{ offset }] = targets as [Region]
    panels.push(...targets)
    const target = { plan: engine.forward(logRows, shift, offset), dst: offset }
    const inverse = engine.inverse(logRows, offset)
    return { kind: 'extend', columns: panelColumns(width, p), src, work: offset, inverse, cosets: [target] }
  })
  await runExtensions(engine, jobs)
  return { panels, giveBack: () => engine.release(...panels) }
}

/** Drops all values on cosets but the first. */
export function dropOtherCosets(engine: Engine, matrix: PanelMatrix): void {
  for (const panels of matrix.cosets.slice(1)) if (panels !== undefined) engine.release(...panels)
  matrix.cosets = matrix.cosets.map((panels, c) => (c === 0 ? panels : undefined))
}

/** Drops the values on the trace domain. */
export function dropTrace(engine: Engine, matrix: PanelMatrix): void {
  if (matrix.trace !== undefined) engine.release(...matrix.trace)
  matrix.trace = undefined
}

/** Gives back everything that a matrix holds. */
export function releaseMatrix(engine: Engine, matrix: PanelMatrix): void {
  dropTrace(engine, matrix)
  for (const panels of matrix.cosets) if (panels !== undefined) engine.release(...panels)
  matrix.cosets = []
}

/** Columns of a matrix that are in panel p. */
export function panelColumns(width: number, p: number): number {
  return Math.min(PANEL_WORDS, width - PANEL_WORDS * p)
}

/** Where column `word` lies in panels: row 0, rows {@link ROW_BYTES} apart. */
export function columnIn(panels: Panels, word: number): Address {
  return panels[Math.floor(word / PANEL_WORDS)]!.offset + 8 * (word % PANEL_WORDS)
}
