/**
 * Classes of memory accesses: where, in which direction, and how the bytes lie in the aligned words. They decide which
 * memory machine proves an access, and what it costs.
 */

import type { MemoryMap } from '@zisk/core'

/** Memory regions in the order of their counters. */
export const REGIONS = ['ram', 'rom', 'input'] as const
export type Region = (typeof REGIONS)[number]

/** Directions in the order of their counters. */
export const DIRECTIONS = ['read', 'write'] as const
export type Direction = (typeof DIRECTIONS)[number]

/**
 * Alignment classes in the order of their counters: a whole aligned word; a byte; 2 or 4 bytes aligned to their width;
 * 2, 4 or 8 bytes that are not, within one aligned word or over two.
 */
export const ALIGNMENTS = ['word', 'byte', 'half', 'quad', 'unaligned', 'crossing'] as const
export type Alignment = (typeof ALIGNMENTS)[number]

/** Number of access counters. */
export const ACCESS_COUNTERS: number = REGIONS.length * DIRECTIONS.length * ALIGNMENTS.length

/** Index of the counter of a class. */
export function accessCounter(region: Region, direction: Direction, alignment: Alignment): number {
  const group = REGIONS.indexOf(region) * DIRECTIONS.length + DIRECTIONS.indexOf(direction)
  return group * ALIGNMENTS.length + ALIGNMENTS.indexOf(alignment)
}

/** Index of a region's first counter of a direction; add the index of the alignment. `address` is below 2^32. */
export function firstAccessCounter(map: MemoryMap, address: number, isWrite: boolean): number {
  const region =
    address >= map.ram.start ? 0 : address >= map.rom.start && address < map.rom.start + map.rom.size ? 1 : 2
  return (region * DIRECTIONS.length + (isWrite ? 1 : 0)) * ALIGNMENTS.length
}

/** Alignment class of an access of `width` bytes at an address with these three low bits. */
export function alignmentOf(offset: number, width: number): Alignment {
  if (width === 1) return 'byte'
  if (offset % width === 0) return width === 8 ? 'word' : width === 4 ? 'quad' : 'half'
  return offset + width <= 8 ? 'unaligned' : 'crossing'
}

/** Index of the alignment class by `width * 8 + offset`, for widths 1, 2, 4 and 8. */
export const ALIGNMENT_INDEX: Uint8Array = Uint8Array.from({ length: 72 }, (_, i) =>
  ALIGNMENTS.indexOf(alignmentOf(i & 7, i >> 3)),
)
