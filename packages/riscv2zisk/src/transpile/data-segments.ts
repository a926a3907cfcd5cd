/**
 * Initial memory as whole 8-byte words, read-only memory as whole lines of 32 bytes.
 */

import { ADDRESS, type DataSegment, hex, type MemoryMap, rangeContains } from '@zisk/core'
import type { ElfImage, ElfRegion } from '../elf/elf-image.ts'
import { elfError } from '../errors.ts'

const WORD = 8
/** Read-only memory enters the proof by lines of this size, so all of a line exists: what the ELF leaves out reads 0. */
const LINE = 32
const REMEDY = 'link with the ZisK linker script'

/**
 * The data rows of a program: everything that the file initialises, code included, because a guest may read its own
 * text. Regions that touch or share a word become one segment; `.bss` is left out, since memory starts as zero.
 *
 * @throws {ElfError} for data outside the memory map and writable data outside RAM
 */
export function createDataSegments(elf: ElfImage, memoryMap: MemoryMap): DataSegment[] {
  for (const { name, start, size } of elf.zeroRanges) {
    if (isInRam(memoryMap, start, size)) continue
    throw elfError(
      'ELF_WRITABLE_OUTSIDE_RAM',
      `zero-initialised memory expected in RAM, got ${name} at ${hex(start)}`,
      {
        where: name,
        remedy: REMEDY,
      },
    )
  }
  const segments: DataSegment[] = []
  let group: ElfRegion[] = []
  for (const region of elf.regions) {
    checkRegion(region, memoryMap)
    const previous = group.at(-1)
    const unit = unitOf(region, memoryMap)
    const end = previous && previous.address + previous.bytes.length
    if (end !== undefined && alignDown(region.address, unit) > alignUp(end, unit)) {
      segments.push(joinRegions(group, memoryMap))
      group = []
    }
    group.push(region)
  }
  if (group.length > 0) segments.push(joinRegions(group, memoryMap))
  return segments
}

function checkRegion({ name, address, bytes, writable }: ElfRegion, memoryMap: MemoryMap): void {
  if (isInRam(memoryMap, address, bytes.length)) return
  const isInRom = rangeContains(memoryMap.rom, address, bytes.length)
  if (isInRom && !writable) return
  const place = `${name} at ${hex(address)}`
  if (isInRom) {
    throw elfError('ELF_WRITABLE_OUTSIDE_RAM', `writable data expected in RAM, got ${place}`, {
      where: name,
      remedy: REMEDY,
    })
  }
  const { rom, ram } = memoryMap
  const expected = `ROM ${hex(rom.start)} or RAM ${hex(ADDRESS.output)} to ${hex(ram.start + ram.size)}`
  throw elfError('ELF_OUT_OF_REGION', `memory expected in ${expected}, got ${place}, ${bytes.length} bytes`, {
    where: name,
    remedy: REMEDY,
  })
}

/** Whether a range lies in RAM above the area that the machine itself uses (registers, UART, CSRs). */
export function isInRam(memoryMap: MemoryMap, address: number, size: number): boolean {
  return address >= ADDRESS.output && rangeContains(memoryMap.ram, address, size)
}

function joinRegions(group: readonly ElfRegion[], memoryMap: MemoryMap): DataSegment {
  const first = group[0]!
  const last = group.at(-1)!
  const unit = unitOf(first, memoryMap)
  const address = alignDown(first.address, unit)
  const bytes = new Uint8Array(alignUp(last.address + last.bytes.length, unit) - address)
  for (const region of group) bytes.set(region.bytes, region.address - address)
  return { address, writable: isInRam(memoryMap, first.address, 1), bytes }
}

const unitOf = ({ address }: ElfRegion, memoryMap: MemoryMap): number => (isInRam(memoryMap, address, 1) ? WORD : LINE)
const alignDown = (address: number, unit: number): number => address - (address % unit)
const alignUp = (address: number, unit: number): number => alignDown(address + unit - 1, unit)
