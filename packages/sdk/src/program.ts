/** A program ready to run: the validated ELF and its ROM. */

import { type ExitMode, hex, type MemoryMapName, type ZiskRom } from '@zisk/core'
import { type ElfImage, readElf, transpile } from '@zisk/riscv2zisk'

/** How to load a program. */
export interface LoadProgramOptions {
  /** Memory map of the guest; found from its code when absent, v0.18 where the code does not tell. */
  readonly memoryMap?: MemoryMapName | undefined
  /** Whether `a0` at exit is published; by the ELF's ABI note when absent. */
  readonly exitMode?: ExitMode | undefined
}

/** A loaded program. Immutable; may be run any number of times, also at once. */
export interface Program {
  readonly elf: ElfImage
  readonly rom: ZiskRom
  /** How the memory map was chosen. */
  readonly memoryMapFrom: 'option' | 'code' | 'default'
}

/**
 * Validates and transpiles an ELF file.
 *
 * @throws {ElfError} when the bytes are no static RV64 executable for the memory map
 */
export function loadProgram(bytes: Uint8Array, options: LoadProgramOptions = {}): Program {
  const elf = readElf(bytes)
  const detected = elf.detectedMemoryMap === undefined ? 'default' : 'code'
  return { elf, rom: transpile(elf, options), memoryMapFrom: options.memoryMap === undefined ? detected : 'option' }
}

/** Where a pc lies in the source of a program, as far as its ELF tells. */
export interface CodeLocation {
  readonly pc: number
  readonly symbol?: string
  /** Bytes from the start of the symbol. */
  readonly offset?: number
  readonly file?: string
  readonly line?: number
}

/** Looks a pc up in the symbols and line table. */
export function locate(program: Program, pc: number): CodeLocation {
  const hit = program.elf.symbols.enclosing(pc)
  const source = program.elf.sourceLocation(pc)
  return {
    pc,
    ...(hit === undefined ? {} : { symbol: hit.symbol.name, offset: hit.offset }),
    ...(source === undefined ? {} : { file: source.file, line: source.line }),
  }
}

/** Text of a location: `0x80000012 in main+0x2 (main.c:7)`. */
export function formatLocation({ pc, symbol, offset = 0, file, line }: CodeLocation): string {
  const inSymbol = symbol === undefined ? '' : ` in ${symbol}${offset === 0 ? '' : `+${hex(offset)}`}`
  const inFile = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`
  return `${hex(pc)}${inSymbol}${inFile}`
}
