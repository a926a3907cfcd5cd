/**
 * Which bytes of an ELF file go to which address.
 *
 * Sections decide where they exist: they tell code from data and leave out headers and padding. Program headers must
 * agree with them, and stand in for them in a file whose sections were stripped.
 */

import { hex } from '@zisk/core'
import { elfError } from '../errors.ts'
import type { ElfRegion, ElfSection, ElfSegment, ElfZeroRange } from './elf-image.ts'
import { type ElfHeader, PROGRAM_HEADER_BYTES } from './header.ts'

interface ElfTables {
  readonly file: Uint8Array
  readonly header: ElfHeader
  readonly segments: readonly ElfSegment[]
  readonly sections: readonly ElfSection[]
}

/** Initialised and zero-initialised memory of an ELF file, each ascending by address. */
export interface LoadedMemory {
  readonly regions: readonly ElfRegion[]
  readonly zeroRanges: readonly ElfZeroRange[]
}

/**
 * Collects and checks the loaded memory; the bytes are views of the file.
 *
 * @throws {ElfError} for parts outside the file or above 2^32, overlaps, and sections that contradict the segments
 */
export function loadRegions(tables: ElfTables): LoadedMemory {
  const segments = tables.segments.filter((segment) => segment.type === 'load' && segment.memoryBytes > 0)
  segments.forEach((segment, index) => {
    checkSegment(segment, `PT_LOAD #${index}`, tables.file)
  })
  const sections = tables.sections.filter((section) => section.allocated && section.size > 0)
  const memory = sections.length > 0 ? fromSections(tables.file, sections, segments) : fromSegments(tables, segments)
  memory.regions.sort((a, b) => a.address - b.address)
  memory.zeroRanges.sort((a, b) => a.start - b.start)
  checkOverlaps(memory)
  checkTotal(memory, tables.file)
  return memory
}

interface MutableMemory {
  readonly regions: ElfRegion[]
  readonly zeroRanges: ElfZeroRange[]
}

function checkSegment(segment: ElfSegment, where: string, file: Uint8Array): void {
  if (segment.memoryBytes < segment.fileBytes) {
    throw elfError(
      'ELF_BAD_HEADER',
      `memory size expected at least the file size ${segment.fileBytes}, got ${segment.memoryBytes}`,
      { where },
    )
  }
  checkPlace({ name: where, address: segment.address, size: segment.memoryBytes })
  checkInFile({ name: where, offset: segment.offset, size: segment.fileBytes, file })
}

function checkPlace({ name, address, size }: { name: string; address: number; size: number }): void {
  if (address + size > 2 ** 32) {
    throw elfError('ELF_OUT_OF_REGION', `memory expected below 2^32, got ${size} bytes at ${hex(address)}`, {
      where: name,
      remedy: 'link with the ZisK linker script',
    })
  }
}

function checkInFile(part: { name: string; offset: number; size: number; file: Uint8Array }): void {
  if (part.size > 0 && part.offset + part.size > part.file.length) {
    throw elfError(
      'ELF_TRUNCATED',
      `contents expected within ${part.file.length} bytes, got ${part.size} bytes at ${part.offset}`,
      { where: part.name, remedy: 'the file is cut off: build or copy it again' },
    )
  }
}

function fromSections(
  file: Uint8Array,
  sections: readonly ElfSection[],
  segments: readonly ElfSegment[],
): MutableMemory {
  const memory: MutableMemory = { regions: [], zeroRanges: [] }
  for (const section of sections) {
    const { name, address, offset, size, executable, writable } = section
    if (section.type === 'nobits') {
      // .tbss describes a template of thread-local storage, not memory.
      if (section.threadLocal) continue
      checkPlace(section)
      memory.zeroRanges.push({ name, start: address, size })
      continue
    }
    if (section.compressed) {
      throw elfError('ELF_BAD_HEADER', 'loaded section expected uncompressed, got SHF_COMPRESSED', { where: name })
    }
    checkPlace(section)
    checkInFile({ name, offset, size, file })
    if (segments.length > 0 && !segments.some((segment) => covers(segment, section))) {
      throw elfError('ELF_MISMATCH', `section ${name} expected inside a PT_LOAD segment, got no such segment`, {
        where: hex(address),
        remedy: 'the section and program headers contradict each other: link the program again',
      })
    }
    memory.regions.push({ name, address, bytes: file.subarray(offset, offset + size), executable, writable })
  }
  return memory
}

/** Whether the segment loads the section's bytes to the section's address. */
function covers(segment: ElfSegment, section: ElfSection): boolean {
  return (
    section.address >= segment.address &&
    section.address + section.size <= segment.address + segment.fileBytes &&
    section.offset - section.address === segment.offset - segment.address
  )
}

function fromSegments({ file, header }: ElfTables, segments: readonly ElfSegment[]): MutableMemory {
  const memory: MutableMemory = { regions: [], zeroRanges: [] }
  segments.forEach((segment, index) => {
    const name = `PT_LOAD #${index}`
    const { address, offset, fileBytes, memoryBytes, executable } = segment
    const headerBytes = Math.min(fileBytes, leadingHeaderBytes(file, header, segment))
    if (fileBytes > headerBytes) {
      memory.regions.push({
        name,
        address: address + headerBytes,
        bytes: file.subarray(offset + headerBytes, offset + fileBytes),
        executable,
        // Small linker scripts make one segment of everything: what is executable counts as code.
        writable: segment.writable && !executable,
      })
    }
    if (memoryBytes > fileBytes) {
      memory.zeroRanges.push({ name, start: address + fileBytes, size: memoryBytes - fileBytes })
    }
  })
  return memory
}

/** Bytes of file headers, and the padding after them, that a linker mapped in front of a segment's contents. */
function leadingHeaderBytes(file: Uint8Array, header: ElfHeader, segment: ElfSegment): number {
  if (segment.offset !== 0) return 0
  let end = header.programTable.offset + header.programTable.count * PROGRAM_HEADER_BYTES
  while (end < segment.fileBytes && end < file.length && file[end] === 0) end++
  return end - (end % 8)
}

function checkOverlaps({ regions, zeroRanges }: LoadedMemory): void {
  const parts = [
    ...regions.map(({ name, address, bytes }) => ({ name, start: address, size: bytes.length, zero: false })),
    ...zeroRanges.map(({ name, start, size }) => ({ name, start, size, zero: true })),
  ].sort((a, b) => a.start - b.start)
  // The part that reaches furthest so far, one for initialised parts and one for all.
  let furthestData: (typeof parts)[number] | undefined
  let furthest: (typeof parts)[number] | undefined
  for (const part of parts) {
    // Two zero-initialised ranges (a heap and a stack, say) may share addresses; bytes may not be ambiguous.
    const rival = part.zero ? furthestData : furthest
    if (rival !== undefined && rival.start + rival.size > part.start) {
      throw elfError('ELF_OVERLAP', `memory expected disjoint, got ${rival.name} and ${part.name} at one address`, {
        where: hex(part.start),
        remedy: 'give the sections disjoint addresses in the linker script',
        details: { first: rival.name, second: part.name },
      })
    }
    if (furthest === undefined || part.start + part.size > furthest.start + furthest.size) furthest = part
    if (!part.zero && (furthestData === undefined || part.start + part.size > furthestData.start + furthestData.size)) {
      furthestData = part
    }
  }
}

/** A file that maps its bytes many times over could describe gigabytes. */
function checkTotal({ regions }: LoadedMemory, file: Uint8Array): void {
  const total = regions.reduce((sum, region) => sum + region.bytes.length, 0)
  if (total > file.length) {
    throw elfError('ELF_OVERSIZE', `loaded bytes expected at most the file size ${file.length}, got ${total}`, {
      remedy: 'sections share file contents: link the program again',
    })
  }
}
