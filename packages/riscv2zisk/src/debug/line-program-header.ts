/**
 * The header of a line number program: opcode lengths, directories and files.
 *
 * Source: DWARF version 5, section 6.2.4; version 4, section 6.2.4.
 */

import { ByteReader } from './byte-reader.ts'
import type { DebugSections } from './line-table.ts'

/** What a line number program needs to run. */
export interface LineProgramHeader {
  readonly minimumInstructionBytes: number
  /** Initial value of the is_stmt register. */
  readonly defaultIsStatement: boolean
  readonly lineBase: number
  readonly lineRange: number
  readonly opcodeBase: number
  /** LEB128 operands of a standard opcode. */
  operandCount(opcode: number): number
  /** Path of a file register value, `undefined` when out of range. */
  fileName(index: number): string | undefined
}

const CONTENT = { path: 1, directoryIndex: 2 } as const
/** Files of one compilation unit; C++ units have thousands at most. */
const MAX_ENTRIES = 1 << 16
const FORM = {
  block2: 0x03,
  block4: 0x04,
  data2: 0x05,
  data4: 0x06,
  data8: 0x07,
  string: 0x08,
  block: 0x09,
  block1: 0x0a,
  data1: 0x0b,
  strp: 0x0e,
  udata: 0x0f,
  data16: 0x1e,
  lineStrp: 0x1f,
} as const

/** A path in a string section, decoded only when a row uses it. */
interface TextReference {
  readonly bytes: Uint8Array
  readonly offset: number
}

interface FileEntry {
  readonly path: string | TextReference
  readonly directory: number
}

/** Where a unit ends, and the width of offsets in it. */
export interface LineUnit {
  readonly end: number
  readonly is64: boolean
}

/**
 * Reads the length in front of a unit.
 *
 * @throws {RangeError} when the unit does not end inside the section
 */
export function readLineUnit(reader: ByteReader): LineUnit {
  let unitBytes = reader.u32()
  const is64 = unitBytes === 0xffffffff
  if (is64) unitBytes = reader.u64()
  const end = reader.offset + unitBytes
  if (end > reader.length) throw new RangeError('line program ends early')
  return { end, is64 }
}

/**
 * Reads the header behind the unit length and leaves the reader at the first opcode.
 *
 * @throws {RangeError} when the data is damaged or of an unknown version
 */
export function readLineProgramHeader(
  reader: ByteReader,
  { end, is64 }: LineUnit,
  sections: DebugSections,
): LineProgramHeader {
  const version = reader.u16()
  if (version < 2 || version > 5) throw new RangeError(`line program version ${version} is unknown`)
  if (version === 5) reader.skip(2) // address size, segment selector size
  const headerBytes = is64 ? reader.u64() : reader.u32()
  const program = reader.offset + headerBytes
  const minimumInstructionBytes = reader.u8()
  if (version >= 4) reader.skip(1) // operations per instruction: VLIW only
  const defaultIsStatement = reader.u8() !== 0
  const lineBase = reader.i8()
  const lineRange = reader.u8()
  const opcodeBase = reader.u8()
  if (lineRange === 0 || opcodeBase === 0) throw new RangeError('line program header is damaged')
  const operandCounts = reader.slice(opcodeBase - 1)
  reader.skip(opcodeBase - 1)
  const { directories, files } = version === 5 ? readTables5(reader, sections, is64) : readTables4(reader)
  if (program > end) throw new RangeError('line program header is damaged')
  reader.offset = program
  const names: (string | undefined)[] = []
  return {
    minimumInstructionBytes,
    defaultIsStatement,
    lineBase,
    lineRange,
    opcodeBase,
    operandCount: (opcode) => operandCounts[opcode - 1] ?? 0,
    // Files count from 1 before version 5, where entry 0 is the unit's own source file.
    fileName(index) {
      const slot = version === 5 ? index : index - 1
      const entry = files[slot]
      if (entry === undefined) return undefined
      names[slot] ??= withoutDots(joinPath(directories, entry, version))
      return names[slot]
    },
  }
}

function textOf(path: string | TextReference): string {
  return typeof path === 'string' ? path : new ByteReader(path.bytes, path.offset).text()
}

function joinPath(directories: Tables['directories'], entry: FileEntry, version: number): string {
  const { directory } = entry
  const path = textOf(entry.path)
  if (path.startsWith('/')) return path
  // Before version 5, directory 0 is the compilation directory, which only .debug_info knows.
  const named = version === 5 ? directories[directory] : directory === 0 ? undefined : directories[directory - 1]
  const folder = named === undefined ? '' : textOf(named)
  if (folder === '') return path
  const isRelative = version === 5 && directory !== 0 && !folder.startsWith('/')
  const base = isRelative ? `${textOf(directories[0] ?? '')}/${folder}` : folder
  return `${base}/${path}`
}

/** DWARF 5 writes `./lib/x.c` where DWARF 4 writes `lib/x.c`. */
function withoutDots(path: string): string {
  const isAbsolute = path.startsWith('/')
  const parts = path.split('/').filter((part) => part !== '.' && part !== '')
  return `${isAbsolute ? '/' : ''}${parts.join('/')}`
}

interface Tables {
  readonly directories: (string | TextReference)[]
  readonly files: FileEntry[]
}

function readTables4(reader: ByteReader): Tables {
  const directories: string[] = []
  for (let name = reader.text(); name !== ''; name = reader.text()) directories.push(name)
  const files: FileEntry[] = []
  for (let path = reader.text(); path !== ''; path = reader.text()) {
    const directory = reader.uleb()
    reader.uleb() // modification time
    reader.uleb() // size
    files.push({ path, directory })
  }
  return { directories, files }
}

function readTables5(reader: ByteReader, sections: DebugSections, is64: boolean): Tables {
  const directories = readEntries(reader, sections, is64).map((entry) => entry.path)
  return { directories, files: readEntries(reader, sections, is64) }
}

function readEntries(reader: ByteReader, sections: DebugSections, is64: boolean): FileEntry[] {
  const formats: { content: number; form: number }[] = []
  const formatCount = reader.u8()
  for (let i = 0; i < formatCount; i++) formats.push({ content: reader.uleb(), form: reader.uleb() })
  const count = reader.uleb()
  // Entries without fields take no bytes, so their number would be unbounded.
  if (count > MAX_ENTRIES || (formatCount === 0 && count > 0)) throw new RangeError('file table is damaged')
  const entries: FileEntry[] = []
  for (let i = 0; i < count; i++) {
    let path: string | TextReference = ''
    let directory = 0
    for (const { content, form } of formats) {
      const value = readForm(reader, { form, sections, is64 })
      if (content === CONTENT.path && value !== undefined && typeof value !== 'number') path = value
      if (content === CONTENT.directoryIndex && typeof value === 'number') directory = value
    }
    entries.push({ path, directory })
  }
  return entries
}

interface FormContext {
  readonly form: number
  readonly sections: DebugSections
  readonly is64: boolean
}

/** Value of one field: a text, a number, or `undefined` for forms that carry neither a path nor an index. */
function readForm(
  reader: ByteReader,
  { form, sections, is64 }: FormContext,
): string | TextReference | number | undefined {
  const sectionOffset = () => (is64 ? reader.u64() : reader.u32())
  switch (form) {
    case FORM.string:
      return reader.text()
    case FORM.lineStrp:
      return { bytes: sections.lineStrings, offset: sectionOffset() }
    case FORM.strp:
      return { bytes: sections.strings, offset: sectionOffset() }
    case FORM.udata:
      return reader.uleb()
    case FORM.data1:
      return reader.u8()
    case FORM.data2:
      return reader.u16()
    case FORM.data4:
      return reader.u32()
    case FORM.data8:
      return reader.u64()
    case FORM.data16:
      reader.skip(16)
      return undefined
    case FORM.block:
      reader.skip(reader.uleb())
      return undefined
    case FORM.block1:
      reader.skip(reader.u8())
      return undefined
    case FORM.block2:
      reader.skip(reader.u16())
      return undefined
    case FORM.block4:
      reader.skip(reader.u32())
      return undefined
    default:
      throw new RangeError(`form 0x${form.toString(16)} is unknown`)
  }
}
