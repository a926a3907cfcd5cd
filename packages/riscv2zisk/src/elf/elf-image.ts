/**
 * What the rest of the toolchain sees of an ELF file.
 */

import type { AddressRange, MemoryMapName } from '@zisk/core'
import type { SourceLocation } from '../debug/line-table.ts'
import type { ElfHeader } from './header.ts'
import type { SymbolTable } from './symbol-table.ts'

/** Bytes that the file places at an address. */
export interface ElfRegion {
  /** Section name, or `PT_LOAD #n` in a file without sections. */
  readonly name: string
  /** First byte address, below 2^32. */
  readonly address: number
  /** A view of the file. */
  readonly bytes: Uint8Array
  readonly executable: boolean
  readonly writable: boolean
}

/** Zero-initialised memory (.bss). */
export interface ElfZeroRange extends AddressRange {
  readonly name: string
}

/** Row of the program header table. */
export interface ElfSegment {
  /** elfy's name of the type (`load`, `note`, ...), or `other`. */
  readonly type: string
  readonly offset: number
  readonly address: number
  readonly fileBytes: number
  readonly memoryBytes: number
  readonly readable: boolean
  readonly writable: boolean
  readonly executable: boolean
}

/** Row of the section header table. */
export interface ElfSection {
  readonly name: string
  /** elfy's name of the type (`progbits`, `nobits`, ...), or the number of an unknown one. */
  readonly type: string
  readonly address: number
  readonly offset: number
  readonly size: number
  readonly link: number
  readonly allocated: boolean
  readonly writable: boolean
  readonly executable: boolean
  readonly threadLocal: boolean
  readonly compressed: boolean
}

/** A validated ELF file: static RV64 executable, little-endian, addresses below 2^32. */
export interface ElfImage {
  readonly header: ElfHeader
  /** Entry point; lies in an executable region. */
  readonly entry: number
  readonly segments: readonly ElfSegment[]
  readonly sections: readonly ElfSection[]
  /** Initialised memory, ascending by address, without overlaps. */
  readonly regions: readonly ElfRegion[]
  /** Zero-initialised memory, ascending by address. */
  readonly zeroRanges: readonly ElfZeroRange[]
  readonly symbols: SymbolTable
  /** Version in `.note.zisk.abi`: the program ends with its exit code in `a0`. `undefined` for a stock ZisK ELF. */
  readonly abiVersion: number | undefined
  /** Memory map that the code was built for, `undefined` when the code does not tell. */
  readonly detectedMemoryMap: MemoryMapName | undefined
  /** Source line of a pc from `.debug_line`, read on first use; `undefined` where there is none or it is damaged. */
  sourceLocation(pc: number): SourceLocation | undefined
}
