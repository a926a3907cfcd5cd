/**
 * From an ELF image to a ZisK ROM.
 */

import {
  type ExitMode,
  hex,
  InstructionTableBuilder,
  MEMORY_MAPS,
  type MemoryMap,
  type MemoryMapName,
  type RomInstruction,
  type ZiskRom,
} from '@zisk/core'
import { decode, isCompressed } from '../decode/decode.ts'
import { instruction } from '../decode/instruction.ts'
import type { ElfImage, ElfRegion } from '../elf/elf-image.ts'
import { elfError } from '../errors.ts'
import { biosInstructions } from './bios.ts'
import { createDataSegments, isInRam } from './data-segments.ts'
import { illegal } from './lower-computation.ts'
import { createLowerings } from './lowerings.ts'

/** Choices that the ELF does not force. */
export interface TranspileOptions {
  /** Memory map of the guest; the detected one, else v0.18, when absent. */
  readonly memoryMap?: MemoryMapName | undefined
  /** Whether the exit code is part of the statement; by the ABI note when absent. */
  readonly exitMode?: ExitMode | undefined
}

/**
 * Maps every RISC-V instruction of the image to ZisK instructions and adds BIOS and data.
 *
 * What cannot run (reserved encodings, floating point, unknown CSRs) becomes a `halt` that faults when executed.
 *
 * @throws {ElfError} when the image does not fit the memory map
 */
export function transpile(elf: ElfImage, options: TranspileOptions = {}): ZiskRom {
  const memoryMap = MEMORY_MAPS[options.memoryMap ?? elf.detectedMemoryMap ?? 'v0.18']
  const exitMode = options.exitMode ?? (elf.abiVersion === undefined ? 'unbound' : 'bound')
  const { entry } = elf
  const data = createDataSegments(elf, memoryMap)
  const code = elf.regions.filter((region) => region.executable)

  const builder = new InstructionTableBuilder()
  for (const inst of biosInstructions({ memoryMap, exitMode, entry })) builder.push(inst)
  const translate = createTranslator(memoryMap)
  const starts = new Set([...elf.symbols.functionAddresses(), entry])
  for (const region of code) translateRegion({ region, starts, translate, builder })
  const instructions = builder.build()
  if (instructions.rowOf(entry) < 0) {
    throw elfError('ELF_BAD_ENTRY', `entry point expected at an instruction, got ${hex(entry)}`, { where: 'e_entry' })
  }
  return {
    memoryMap,
    exitMode,
    entry,
    instructions,
    data,
    codeInRam: code
      .filter((region) => isInRam(memoryMap, region.address, region.bytes.length))
      .map((region) => ({ start: region.address, size: region.bytes.length })),
  }
}

/** ZisK instructions of an encoding, with relative pcs. */
type Translator = (word: number) => readonly RomInstruction[]

const CACHE_BITS = 14

/** The mapping does not depend on the pc and programs repeat encodings, so recent ones are kept. */
function createTranslator(memoryMap: MemoryMap): Translator {
  const lowerings = createLowerings(memoryMap)
  const words = new Uint32Array(1 << CACHE_BITS)
  const results: (readonly RomInstruction[] | undefined)[] = new Array(1 << CACHE_BITS).fill(undefined)
  return (word) => {
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - CACHE_BITS)
    const known = results[slot]
    if (known !== undefined && words[slot] === word) return known
    const inst = decode(word)
    const lowered = lowerings[inst.mnemonic](inst)
    words[slot] = word
    results[slot] = lowered
    return lowered
  }
}

interface CodeRegion {
  readonly region: ElfRegion
  /** Addresses where an instruction starts for certain. */
  readonly starts: ReadonlySet<number>
  readonly translate: Translator
  readonly builder: InstructionTableBuilder
}

/**
 * Translates one instruction after the other from the region's start. Data between functions may put this out of step;
 * an instruction that would reach over a known start is cut there.
 */
function translateRegion({ region, starts, translate, builder }: CodeRegion): void {
  const { address, bytes } = region
  let at = address % 2
  while (at + 2 <= bytes.length) {
    const half = bytes[at]! | (bytes[at + 1]! << 8)
    const pc = address + at
    if (isCompressed(half)) {
      for (const inst of translate(half)) builder.push(inst, pc)
      at += 2
    } else if (at + 4 <= bytes.length && !starts.has(pc + 2)) {
      const word = (half | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
      for (const inst of translate(word)) builder.push(inst, pc)
      at += 4
    } else {
      for (const inst of illegal(instruction('illegal', { word: half, size: 2 }))) builder.push(inst, pc)
      at += 2
    }
  }
}
