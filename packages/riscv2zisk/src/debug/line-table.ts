/**
 * Source lines by pc, from the line number programs of `.debug_line`, DWARF versions 2 to 5.
 *
 * Source: DWARF Debugging Information Format, version 5, section 6.2; version 4, section 6.2.
 */

import type { ByteReader } from './byte-reader.ts'
import { type LineProgramHeader, readLineProgramHeader, readLineUnit } from './line-program-header.ts'

/** A place in the guest's source. */
export interface SourceLocation {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1; 0 when unknown. */
  readonly column: number
}

/** Rows ascending by address: from `addresses[i]` to the next row the code belongs to line `lines[i]`. */
export interface LineTable {
  readonly addresses: Uint32Array
  /** Index in `files`, or -1 where a sequence ended. */
  readonly fileIndexes: Int32Array
  readonly lines: Uint32Array
  readonly columns: Uint16Array
  readonly files: readonly string[]
}

/** Debug sections that line programs refer to; empty where absent. */
export interface DebugSections {
  readonly line: ByteReader
  readonly lineStrings: Uint8Array
  readonly strings: Uint8Array
}

/** More rows or longer paths than any real program has. */
const MAX_ROWS = 8_000_000
const MAX_PATH_CHARACTERS = 32 << 20

/** Contiguous code with its rows. */
interface Sequence {
  readonly addresses: number[]
  readonly fileIndexes: number[]
  readonly lines: number[]
  readonly columns: number[]
}

/** Collects sequences and file names under the limits. */
class LineTableBuilder {
  readonly sequences: Sequence[] = []
  readonly #files = new Map<string, number>()
  #rows = 0
  #pathCharacters = 0

  fileIndex(path: string): number {
    const known = this.#files.get(path)
    if (known !== undefined) return known
    this.#pathCharacters += path.length
    if (this.#pathCharacters > MAX_PATH_CHARACTERS) throw new RangeError('too many file names')
    const index = this.#files.size
    this.#files.set(path, index)
    return index
  }

  countRow(): void {
    if (++this.#rows > MAX_ROWS) throw new RangeError('too many line rows')
  }

  build(): LineTable {
    // A row of a sequence never lies before its first, and linkers never overlap sequences.
    this.sequences.sort((a, b) => a.addresses[0]! - b.addresses[0]!)
    const count = this.sequences.reduce((sum, sequence) => sum + sequence.addresses.length, 0)
    const table = {
      addresses: new Uint32Array(count),
      fileIndexes: new Int32Array(count),
      lines: new Uint32Array(count),
      columns: new Uint16Array(count),
      files: [...this.#files.keys()],
    }
    let at = 0
    for (const sequence of this.sequences) {
      table.addresses.set(sequence.addresses, at)
      table.fileIndexes.set(sequence.fileIndexes, at)
      table.lines.set(sequence.lines, at)
      table.columns.set(sequence.columns, at)
      at += sequence.addresses.length
    }
    return table
  }
}

/** Reads every unit that can be read; damaged units are skipped. */
export function readLineTable(sections: DebugSections): LineTable {
  const builder = new LineTableBuilder()
  const reader = sections.line
  while (reader.offset < reader.length) {
    // Damage inside a unit spares the following ones; damage to a length ends the table.
    const unit = attempt(() => readLineUnit(reader))
    if (unit === undefined) break
    attempt(() => {
      const header = readLineProgramHeader(reader, unit, sections)
      runLineProgram({ reader, end: unit.end, header, builder })
    })
    reader.offset = unit.end
  }
  return builder.build()
}

/** The result, or `undefined` when the data is damaged. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The line of a pc, or `undefined` outside all sequences. */
export function lookUpLine(table: LineTable, pc: number): SourceLocation | undefined {
  let low = 0
  let high = table.addresses.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (table.addresses[middle]! <= pc) low = middle + 1
    else high = middle
  }
  const row = low - 1
  const file = table.files[table.fileIndexes[row] ?? -1]
  return file === undefined ? undefined : { file, line: table.lines[row]!, column: table.columns[row]! }
}

const STANDARD = {
  extended: 0,
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  negateStatement: 6,
  constAddPc: 8,
  fixedAdvancePc: 9,
} as const
const EXTENDED = { endSequence: 1, setAddress: 2 } as const

interface LineProgram {
  readonly reader: ByteReader
  readonly end: number
  readonly header: LineProgramHeader
  readonly builder: LineTableBuilder
}

/**
 * Runs one line number program, adding its complete sequences.
 *
 * @throws {RangeError} at the first damage; sequences before it are kept
 */
function runLineProgram({ reader, end, header, builder }: LineProgram): void {
  let sequence: Sequence = { addresses: [], fileIndexes: [], lines: [], columns: [] }
  let address = 0
  let file = 1
  let line = 1
  let column = 0
  let isStatement = header.defaultIsStatement
  /** Address of the last row if that began a statement. */
  let statementAddress = -1
  const addRow = (fileIndex: number) => {
    if (address >= 2 ** 32) throw new RangeError('address is out of range')
    builder.countRow()
    sequence.addresses.push(address)
    sequence.fileIndexes.push(fileIndex)
    sequence.lines.push(line)
    sequence.columns.push(column)
  }
  const emit = () => {
    // Of several rows at one address the last counts, but one that begins no statement does not replace one that does.
    if (!isStatement && address === statementAddress) return
    statementAddress = isStatement ? address : -1
    const path = header.fileName(file)
    addRow(path === undefined || line < 1 ? -1 : builder.fileIndex(path))
  }
  const endSequence = () => {
    addRow(-1)
    // Sequences at address 0 are what the linker leaves of discarded functions.
    if (sequence.addresses[0] !== 0) builder.sequences.push(sequence)
    sequence = { addresses: [], fileIndexes: [], lines: [], columns: [] }
    address = 0
    file = 1
    line = 1
    column = 0
    isStatement = header.defaultIsStatement
    statementAddress = -1
  }
  const advance = (operations: number) => {
    address += operations * header.minimumInstructionBytes
  }
  const runExtended = () => {
    const size = reader.uleb()
    const next = reader.offset + size
    if (size > 0) {
      const opcode = reader.u8()
      if (opcode === EXTENDED.setAddress) address = size === 9 ? reader.u64() : reader.u32()
      if (opcode === EXTENDED.endSequence) endSequence()
    }
    reader.offset = next
  }
  while (reader.offset < end) {
    const opcode = reader.u8()
    if (opcode >= header.opcodeBase) {
      const adjusted = opcode - header.opcodeBase
      advance(Math.floor(adjusted / header.lineRange))
      line += header.lineBase + (adjusted % header.lineRange)
      emit()
    } else if (opcode === STANDARD.extended) runExtended()
    else if (opcode === STANDARD.copy) emit()
    else if (opcode === STANDARD.advancePc) advance(reader.uleb())
    else if (opcode === STANDARD.advanceLine) line += reader.sleb()
    else if (opcode === STANDARD.setFile) file = reader.uleb()
    else if (opcode === STANDARD.setColumn) column = reader.uleb()
    else if (opcode === STANDARD.negateStatement) isStatement = !isStatement
    else if (opcode === STANDARD.constAddPc) advance(Math.floor((255 - header.opcodeBase) / header.lineRange))
    else if (opcode === STANDARD.fixedAdvancePc) address += reader.u16()
    // The others do not affect rows; the header says how many operands to skip.
    else for (let i = 0; i < header.operandCount(opcode); i++) reader.uleb()
  }
}
