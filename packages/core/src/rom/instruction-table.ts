/**
 * All instructions of a ROM, column by column, ascending by pc.
 *
 * Columns rather than objects: a 4 MB ELF has over a million instructions, and the emulators read them from typed arrays.
 */

import {
  aSourceOf,
  bSourceOf,
  FLAG,
  type IndirectWidth,
  instructionFlags,
  type RomInstruction,
  SOURCE,
  STORE,
  storeOf,
} from './instruction.ts'

/** The columns of an {@link InstructionTable}; all have the same length. Fields as in {@link RomInstruction}. */
export interface InstructionColumns {
  readonly pc: Uint32Array
  readonly op: Uint8Array
  /** Flags word: operand sources, store kind, storePc, setPc and operation class. */
  readonly flags: Uint16Array
  readonly indWidth: Uint8Array
  readonly aLow: Uint32Array
  readonly aHigh: Uint32Array
  /** Two's complement when the source is IND. */
  readonly bLow: Uint32Array
  readonly bHigh: Uint32Array
  /** Two's complement: read it unsigned for MEM. */
  readonly storeOffset: Int32Array
  readonly jmpOffset1: Int32Array
  readonly jmpOffset2: Int32Array
  readonly riscv: Uint32Array
}

const PAGE_BITS = 8
const PAGE_SIZE = 1 << PAGE_BITS
const PAGE_MASK = PAGE_SIZE - 1
/** With more runs of ascending pcs, rows are sorted one by one. */
const MOST_RUNS = 256

/** Immutable table of instructions with a pc index. Build it with {@link InstructionTableBuilder}. */
export class InstructionTable {
  readonly columns: InstructionColumns
  readonly length: number
  /** Row index + 1 by pc, in small pages, so that scattered code costs little; 0 is no instruction. */
  readonly #pages = new Map<number, Int32Array>()

  /** @throws {RangeError} when pcs are not strictly ascending */
  constructor(columns: InstructionColumns) {
    this.columns = columns
    this.length = columns.pc.length
    let previous = -1
    let pageNumber = -1
    let page: Int32Array = new Int32Array(0)
    for (let row = 0; row < this.length; row++) {
      const pc = columns.pc[row]!
      if (pc <= previous) throw new RangeError(`instruction pcs expected ascending, got ${pc} after ${previous}`)
      previous = pc
      if (pc >>> PAGE_BITS !== pageNumber) {
        pageNumber = pc >>> PAGE_BITS
        page = new Int32Array(PAGE_SIZE)
        this.#pages.set(pageNumber, page)
      }
      page[pc & PAGE_MASK] = row + 1
    }
  }

  /** Row of the instruction at this pc, or -1. Any number is allowed. */
  rowOf(pc: number): number {
    const page = this.#pages.get(Math.floor(pc / PAGE_SIZE))
    return page === undefined ? -1 : page[pc & PAGE_MASK]! - 1
  }

  /** The instruction of one row as a plain object. */
  at(row: number): RomInstruction {
    const c = this.columns
    const flags = c.flags[row]!
    const bSrc = bSourceOf(flags)
    const store = storeOf(flags)
    return {
      pc: c.pc[row]!,
      op: c.op[row]!,
      aSrc: aSourceOf(flags),
      aLow: c.aLow[row]!,
      aHigh: c.aHigh[row]!,
      bSrc,
      bLow: bSrc === SOURCE.IND ? c.bLow[row]! | 0 : c.bLow[row]!,
      bHigh: c.bHigh[row]!,
      indWidth: c.indWidth[row]! as IndirectWidth,
      store,
      storeOffset: store === STORE.MEM ? c.storeOffset[row]! >>> 0 : c.storeOffset[row]!,
      storePc: (flags & FLAG.STORE_PC) !== 0,
      setPc: (flags & FLAG.SET_PC) !== 0,
      jmpOffset1: c.jmpOffset1[row]!,
      jmpOffset2: c.jmpOffset2[row]!,
      riscv: c.riscv[row]!,
    }
  }
}

/** Allocates columns of one length, all zero. */
export function createColumns(length: number): InstructionColumns {
  return {
    pc: new Uint32Array(length),
    op: new Uint8Array(length),
    flags: new Uint16Array(length),
    indWidth: new Uint8Array(length),
    aLow: new Uint32Array(length),
    aHigh: new Uint32Array(length),
    bLow: new Uint32Array(length),
    bHigh: new Uint32Array(length),
    storeOffset: new Int32Array(length),
    jmpOffset1: new Int32Array(length),
    jmpOffset2: new Int32Array(length),
    riscv: new Uint32Array(length),
  }
}

const COLUMN_NAMES = Object.keys(createColumns(0)) as (keyof InstructionColumns)[]

/** Appends instructions in any order of pc and sorts once at the end. */
export class InstructionTableBuilder {
  #columns: InstructionColumns
  #length = 0

  /** @param capacity rows to make room for; more are allowed */
  constructor(capacity = 1024) {
    this.#columns = createColumns(Math.max(capacity, 16))
  }

  get length(): number {
    return this.#length
  }

  /** Appends an instruction at `base + inst.pc`: expansions come with a pc relative to the RISC-V instruction. */
  push(inst: RomInstruction, base = 0): void {
    this.#reserve(1)
    const row = this.#length++
    const c = this.#columns
    c.pc[row] = base + inst.pc
    c.op[row] = inst.op
    c.flags[row] = instructionFlags(inst)
    c.indWidth[row] = inst.indWidth
    c.aLow[row] = inst.aLow
    c.aHigh[row] = inst.aHigh
    c.bLow[row] = inst.bLow
    c.bHigh[row] = inst.bHigh
    c.storeOffset[row] = inst.storeOffset
    c.jmpOffset1[row] = inst.jmpOffset1
    c.jmpOffset2[row] = inst.jmpOffset2
    c.riscv[row] = inst.riscv
  }

  /** Appends rows `[first, first + count)` once more, with the pc of the first at `base`: for expansions seen before. */
  repeat(first: number, count: number, base: number): void {
    this.#reserve(count)
    const c = this.#columns
    const shift = base - c.pc[first]!
    for (let source = first; source < first + count; source++) {
      const row = this.#length++
      c.pc[row] = c.pc[source]! + shift
      c.op[row] = c.op[source]!
      c.flags[row] = c.flags[source]!
      c.indWidth[row] = c.indWidth[source]!
      c.aLow[row] = c.aLow[source]!
      c.aHigh[row] = c.aHigh[source]!
      c.bLow[row] = c.bLow[source]!
      c.bHigh[row] = c.bHigh[source]!
      c.storeOffset[row] = c.storeOffset[source]!
      c.jmpOffset1[row] = c.jmpOffset1[source]!
      c.jmpOffset2[row] = c.jmpOffset2[source]!
      c.riscv[row] = c.riscv[source]!
    }
  }

  #reserve(count: number): void {
    const capacity = this.#columns.pc.length
    if (this.#length + count > capacity) this.#columns = resize(this.#columns, 2 * capacity)
  }

  /**
   * The finished table; the builder must not be used afterwards.
   *
   * @throws {RangeError} when two instructions have the same pc
   */
  build(): InstructionTable {
    const columns = resize(this.#columns, this.#length)
    return new InstructionTable(isAscending(columns.pc) ? columns : sortByPc(columns))
  }
}

function isAscending(pc: Uint32Array): boolean {
  for (let row = 1; row < pc.length; row++) if (pc[row]! <= pc[row - 1]!) return false
  return true
}

function resize(columns: InstructionColumns, length: number): InstructionColumns {
  const resized = createColumns(length)
  for (const name of COLUMN_NAMES) {
    const source = columns[name]
    resized[name].set(source.length > length ? source.subarray(0, length) : source)
  }
  return resized
}

/** Code comes in a few runs of ascending pcs, which are copied whole unless they overlap. */
function sortByPc(columns: InstructionColumns): InstructionColumns {
  const { pc } = columns
  const runs: { readonly begin: number; readonly end: number }[] = []
  for (let begin = 0, row = 1; row <= pc.length; row++)
    if (row === pc.length || pc[row]! <= pc[row - 1]!) {
      runs.push({ begin, end: row })
      begin = row
    }
  runs.sort((x, y) => pc[x.begin]! - pc[y.begin]!)
  const isApart = runs.every(({ begin }, i) => i === 0 || pc[begin]! > pc[runs[i - 1]!.end - 1]!)
  return isApart && runs.length <= MOST_RUNS ? joinRuns(columns, runs) : sortRows(columns)
}

function joinRuns(
  columns: InstructionColumns,
  runs: readonly { readonly begin: number; readonly end: number }[],
): InstructionColumns {
  const joined = createColumns(columns.pc.length)
  for (const name of COLUMN_NAMES) {
    let at = 0
    for (const { begin, end } of runs) {
      joined[name].set(columns[name].subarray(begin, end), at)
      at += end - begin
    }
  }
  return joined
}

function sortRows(columns: InstructionColumns): InstructionColumns {
  const order = Uint32Array.from(columns.pc.keys()).sort((x, y) => columns.pc[x]! - columns.pc[y]!)
  const sorted = createColumns(order.length)
  for (const name of COLUMN_NAMES) {
    const source = columns[name]
    const target = sorted[name]
    for (let row = 0; row < order.length; row++) target[row] = source[order[row]!]!
  }
  return sorted
}
