/**
 * From an ELF image to a ZisK ROM.
 */

import {
  ADDRESS,
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
import { instruction, type Mnemonic } from '../decode/instruction.ts'
import type { ElfImage, ElfRegion } from '../elf/elf-image.ts'
import { elfError } from '../errors.ts'
import { biosInstructions } from './bios.ts'
import { createDataSegments, isInRam } from './data-segments.ts'
import { illegal, type Lowering, lui } from './lower-computation.ts'
import { createLowerings } from './lowerings.ts'
import { OVERFLOW_OFFSET } from './micro-op.ts'

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

  const codeBytes = code.reduce((sum, region) => sum + region.bytes.length, 0)
  const builder = new InstructionTableBuilder(Math.ceil(codeBytes / SHORTEST_INSTRUCTION_BYTES))
  const translator = new Translator(builder, memoryMap)
  translator.append(biosInstructions({ memoryMap, exitMode, entry }), 0)
  const starts = new Set([...elf.symbols.functionAddresses(), entry])
  for (const region of code) translateRegion(region, starts, translator)
  translator.finish()
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

const SHORTEST_INSTRUCTION_BYTES = 2
/** The memo has a slot for every 16-bit encoding and as many again, hashed, for 32-bit ones. */
const MEMO_BITS = 17
const HALF_MEMO_BITS = 16
/** 2^32 divided by the golden ratio: spreads encodings over the slots. */
const GOLDEN = 0x9e3779b1

const AUIPC = 0x17

/**
 * Whether an encoding is an `auipc` whose result is negative or has more than 32 bits. What `storePc` stores is one limb
 * of 32 bits for the proof, so such an instruction becomes a copy of its result.
 */
function isFarAuipc(word: number, pc: number): boolean {
  const target = pc + (word & 0xffff_f000)
  return (word & 0x7f) === AUIPC && (target < 0 || target >= 2 ** 32)
}

/**
 * Appends the ZisK instructions of encodings to a table.
 *
 * The mapping does not depend on the pc and programs repeat encodings, so rows made before are copied where possible;
 * remembering rows rather than objects leaves the garbage collector alone.
 */
class Translator {
  readonly #builder: InstructionTableBuilder
  readonly #lowerings: Readonly<Record<Mnemonic, Lowering>>
  /** Direct-mapped memo: encoding, its first row, its number of rows (0 is an empty slot). */
  readonly #words = new Uint32Array(1 << MEMO_BITS)
  readonly #rows = new Uint32Array(1 << MEMO_BITS)
  readonly #counts = new Uint8Array(1 << MEMO_BITS)
  /** Instructions without room behind their RISC-V instruction, and where the next one goes. */
  readonly #overflow: RomInstruction[] = []
  #overflowPc = ADDRESS.expansionOverflow

  constructor(builder: InstructionTableBuilder, memoryMap: MemoryMap) {
    this.#builder = builder
    this.#lowerings = createLowerings(memoryMap)
  }

  /** Appends a 16- or 32-bit encoding at a pc. */
  translate(word: number, pc: number): void {
    if (isFarAuipc(word, pc)) {
      const inst = decode(word)
      this.append(lui({ ...inst, imm: pc + inst.imm }), pc)
      return
    }
    const slot = isCompressed(word) ? word : (1 << HALF_MEMO_BITS) | (Math.imul(word, GOLDEN) >>> HALF_MEMO_BITS)
    const count = this.#counts[slot]!
    if (count !== 0 && this.#words[slot] === word) {
      this.#builder.repeat(this.#rows[slot]!, count, pc)
      return
    }
    const inst = decode(word)
    this.#words[slot] = word
    this.#rows[slot] = this.#builder.length
    this.#counts[slot] = this.append(this.#lowerings[inst.mnemonic](inst), pc)
  }

  /** Appends instructions with relative pcs; returns how many may be copied to another pc, 0 for none. */
  append(instructions: readonly RomInstruction[], pc: number): number {
    const last = instructions.at(-1)!
    if (pc === 0 || last.pc !== OVERFLOW_OFFSET) {
      for (const inst of instructions) this.#builder.push(inst, pc)
      return instructions.length
    }
    // The last one has no room behind the RISC-V instruction: the one before jumps to it, and it jumps back.
    const by = this.#overflowPc - (pc + last.pc)
    const before = instructions.at(-2)!
    for (const inst of instructions.slice(0, -2)) this.#builder.push(inst, pc)
    this.#builder.push(goOn(before, by), pc)
    this.#overflow.push({ ...goOn(last, -by), pc: this.#overflowPc })
    this.#overflowPc += 2
    return 0
  }

  /** Appends the instructions that had no room. */
  finish(): void {
    for (const inst of this.#overflow) this.#builder.push(inst)
  }
}

/** The instruction with its jumps moved. */
function goOn(inst: RomInstruction, by: number): RomInstruction {
  return { ...inst, jmpOffset1: inst.jmpOffset1 + by, jmpOffset2: inst.jmpOffset2 + by }
}

/**
 * Translates one instruction after the other from the region's start. Data between functions may put this out of step;
 * an instruction that would reach over a known start is cut there.
 *
 * @param starts addresses where an instruction starts for certain
 */
function translateRegion(region: ElfRegion, starts: ReadonlySet<number>, translator: Translator): void {
  const { address, bytes } = region
  let at = address % 2
  while (at + 2 <= bytes.length) {
    const half = bytes[at]! | (bytes[at + 1]! << 8)
    const pc = address + at
    if (isCompressed(half)) {
      translator.translate(half, pc)
      at += 2
    } else if (at + 4 <= bytes.length && !starts.has(pc + 2)) {
      translator.translate((half | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0, pc)
      at += 4
    } else {
      translator.append(illegal(instruction('illegal', { word: half, size: 2 })), pc)
      at += 2
    }
  }
}
