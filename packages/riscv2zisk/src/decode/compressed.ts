/**
 * C: 16-bit instructions, expanded to the instruction that each abbreviates.
 *
 * HINT encodings expand to instructions that write x0, which do nothing. Reserved encodings are illegal.
 * Source: RISC-V unprivileged ISA, chapter "C", tables "Instruction listing for RVC, Quadrant 0 to 2".
 */

import { type DecodedInstruction, illegal, instruction, type Mnemonic } from './instruction.ts'

const SP = 2
const RA = 1

/** Bits `[low, low + width)` of the halfword, moved to bit `to`. */
const bits = (half: number, low: number, width: number, to = 0): number => ((half >>> low) & ((1 << width) - 1)) << to
const signExtend = (value: number, width: number): number => (value << (32 - width)) >> (32 - width)

const rdFull = (half: number): number => bits(half, 7, 5)
const rs2Full = (half: number): number => bits(half, 2, 5)
/** Three-bit register fields name x8..x15. */
const rdShort = (half: number): number => 8 + bits(half, 2, 3)
const rs1Short = (half: number): number => 8 + bits(half, 7, 3)

// Immediates, named after their formats.
const immediateCi = (half: number): number => signExtend(bits(half, 12, 1, 5) | bits(half, 2, 5), 6)
const shiftAmount = (half: number): number => bits(half, 12, 1, 5) | bits(half, 2, 5)
const immediateAddi4spn = (half: number): number =>
  bits(half, 11, 2, 4) | bits(half, 7, 4, 6) | bits(half, 6, 1, 2) | bits(half, 5, 1, 3)
const immediateAddi16sp = (half: number): number =>
  signExtend(
    bits(half, 12, 1, 9) | bits(half, 6, 1, 4) | bits(half, 5, 1, 6) | bits(half, 3, 2, 7) | bits(half, 2, 1, 5),
    10,
  )
const offsetWord = (half: number): number => bits(half, 10, 3, 3) | bits(half, 6, 1, 2) | bits(half, 5, 1, 6)
const offsetDouble = (half: number): number => bits(half, 10, 3, 3) | bits(half, 5, 2, 6)
const offsetLwsp = (half: number): number => bits(half, 12, 1, 5) | bits(half, 4, 3, 2) | bits(half, 2, 2, 6)
const offsetLdsp = (half: number): number => bits(half, 12, 1, 5) | bits(half, 5, 2, 3) | bits(half, 2, 3, 6)
const offsetSwsp = (half: number): number => bits(half, 9, 4, 2) | bits(half, 7, 2, 6)
const offsetSdsp = (half: number): number => bits(half, 10, 3, 3) | bits(half, 7, 3, 6)
const offsetBranch = (half: number): number =>
  signExtend(
    bits(half, 12, 1, 8) | bits(half, 10, 2, 3) | bits(half, 5, 2, 6) | bits(half, 3, 2, 1) | bits(half, 2, 1, 5),
    9,
  )
const offsetJump = (half: number): number =>
  signExtend(
    bits(half, 12, 1, 11) |
      bits(half, 11, 1, 4) |
      bits(half, 9, 2, 8) |
      bits(half, 8, 1, 10) |
      bits(half, 7, 1, 6) |
      bits(half, 6, 1, 7) |
      bits(half, 3, 3, 1) |
      bits(half, 2, 1, 5),
    12,
  )

/** Decodes a halfword whose low two bits are not 11. */
export function decodeCompressed(half: number): DecodedInstruction {
  const funct3 = half >>> 13
  switch (half & 3) {
    case 0:
      return quadrant0(half, funct3)
    case 1:
      return quadrant1(half, funct3)
    default:
      return quadrant2(half, funct3)
  }
}

function quadrant0(half: number, funct3: number): DecodedInstruction {
  const word = half
  const size = 2
  const rs1 = rs1Short(half)
  const rd = rdShort(half)
  switch (funct3) {
    case 0: {
      const imm = immediateAddi4spn(half)
      // Covers the all-zero halfword, which is illegal by definition.
      return imm === 0 ? illegal(half, 2) : instruction('addi', { word, size, rd, rs1: SP, imm })
    }
    case 2:
      return instruction('lw', { word, size, rd, rs1, imm: offsetWord(half) })
    case 3:
      return instruction('ld', { word, size, rd, rs1, imm: offsetDouble(half) })
    case 6:
      return instruction('sw', { word, size, rs1, rs2: rd, imm: offsetWord(half) })
    case 7:
      return instruction('sd', { word, size, rs1, rs2: rd, imm: offsetDouble(half) })
    case 1: // c.fld
    case 5: // c.fsd
      return instruction('float', { word, size })
    default:
      return illegal(half, 2)
  }
}

function quadrant1(half: number, funct3: number): DecodedInstruction {
  const word = half
  const size = 2
  const rd = rdFull(half)
  const imm = immediateCi(half)
  switch (funct3) {
    case 0: // c.nop and c.addi
      return instruction('addi', { word, size, rd, rs1: rd, imm })
    case 1:
      return rd === 0 ? illegal(half, 2) : instruction('addiw', { word, size, rd, rs1: rd, imm })
    case 2:
      return instruction('addi', { word, size, rd, imm })
    case 3:
      if (imm === 0) return illegal(half, 2)
      return rd === SP
        ? instruction('addi', { word, size, rd, rs1: SP, imm: immediateAddi16sp(half) })
        : instruction('lui', { word, size, rd, imm: imm << 12 })
    case 4:
      return arithmetic(half)
    case 5:
      return instruction('jal', { word, size, imm: offsetJump(half) })
    case 6:
      return instruction('beq', { word, size, rs1: rs1Short(half), imm: offsetBranch(half) })
    default:
      return instruction('bne', { word, size, rs1: rs1Short(half), imm: offsetBranch(half) })
  }
}

/** Names by bits 12 and 6:5. */
const REGISTER_NAMES: readonly (Mnemonic | undefined)[] = [
  'sub',
  'xor',
  'or',
  'and',
  'subw',
  'addw',
  undefined,
  undefined,
]

function arithmetic(half: number): DecodedInstruction {
  const word = half
  const size = 2
  const rd = rs1Short(half)
  switch (bits(half, 10, 2)) {
    case 0:
      return instruction('srli', { word, size, rd, rs1: rd, imm: shiftAmount(half) })
    case 1:
      return instruction('srai', { word, size, rd, rs1: rd, imm: shiftAmount(half) })
    case 2:
      return instruction('andi', { word, size, rd, rs1: rd, imm: immediateCi(half) })
    default: {
      const mnemonic = REGISTER_NAMES[bits(half, 12, 1, 2) | bits(half, 5, 2)]
      if (mnemonic === undefined) return illegal(half, 2)
      return instruction(mnemonic, { word, size, rd, rs1: rd, rs2: rdShort(half) })
    }
  }
}

function quadrant2(half: number, funct3: number): DecodedInstruction {
  const word = half
  const size = 2
  const rd = rdFull(half)
  switch (funct3) {
    case 0:
      return instruction('slli', { word, size, rd, rs1: rd, imm: shiftAmount(half) })
    case 2:
      return rd === 0 ? illegal(half, 2) : instruction('lw', { word, size, rd, rs1: SP, imm: offsetLwsp(half) })
    case 3:
      return rd === 0 ? illegal(half, 2) : instruction('ld', { word, size, rd, rs1: SP, imm: offsetLdsp(half) })
    case 4:
      return moveOrJump(half)
    case 6:
      return instruction('sw', { word, size, rs1: SP, rs2: rs2Full(half), imm: offsetSwsp(half) })
    case 7:
      return instruction('sd', { word, size, rs1: SP, rs2: rs2Full(half), imm: offsetSdsp(half) })
    default: // 1: c.fldsp, 5: c.fsdsp
      return instruction('float', { word, size })
  }
}

function moveOrJump(half: number): DecodedInstruction {
  const word = half
  const size = 2
  const rd = rdFull(half)
  const rs2 = rs2Full(half)
  if (bits(half, 12, 1) === 0) {
    if (rs2 !== 0) return instruction('add', { word, size, rd, rs2 })
    return rd === 0 ? illegal(half, 2) : instruction('jalr', { word, size, rs1: rd })
  }
  if (rs2 !== 0) return instruction('add', { word, size, rd, rs1: rd, rs2 })
  return rd === 0 ? instruction('ebreak', { word, size }) : instruction('jalr', { word, size, rd: RA, rs1: rd })
}
