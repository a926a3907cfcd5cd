/**
 * What every well-formed ROM fulfils, however it was made. Decoders check it, so that two different encodings never
 * mean the same program and consumers may rely on it.
 */

import { hex } from '../errors.ts'
import { opcodeByCode } from '../isa/opcodes.ts'
import { ADDRESS, type AddressRange, rangeContains } from '../memory-map.ts'
import { FLAG, operationFlags } from './instruction.ts'
import type { InstructionColumns } from './instruction-table.ts'
import { type RomError, romError } from './rom-error.ts'
import type { DataSegment, ZiskRom } from './zisk-rom.ts'

const A_SOURCES = FLAG.A_IMM | FLAG.A_MEM | FLAG.A_REG
const B_SOURCES = FLAG.B_IMM | FLAG.B_MEM | FLAG.B_IND | FLAG.B_REG
const STORES = FLAG.STORE_MEM | FLAG.STORE_IND | FLAG.STORE_REG
const OPERATION = FLAG.ONE | FLAG.PRECOMPILED | FLAG.EXTERNAL | FLAG.M32

/**
 * Checks a ROM whose columns have equal lengths and ascending pcs.
 *
 * @throws {RomError} naming the first violation
 */
export function validateRom(rom: ZiskRom): void {
  const { columns, length } = rom.instructions
  for (let row = 0; row < length; row++) {
    const fault = findInstructionFault(columns, row)
    if (fault !== undefined) {
      throw romError('ROM_BAD_INSTRUCTION', fault, `instruction at ${hex(columns.pc[row]!)}`)
    }
  }
  for (const [name, pc] of [
    ['ROM entry', ADDRESS.romEntry],
    ['ROM exit', ADDRESS.romExit],
    ['entry point', rom.entry],
  ] as const) {
    if (rom.instructions.rowOf(pc) < 0)
      throw romError('ROM_BAD_HEADER', `${name} expected an instruction, got none`, hex(pc))
  }
  validateData(rom)
  validateCodeInRam(rom)
}

/** Read-only memory enters a proof by lines: a program that had a part of one would read more there than it defines. */
const READ_ONLY_LINE_BYTES = 32

const isSingleBit = (flags: number): boolean => (flags & (flags - 1)) === 0
const isRegister = (value: number): boolean => value >= 1 && value <= 31

/** The first rule that an instruction breaks, or `undefined`. */
function findInstructionFault(c: InstructionColumns, row: number): string | undefined {
  const flags = c.flags[row]!
  const op = c.op[row]!
  if (opcodeByCode(op) === undefined) return `opcode expected a known one, got ${hex(op)}`
  if ((flags & OPERATION) !== operationFlags(op)) return `flags expected those of opcode ${hex(op)}, got ${hex(flags)}`
  if (!isSingleBit(flags & A_SOURCES) || !isSingleBit(flags & B_SOURCES) || !isSingleBit(flags & STORES)) {
    return `flags expected one source per operand and one destination, got ${hex(flags)}`
  }
  const aFault = findOperandFault('a', {
    isImmediate: (flags & FLAG.A_IMM) !== 0,
    isRegister: (flags & FLAG.A_REG) !== 0,
    isLast: (flags & A_SOURCES) === 0,
    low: c.aLow[row]!,
    high: c.aHigh[row]!,
  })
  const bFault = findOperandFault('b', {
    isImmediate: (flags & FLAG.B_IMM) !== 0,
    isRegister: (flags & FLAG.B_REG) !== 0,
    isLast: (flags & B_SOURCES) === 0,
    low: c.bLow[row]!,
    high: c.bHigh[row]!,
  })
  return aFault ?? bFault ?? findStoreFault(c, row, flags)
}

interface OperandFields {
  readonly isImmediate: boolean
  readonly isRegister: boolean
  readonly isLast: boolean
  readonly low: number
  readonly high: number
}

function findOperandFault(name: string, operand: OperandFields): string | undefined {
  const { isImmediate, low, high } = operand
  if (!isImmediate && high !== 0) return `high word of ${name} expected 0, got ${hex(high)}`
  if (operand.isRegister && !isRegister(low)) return `register of ${name} expected 1..31, got ${low}`
  return operand.isLast && low !== 0 ? `unused field of ${name} expected 0, got ${hex(low)}` : undefined
}

function findStoreFault(c: InstructionColumns, row: number, flags: number): string | undefined {
  const offset = c.storeOffset[row]!
  const width = c.indWidth[row]!
  const isIndirect = (flags & (FLAG.B_IND | FLAG.STORE_IND)) !== 0
  if (isIndirect ? ![1, 2, 4, 8].includes(width) : width !== 0) {
    return `width of an ${isIndirect ? 'indirect access expected 1, 2, 4 or 8' : 'instruction without one expected 0'}, got ${width}`
  }
  if ((flags & FLAG.STORE_REG) !== 0 && !isRegister(offset)) return `stored register expected 1..31, got ${offset}`
  if ((flags & STORES) === 0 && (offset !== 0 || (flags & FLAG.STORE_PC) !== 0)) {
    return `store fields of an instruction that stores nothing expected 0, got offset ${offset}`
  }
  return undefined
}

function validateData({ data, memoryMap }: ZiskRom): void {
  let end = 0
  for (const segment of data) {
    const { address, writable, bytes } = segment
    const fault = (message: string) => badData(segment, message)
    const unit = writable ? 8 : READ_ONLY_LINE_BYTES
    if (address % unit !== 0 || bytes.length % unit !== 0 || bytes.length === 0)
      throw fault(`whole units of ${unit} bytes`)
    if (address < end) throw fault('ascending disjoint addresses')
    const region = writable ? memoryMap.ram : memoryMap.rom
    if (!rangeContains(region, address, bytes.length)) throw fault(writable ? 'addresses in RAM' : 'addresses in ROM')
    end = address + bytes.length
  }
}

function badData({ address, bytes }: DataSegment, expected: string): RomError {
  return romError('ROM_BAD_DATA', `data segment expected ${expected}, got ${bytes.length} bytes`, hex(address))
}

function validateCodeInRam({ codeInRam, memoryMap }: ZiskRom): void {
  let end = 0
  for (const { start, size } of codeInRam satisfies readonly AddressRange[]) {
    if (size === 0 || start < end || !rangeContains(memoryMap.ram, start, size)) {
      throw romError('ROM_BAD_DATA', `code in RAM expected ascending ranges in RAM, got ${size} bytes`, hex(start))
    }
    end = start + size
  }
}
