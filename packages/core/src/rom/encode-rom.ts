/**
 * The canonical binary form of a ROM: equal programs have equal bytes, and every accepted byte string is the encoding
 * of exactly one program.
 *
 * Layout, all little-endian: magic `ZROM`; u32 version; u8 memory map; u8 exit mode; u16 zero; u32 entry; u32 counts of
 * instructions, data segments and RAM code ranges; the instruction columns one after the other; per segment u32
 * address, u32 length, u32 writable; per range u32 start, u32 size; the bytes of the segments.
 *
 * Columns are written as they lie in memory: every platform with a WebAssembly engine in Node is little-endian.
 */

import { hex } from '../errors.ts'
import { type AddressRange, MEMORY_MAPS, type MemoryMapName } from '../memory-map.ts'
import { createColumns, type InstructionColumns, InstructionTable } from './instruction-table.ts'
import { romError } from './rom-error.ts'
import { validateRom } from './validate-rom.ts'
import type { DataSegment, ExitMode, ZiskRom } from './zisk-rom.ts'

/** Version of the encoding and of the meaning of its fields. */
export const ROM_FORMAT_VERSION = 1

const MAGIC = 0x4d4f525a // ZROM
const HEADER_BYTES = 28
const SEGMENT_BYTES = 12
const RANGE_BYTES = 8

const MEMORY_MAP_CODES: readonly MemoryMapName[] = ['v0.18', 'v0.12']
const EXIT_MODE_CODES: readonly ExitMode[] = ['unbound', 'bound']

/** What a program is beside its instructions and data, as numbers: the parameters of its program key. */
export interface RomParameters {
  readonly romFormat: number
  /** 0 for `v0.18`, 1 for `v0.12`. */
  readonly memoryMap: number
  /** 0 for `unbound`, 1 for `bound`. */
  readonly exitMode: number
}

/** The parameters of a ROM. */
export function romParameters({ memoryMap, exitMode }: Pick<ZiskRom, 'memoryMap' | 'exitMode'>): RomParameters {
  return {
    romFormat: ROM_FORMAT_VERSION,
    memoryMap: MEMORY_MAP_CODES.indexOf(memoryMap.name),
    exitMode: EXIT_MODE_CODES.indexOf(exitMode),
  }
}

/** Order of the columns in the encoding. */
const COLUMN_ORDER = [
  'pc',
  'op',
  'flags',
  'indWidth',
  'aLow',
  'aHigh',
  'bLow',
  'bHigh',
  'storeOffset',
  'jmpOffset1',
  'jmpOffset2',
  'riscv',
] as const satisfies readonly (keyof InstructionColumns)[]

const BYTES_PER_ROW = COLUMN_ORDER.reduce((sum, name) => sum + createColumns(0)[name].BYTES_PER_ELEMENT, 0)

/** The encoding of a ROM in consecutive parts, some of them views of the ROM's own arrays. */
export function romParts(rom: ZiskRom): Uint8Array[] {
  const { instructions, data, codeInRam } = rom
  const header = new DataView(new ArrayBuffer(HEADER_BYTES))
  header.setUint32(0, MAGIC, true)
  const { romFormat, memoryMap, exitMode } = romParameters(rom)
  header.setUint32(4, romFormat, true)
  header.setUint8(8, memoryMap)
  header.setUint8(9, exitMode)
  header.setUint32(12, rom.entry, true)
  header.setUint32(16, instructions.length, true)
  header.setUint32(20, data.length, true)
  header.setUint32(24, codeInRam.length, true)
  const tables = Uint32Array.from([
    ...data.flatMap(({ address, bytes, writable }) => [address, bytes.length, writable ? 1 : 0]),
    ...codeInRam.flatMap(({ start, size }) => [start, size]),
  ])
  return [
    bytesOf(header),
    ...COLUMN_ORDER.map((name) => bytesOf(instructions.columns[name])),
    bytesOf(tables),
    ...data.map((segment) => segment.bytes),
  ]
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

/** Encodes a ROM; {@link decodeRom} is its inverse. */
export function encodeRom(rom: ZiskRom): Uint8Array {
  const parts = romParts(rom)
  const encoded = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    encoded.set(part, at)
    at += part.length
  }
  return encoded
}

/**
 * Decodes a ROM. The result owns its memory.
 *
 * @throws {RomError} for any bytes that {@link encodeRom} does not produce
 */
export function decodeRom(encoded: Uint8Array): ZiskRom {
  const header = readHeader(encoded)
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  const columns = createColumns(header.instructionCount)
  let at = HEADER_BYTES
  for (const name of COLUMN_ORDER) {
    const column = bytesOf(columns[name])
    column.set(encoded.subarray(at, at + column.length))
    at += column.length
  }
  const segments = readTable(view, at, header.segmentCount, SEGMENT_BYTES)
  at += header.segmentCount * SEGMENT_BYTES
  const ranges = readTable(view, at, header.rangeCount, RANGE_BYTES)
  at += header.rangeCount * RANGE_BYTES
  const data: DataSegment[] = []
  for (const [address = 0, length = 0, writable = 0] of segments) {
    if (writable > 1) throw romError('ROM_BAD_DATA', `writable expected 0 or 1, got ${writable}`, hex(address))
    if (length > encoded.length - at) {
      throw romError(
        'ROM_BAD_LENGTH',
        `data segment expected ${length} bytes, got ${encoded.length - at}`,
        hex(address),
      )
    }
    data.push({ address, writable: writable === 1, bytes: encoded.slice(at, at + length) })
    at += length
  }
  if (at !== encoded.length) {
    throw romError('ROM_BAD_LENGTH', `file expected to end at byte ${at}, got ${encoded.length - at} bytes more`)
  }
  const codeInRam: AddressRange[] = ranges.map(([start = 0, size = 0]) => ({ start, size }))
  return checkedRom({ ...header.meaning, columns, data, codeInRam })
}

/** Parts of a ROM that come from outside. */
interface UncheckedRom {
  readonly memoryMap: MemoryMapName
  readonly exitMode: ExitMode
  readonly entry: number
  readonly columns: InstructionColumns
  readonly data: readonly DataSegment[]
  readonly codeInRam: readonly AddressRange[]
}

/**
 * Builds a ROM from untrusted parts.
 *
 * @throws {RomError} when they do not form one
 */
export function checkedRom({ memoryMap, exitMode, entry, columns, data, codeInRam }: UncheckedRom): ZiskRom {
  const { pc } = columns
  for (let row = 1; row < pc.length; row++) {
    if (pc[row]! <= pc[row - 1]!) throw romError('ROM_BAD_INSTRUCTION', 'pcs expected ascending', hex(pc[row]!))
  }
  const instructions = new InstructionTable(columns)
  const rom: ZiskRom = { memoryMap: MEMORY_MAPS[memoryMap], exitMode, entry, instructions, data, codeInRam }
  validateRom(rom)
  return rom
}

interface RomHeader {
  readonly meaning: { readonly memoryMap: MemoryMapName; readonly exitMode: ExitMode; readonly entry: number }
  readonly instructionCount: number
  readonly segmentCount: number
  readonly rangeCount: number
}

function readHeader(encoded: Uint8Array): RomHeader {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  if (encoded.length < HEADER_BYTES) {
    throw romError('ROM_BAD_LENGTH', `file expected at least ${HEADER_BYTES} bytes, got ${encoded.length}`)
  }
  const magic = view.getUint32(0, true)
  if (magic !== MAGIC) throw romError('ROM_BAD_MAGIC', `magic expected ${hex(MAGIC)}, got ${hex(magic)}`)
  const version = view.getUint32(4, true)
  if (version !== ROM_FORMAT_VERSION) {
    throw romError('ROM_BAD_VERSION', `version expected ${ROM_FORMAT_VERSION}, got ${version}`)
  }
  const memoryMap = MEMORY_MAP_CODES[view.getUint8(8)]
  const exitMode = EXIT_MODE_CODES[view.getUint8(9)]
  if (memoryMap === undefined || exitMode === undefined || view.getUint16(10, true) !== 0) {
    throw romError(
      'ROM_BAD_HEADER',
      `memory map and exit mode expected known ones, got ${hex(view.getUint32(8, true))}`,
    )
  }
  const instructionCount = view.getUint32(16, true)
  const segmentCount = view.getUint32(20, true)
  const rangeCount = view.getUint32(24, true)
  const bytes =
    HEADER_BYTES + instructionCount * BYTES_PER_ROW + segmentCount * SEGMENT_BYTES + rangeCount * RANGE_BYTES
  if (bytes > encoded.length) {
    throw romError('ROM_BAD_LENGTH', `tables expected ${bytes} bytes, got ${encoded.length}`)
  }
  return {
    meaning: { memoryMap, exitMode, entry: view.getUint32(12, true) },
    instructionCount,
    segmentCount,
    rangeCount,
  }
}

/** Rows of 32-bit fields. */
function readTable(view: DataView, at: number, count: number, rowBytes: number): number[][] {
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: rowBytes / 4 }, (_, field) => view.getUint32(at + row * rowBytes + 4 * field, true)),
  )
}
