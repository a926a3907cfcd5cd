/**
 * From the bytes of a file to a validated {@link ElfImage}.
 *
 * elfy parses the program and section headers; it neither checks bounds nor reads flags above bit 31 nor symbols, so
 * {@link readHeader} runs first and everything else is read from the raw bytes.
 */

import elfy from 'elfy'
import { createSourceLocator } from '../debug/source-locator.ts'
import { elfError } from '../errors.ts'
import { detectMemoryMap } from './detect-memory-map.ts'
import type { ElfImage, ElfSection, ElfSegment } from './elf-image.ts'
import { type ElfHeader, readHeader, SECTION_HEADER_BYTES } from './header.ts'
import { loadRegions } from './load-regions.ts'
import { readAbiVersion } from './notes.ts'
import { readSymbols } from './symbol-table.ts'

/** Section flags of the System V ABI. */
const SHF = { write: 1, alloc: 2, exec: 4, tls: 0x400, compressed: 0x800 } as const
const MAX_NAME_BYTES = 256

/**
 * Reads and checks an ELF file. The image keeps views of `input`; do not change it afterwards.
 *
 * @throws {ElfError} when the file is not a static little-endian RV64 executable, or its tables contradict each other
 */
export function readElf(input: Uint8Array): ElfImage {
  // A Buffer would copy where an Uint8Array gives a view, and the other way round.
  const file = new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
  const header = readHeader(file)
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  const parser = new elfy.Parser()
  const parsed = parser.parseHeader(buffer)
  const segments = header.programTable.count === 0 ? [] : parser.parsePrograms(buffer, parsed).map(toSegment)
  const sections = header.sectionTable.count === 0 ? [] : readSections({ file: buffer, header, parser, parsed })
  refuseDynamic(segments)

  const { regions, zeroRanges } = loadRegions({ file, header, segments, sections })
  if (!regions.some((region) => region.executable)) {
    throw elfError('ELF_NO_CODE', 'file expected executable code, got none', {
      remedy: 'link a program with an entry point; data-only files cannot run',
    })
  }
  const { entry } = header
  const home = regions.find((region) => entry >= region.address && entry < region.address + region.bytes.length)
  if (home === undefined || !home.executable || entry % 2 !== 0) {
    throw elfError('ELF_BAD_ENTRY', `entry point expected an even address in code, got 0x${entry.toString(16)}`, {
      where: home === undefined ? 'e_entry' : `e_entry, in ${home.name}`,
      remedy: 'define _start, or name the entry with the linker option -e',
    })
  }
  const abiVersion = readAbiVersion({ file, segments, sections })
  return {
    header,
    entry,
    segments,
    sections,
    regions,
    zeroRanges,
    symbols: readSymbols({ file, sections, regions }),
    abiVersion,
    // Programs with our note use the current map by definition.
    detectedMemoryMap: abiVersion === undefined ? detectMemoryMap(regions) : 'v0.18',
    sourceLocation: createSourceLocator(file, sections),
  }
}

type ParsedProgram = ReturnType<InstanceType<typeof elfy.Parser>['parsePrograms']>[number]

function toSegment(program: ParsedProgram): ElfSegment {
  return {
    type: program.type ?? 'other',
    offset: program.offset,
    address: program.vaddr,
    fileBytes: program.filesz,
    memoryBytes: program.memsz,
    readable: program.flags.r === true,
    writable: program.flags.w === true,
    executable: program.flags.x === true,
  }
}

interface SectionSource {
  readonly file: Buffer
  readonly header: ElfHeader
  readonly parser: InstanceType<typeof elfy.Parser>
  readonly parsed: ReturnType<InstanceType<typeof elfy.Parser>['parseHeader']>
}

function readSections({ file, header, parser, parsed }: SectionSource): ElfSection[] {
  const rows = parser.parseSections(file, parsed)
  const names = rows[header.sectionNamesIndex]
  const nameTable = names?.type === 'strtab' ? file.subarray(names.off, names.off + names.size) : file.subarray(0, 0)
  return rows.map((row, index) => {
    const flags = file.readUInt32LE(header.sectionTable.offset + index * SECTION_HEADER_BYTES + 8)
    return {
      name: readName(nameTable, row.name),
      type: String(row.type),
      address: row.addr,
      offset: row.off,
      size: row.size,
      link: row.link,
      allocated: (flags & SHF.alloc) !== 0,
      writable: (flags & SHF.write) !== 0,
      executable: (flags & SHF.exec) !== 0,
      threadLocal: (flags & SHF.tls) !== 0,
      compressed: (flags & SHF.compressed) !== 0,
    }
  })
}

function readName(table: Buffer, offset: number): string {
  const name = table.subarray(offset, offset + MAX_NAME_BYTES)
  const end = name.indexOf(0)
  return name.toString('latin1', 0, end < 0 ? name.length : end)
}

function refuseDynamic(segments: readonly ElfSegment[]): void {
  const culprit = segments.find((segment) => segment.type === 'interp' || segment.type === 'dynamic')
  if (culprit === undefined) return
  throw elfError('ELF_DYNAMIC', `file expected statically linked, got a ${culprit.type} program header`, {
    remedy: 'link with -static -no-pie',
  })
}
