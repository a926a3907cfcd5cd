/**
 * Symbols of an ELF file, for messages, profiles and disassembly. Damaged symbols are skipped, never fatal.
 */

import { demangle } from './demangle.ts'
import type { ElfRegion, ElfSection } from './elf-image.ts'

/** One symbol. */
export interface ElfSymbol {
  /** Readable name; {@link ElfSymbol.linkageName} demangled. */
  readonly name: string
  /** Name in the file. */
  readonly linkageName: string
  readonly address: number
  /** Bytes, 0 when the file does not say (assembly labels). */
  readonly size: number
  readonly kind: 'function' | 'object' | 'label'
  readonly global: boolean
}

/** The symbol that contains an address, and how far into it the address lies. */
export interface SymbolHit {
  readonly symbol: ElfSymbol
  readonly offset: number
}

const ENTRY_BYTES = 24
/** Ten times what the largest programs have. */
const MAX_SYMBOLS = 1 << 21
const MAX_NAME_BYTES = 4096
/** Symbols looked at before the nearest one, so that an outer function is found behind a nested label. */
const MAX_STEPS_BACK = 64

const TYPE = { none: 0, object: 1, function: 2 } as const

interface SymbolSource {
  readonly file: Uint8Array
  readonly sections: readonly ElfSection[]
  readonly regions: readonly ElfRegion[]
}

/** Reads `.symtab`; a file without one has an empty table. */
export function readSymbols({ file, sections, regions }: SymbolSource): SymbolTable {
  const table = sections.find((section) => section.type === 'symtab')
  const strings = table === undefined ? undefined : sections[table.link]
  if (table === undefined || strings?.type !== 'strtab') return new SymbolTable(new Uint8Array(0), [])
  if (table.offset + table.size > file.length || strings.offset + strings.size > file.length) {
    return new SymbolTable(new Uint8Array(0), [])
  }
  const names = file.subarray(strings.offset, strings.offset + strings.size)
  const view = new DataView(file.buffer, file.byteOffset + table.offset, table.size)
  const code = regions.filter((region) => region.executable)
  const rows: SymbolRow[] = []
  for (let at = 0; at + ENTRY_BYTES <= table.size && rows.length < MAX_SYMBOLS; at += ENTRY_BYTES) {
    const nameOffset = view.getUint32(at, true)
    const info = view.getUint8(at + 4)
    const type = info & 0xf
    const sectionIndex = view.getUint16(at + 6, true)
    const isKnownType = type === TYPE.none || type === TYPE.object || type === TYPE.function
    if (!isKnownType || sectionIndex === 0 || isUnnamed(names, nameOffset)) continue
    // Addresses are below 2^32 throughout; a symbol above is of no use.
    if (view.getUint32(at + 12, true) !== 0) continue
    const address = view.getUint32(at + 8, true)
    const size = view.getUint32(at + 20, true) === 0 ? view.getUint32(at + 16, true) : 0
    rows.push({ nameOffset, address, size, type, global: info >>> 4 !== 0, inCode: isInside(code, address) })
  }
  return new SymbolTable(names, rows)
}

interface SymbolRow {
  readonly nameOffset: number
  readonly address: number
  readonly size: number
  readonly type: number
  readonly global: boolean
  readonly inCode: boolean
}

/** Empty names, assembler-local labels (`.L`) and mapping symbols (`$x`, `$d`) say nothing to a reader. */
function isUnnamed(names: Uint8Array, offset: number): boolean {
  const first = names[offset]
  return first === undefined || first === 0 || first === 0x24 || (first === 0x2e && names[offset + 1] === 0x4c)
}

/** Whether one of the regions, ascending by address, contains the address. */
function isInside(code: readonly ElfRegion[], address: number): boolean {
  let low = 0
  let high = code.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (code[middle]!.address <= address) low = middle + 1
    else high = middle
  }
  const region = code[low - 1]
  return region !== undefined && address < region.address + region.bytes.length
}

/** Immutable symbol table; names are decoded when asked for. */
export class SymbolTable {
  readonly #names: Uint8Array
  readonly #rows: readonly SymbolRow[]
  /** Symbols in code, ascending by address; of several at one address the most telling comes last. */
  readonly #code: readonly SymbolRow[]

  constructor(names: Uint8Array, rows: readonly SymbolRow[]) {
    this.#names = names
    this.#rows = rows
    this.#code = rows
      .filter((row) => row.inCode && row.type !== TYPE.object)
      .sort((a, b) => a.address - b.address || preference(a) - preference(b) || a.nameOffset - b.nameOffset)
  }

  /** Number of symbols of any kind. */
  get length(): number {
    return this.#rows.length
  }

  /** Functions and labels in code, ascending by address. */
  codeSymbols(): ElfSymbol[] {
    return this.#code.map((row) => this.#toSymbol(row))
  }

  /** Start addresses of functions, ascending. */
  functionAddresses(): number[] {
    return this.#code.filter((row) => row.type === TYPE.function).map((row) => row.address)
  }

  /** First symbol of this linkage name, of any kind. Linear in the size of the table. */
  find(linkageName: string): ElfSymbol | undefined {
    const wanted = new TextEncoder().encode(linkageName)
    const row = this.#rows.find((candidate) => this.#isNamed(candidate, wanted))
    return row === undefined ? undefined : this.#toSymbol(row)
  }

  /**
   * The code symbol that contains this pc: the innermost one whose size covers it, else the nearest label without a
   * size before it. `undefined` in front of all symbols and in a gap behind a sized one.
   */
  enclosing(pc: number): SymbolHit | undefined {
    const last = this.#lastAtOrBefore(pc)
    for (let i = last; i >= 0 && i > last - MAX_STEPS_BACK; i--) {
      const row = this.#code[i]!
      if (row.size !== 0 && pc - row.address < row.size) return this.#hit(row, pc)
    }
    const nearest = this.#code[last]
    return nearest === undefined || nearest.size !== 0 ? undefined : this.#hit(nearest, pc)
  }

  #lastAtOrBefore(pc: number): number {
    let low = 0
    let high = this.#code.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#code[middle]!.address <= pc) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #hit(row: SymbolRow, pc: number): SymbolHit {
    return { symbol: this.#toSymbol(row), offset: pc - row.address }
  }

  #toSymbol(row: SymbolRow): ElfSymbol {
    const kind = row.type === TYPE.function ? 'function' : row.type === TYPE.object ? 'object' : 'label'
    const linkageName = this.#name(row.nameOffset)
    const { address, size, global } = row
    return { name: demangle(linkageName), linkageName, address, size, kind, global }
  }

  #name(offset: number): string {
    const bytes = this.#names.subarray(offset, offset + MAX_NAME_BYTES)
    const end = bytes.indexOf(0)
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
  }

  #isNamed(row: SymbolRow, wanted: Uint8Array): boolean {
    const names = this.#names
    for (let i = 0; i < wanted.length; i++) if (names[row.nameOffset + i] !== wanted[i]) return false
    return (names[row.nameOffset + wanted.length] ?? 0) === 0
  }
}

/** Functions before labels, global before local, sized before unsized. */
function preference(row: SymbolRow): number {
  return (row.type === TYPE.function ? 4 : 0) + (row.global ? 2 : 0) + (row.size > 0 ? 1 : 0)
}
