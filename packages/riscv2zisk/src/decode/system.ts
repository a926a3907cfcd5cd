/**
 * ecall, ebreak and Zicsr. The machine has no privileged instructions.
 *
 * Source: RISC-V unprivileged ISA, chapters "RV32I" and "Zicsr".
 */

import { type DecodedInstruction, funct3Of, illegal, instruction, type Mnemonic, rdOf, rs1Of } from './instruction.ts'

const ECALL = 0x00000073
const EBREAK = 0x00100073

/** Names by funct3; from 5 on the operand is an immediate. */
const CSR_NAMES: readonly (Mnemonic | undefined)[] = [
  undefined,
  'csrrw',
  'csrrs',
  'csrrc',
  undefined,
  'csrrwi',
  'csrrsi',
  'csrrci',
]

export function decodeSystem(word: number): DecodedInstruction {
  if (word === ECALL) return instruction('ecall', { word, size: 4 })
  if (word === EBREAK) return instruction('ebreak', { word, size: 4 })
  const funct3 = funct3Of(word)
  const mnemonic = CSR_NAMES[funct3]
  if (mnemonic === undefined) return illegal(word, 4)
  const operand = funct3 > 4 ? { imm: rs1Of(word) } : { rs1: rs1Of(word) }
  return instruction(mnemonic, { word, size: 4, rd: rdOf(word), csr: word >>> 20, ...operand })
}
