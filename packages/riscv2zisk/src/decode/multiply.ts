/**
 * M: integer multiplication and division. Source: RISC-V unprivileged ISA, chapter "M".
 */

import { withRegisters } from './base.ts'
import { type DecodedInstruction, funct3Of, type Mnemonic } from './instruction.ts'

/** Value of funct7 that selects M in the opcodes OP and OP-32. */
export const FUNCT7_MULTIPLY = 1

const NAMES: readonly Mnemonic[] = ['mul', 'mulh', 'mulhsu', 'mulhu', 'div', 'divu', 'rem', 'remu']
const NAMES_32: readonly (Mnemonic | undefined)[] = [
  'mulw',
  undefined,
  undefined,
  undefined,
  'divw',
  'divuw',
  'remw',
  'remuw',
]

export function decodeMultiply(word: number): DecodedInstruction {
  return withRegisters(NAMES[funct3Of(word)], word)
}

export function decodeMultiply32(word: number): DecodedInstruction {
  return withRegisters(NAMES_32[funct3Of(word)], word)
}
