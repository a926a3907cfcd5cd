/**
 * Lookup of source lines that reads the debug information only when first asked.
 */

import type { ElfSection } from '../elf/elf-image.ts'
import { ByteReader } from './byte-reader.ts'
import { type LineTable, lookUpLine, readLineTable, type SourceLocation } from './line-table.ts'

/** A function from pc to source line; without usable debug information it always answers `undefined`. */
export function createSourceLocator(
  file: Uint8Array,
  sections: readonly ElfSection[],
): (pc: number) => SourceLocation | undefined {
  let table: LineTable | undefined
  return (pc) => {
    table ??= readLineTable({
      line: new ByteReader(contents(file, sections, '.debug_line')),
      lineStrings: contents(file, sections, '.debug_line_str'),
      strings: contents(file, sections, '.debug_str'),
    })
    return lookUpLine(table, pc)
  }
}

/** Bytes of a debug section, empty when it is absent, compressed or cut off. */
function contents(file: Uint8Array, sections: readonly ElfSection[], name: string): Uint8Array {
  const section = sections.find((candidate) => candidate.name === name)
  const usable = section !== undefined && !section.compressed && section.offset + section.size <= file.length
  return usable ? file.subarray(section.offset, section.offset + section.size) : new Uint8Array(0)
}
