/**
 * From an encoding to a decoded instruction: length, then opcode, then the extension's table.
 */

import { decodeAtomic } from './atomic.ts'
import {
  decodeAuipc,
  decodeBranch,
  decodeFence,
  decodeImmediate,
  decodeImmediate32,
  decodeJal,
  decodeJalr,
  decodeLoad,
  decodeLui,
  decodeRegister,
  decodeRegister32,
  decodeStore,
} from './base.ts'
import { decodeCompressed } from './compressed.ts'
import { decodeFloat } from './float.ts'
import { type DecodedInstruction, funct7Of, illegal } from './instruction.ts'
import { decodeMultiply, decodeMultiply32, FUNCT7_MULTIPLY } from './multiply.ts'
import { decodeSystem } from './system.ts'

type Decoder = (word: number) => DecodedInstruction

/** Decoders by bits 6:2 of a 32-bit instruction. */
const DECODERS: readonly (Decoder | undefined)[] = (() => {
  const table: (Decoder | undefined)[] = new Array(32).fill(undefined)
  table[0x00] = decodeLoad
  table[0x01] = decodeFloat
  table[0x03] = decodeFence
  table[0x04] = decodeImmediate
  table[0x05] = decodeAuipc
  table[0x06] = decodeImmediate32
  table[0x08] = decodeStore
  table[0x09] = decodeFloat
  table[0x0b] = decodeAtomic
  table[0x0c] = (word) => (funct7Of(word) === FUNCT7_MULTIPLY ? decodeMultiply(word) : decodeRegister(word))
  table[0x0d] = decodeLui
  table[0x0e] = (word) => (funct7Of(word) === FUNCT7_MULTIPLY ? decodeMultiply32(word) : decodeRegister32(word))
  table[0x10] = decodeFloat
  table[0x11] = decodeFloat
  table[0x12] = decodeFloat
  table[0x13] = decodeFloat
  table[0x14] = decodeFloat
  table[0x18] = decodeBranch
  table[0x19] = decodeJalr
  table[0x1b] = decodeJal
  table[0x1c] = decodeSystem
  return table
})()

/** Whether a halfword is a whole 16-bit instruction. */
export function isCompressed(half: number): boolean {
  return (half & 3) !== 3
}

/**
 * Decodes one instruction. Every encoding decodes: reserved and unknown ones to `illegal`.
 *
 * @param word 16 bits when {@link isCompressed}, else 32 bits, unsigned
 */
export function decode(word: number): DecodedInstruction {
  if (isCompressed(word)) return decodeCompressed(word & 0xffff)
  // Bits 4:2 all set announce encodings longer than 32 bits; none of them has a decoder.
  const decoder = DECODERS[(word >>> 2) & 31]
  return decoder === undefined ? illegal(word, 4) : decoder(word)
}
