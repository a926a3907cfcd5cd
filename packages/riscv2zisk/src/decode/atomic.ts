/**
 * A: atomic memory operations. The ordering bits aq and rl do not matter to a machine with one hart.
 *
 * Source: RISC-V unprivileged ISA, chapter "A".
 */

import { withRegisters } from './base.ts'
import { type DecodedInstruction, funct3Of, illegal, type Mnemonic, rs2Of } from './instruction.ts'

type Pair = readonly [word: Mnemonic, double: Mnemonic]

const LOAD_RESERVED = 2
/** Names for 4 and 8 bytes by funct5. */
const NAMES: Readonly<Record<number, Pair>> = {
  0: ['amoadd.w', 'amoadd.d'],
  1: ['amoswap.w', 'amoswap.d'],
  [LOAD_RESERVED]: ['lr.w', 'lr.d'],
  3: ['sc.w', 'sc.d'],
  4: ['amoxor.w', 'amoxor.d'],
  8: ['amoor.w', 'amoor.d'],
  12: ['amoand.w', 'amoand.d'],
  16: ['amomin.w', 'amomin.d'],
  20: ['amomax.w', 'amomax.d'],
  24: ['amominu.w', 'amominu.d'],
  28: ['amomaxu.w', 'amomaxu.d'],
}

export function decodeAtomic(word: number): DecodedInstruction {
  const funct3 = funct3Of(word)
  const funct5 = word >>> 27
  if (funct3 !== 2 && funct3 !== 3) return illegal(word, 4)
  if (funct5 === LOAD_RESERVED && rs2Of(word) !== 0) return illegal(word, 4)
  return withRegisters(NAMES[funct5]?.[funct3 - 2], word)
}
