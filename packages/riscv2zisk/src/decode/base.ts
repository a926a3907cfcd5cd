/**
 * RV64I and Zifencei.
 *
 * Source: RISC-V unprivileged ISA, chapters "RV32I", "RV64I", "Zifencei" and the opcode listings.
 */

import {
  type DecodedInstruction,
  funct3Of,
  funct7Of,
  illegal,
  instruction,
  type Mnemonic,
  rdOf,
  rs1Of,
  rs2Of,
} from './instruction.ts'

type Names = readonly (Mnemonic | undefined)[]

// Names by funct3.
const LOADS: Names = ['lb', 'lh', 'lw', 'ld', 'lbu', 'lhu', 'lwu']
const STORES: Names = ['sb', 'sh', 'sw', 'sd']
const BRANCHES: Names = ['beq', 'bne', undefined, undefined, 'blt', 'bge', 'bltu', 'bgeu']
const IMMEDIATES: Names = ['addi', undefined, 'slti', 'sltiu', 'xori', undefined, 'ori', 'andi']

// Names by funct3, for each value of funct7.
const REGISTERS: Readonly<Record<number, Names>> = {
  0: ['add', 'sll', 'slt', 'sltu', 'xor', 'srl', 'or', 'and'],
  32: ['sub', undefined, undefined, undefined, undefined, 'sra'],
}
const REGISTERS_32: Readonly<Record<number, Names>> = {
  0: ['addw', 'sllw', undefined, undefined, undefined, 'srlw'],
  32: ['subw', undefined, undefined, undefined, undefined, 'sraw'],
}
// Names by funct3 of shifts by an immediate, for each value of the bits above the shift amount (6 and 5 bits wide).
const SHIFTS: Readonly<Record<number, Names>> = {
  0: [undefined, 'slli', undefined, undefined, undefined, 'srli'],
  16: [undefined, undefined, undefined, undefined, undefined, 'srai'],
}
const SHIFTS_32: Readonly<Record<number, Names>> = {
  0: [undefined, 'slliw', undefined, undefined, undefined, 'srliw'],
  32: [undefined, undefined, undefined, undefined, undefined, 'sraiw'],
}

const immediateI = (word: number): number => word >> 20
const immediateS = (word: number): number => ((word >> 25) << 5) | ((word >>> 7) & 31)
const immediateB = (word: number): number =>
  ((word >> 31) << 12) | ((word << 4) & 0x800) | ((word >>> 20) & 0x7e0) | ((word >>> 7) & 0x1e)
const immediateU = (word: number): number => word & ~0xfff
const immediateJ = (word: number): number =>
  ((word >> 31) << 20) | (word & 0xff000) | ((word >>> 9) & 0x800) | ((word >>> 20) & 0x7fe)

export function decodeLoad(word: number): DecodedInstruction {
  return withImmediate(LOADS[funct3Of(word)], word, immediateI(word))
}

export function decodeStore(word: number): DecodedInstruction {
  const mnemonic = STORES[funct3Of(word)]
  if (mnemonic === undefined) return illegal(word, 4)
  return instruction(mnemonic, { word, size: 4, rs1: rs1Of(word), rs2: rs2Of(word), imm: immediateS(word) })
}

export function decodeBranch(word: number): DecodedInstruction {
  const mnemonic = BRANCHES[funct3Of(word)]
  if (mnemonic === undefined) return illegal(word, 4)
  return instruction(mnemonic, { word, size: 4, rs1: rs1Of(word), rs2: rs2Of(word), imm: immediateB(word) })
}

export function decodeJal(word: number): DecodedInstruction {
  return instruction('jal', { word, size: 4, rd: rdOf(word), imm: immediateJ(word) })
}

export function decodeJalr(word: number): DecodedInstruction {
  return withImmediate(funct3Of(word) === 0 ? 'jalr' : undefined, word, immediateI(word))
}

export function decodeLui(word: number): DecodedInstruction {
  return instruction('lui', { word, size: 4, rd: rdOf(word), imm: immediateU(word) })
}

export function decodeAuipc(word: number): DecodedInstruction {
  return instruction('auipc', { word, size: 4, rd: rdOf(word), imm: immediateU(word) })
}

export function decodeImmediate(word: number): DecodedInstruction {
  const funct3 = funct3Of(word)
  if (funct3 === 1 || funct3 === 5) return withImmediate(SHIFTS[word >>> 26]?.[funct3], word, (word >>> 20) & 63)
  return withImmediate(IMMEDIATES[funct3], word, immediateI(word))
}

export function decodeImmediate32(word: number): DecodedInstruction {
  const funct3 = funct3Of(word)
  if (funct3 === 0) return withImmediate('addiw', word, immediateI(word))
  return withImmediate(SHIFTS_32[funct7Of(word)]?.[funct3], word, (word >>> 20) & 31)
}

export function decodeRegister(word: number): DecodedInstruction {
  return withRegisters(REGISTERS[funct7Of(word)]?.[funct3Of(word)], word)
}

export function decodeRegister32(word: number): DecodedInstruction {
  return withRegisters(REGISTERS_32[funct7Of(word)]?.[funct3Of(word)], word)
}

/** The unused fields of both fences are reserved for finer fences, which implementations treat as plain ones. */
export function decodeFence(word: number): DecodedInstruction {
  const funct3 = funct3Of(word)
  if (funct3 === 0) return instruction('fence', { word, size: 4 })
  return funct3 === 1 ? instruction('fence.i', { word, size: 4 }) : illegal(word, 4)
}

/** A register-register instruction, illegal without a mnemonic. */
export function withRegisters(mnemonic: Mnemonic | undefined, word: number): DecodedInstruction {
  if (mnemonic === undefined) return illegal(word, 4)
  return instruction(mnemonic, { word, size: 4, rd: rdOf(word), rs1: rs1Of(word), rs2: rs2Of(word) })
}

function withImmediate(mnemonic: Mnemonic | undefined, word: number, imm: number): DecodedInstruction {
  if (mnemonic === undefined) return illegal(word, 4)
  return instruction(mnemonic, { word, size: 4, rd: rdOf(word), rs1: rs1Of(word), imm })
}
