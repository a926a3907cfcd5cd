/**
 * Floating-point instructions as assembly text.
 */

import { floatMnemonic } from './float.ts'
import { type DecodedInstruction, rdOf, rs1Of, rs2Of } from './instruction.ts'
import { registerName } from './register-names.ts'

const floatRegister = (number: number): string => `f${number}`

/** Assembly text of an instruction of F or D; compressed ones show their encoding instead of operands. */
export function floatText({ word, size }: DecodedInstruction): string {
  if (size === 2) return `${compressedMnemonic(word)} # 0x${word.toString(16)}`
  const name = floatMnemonic(word) ?? '.word'
  const opcode = word & 0x7f
  if (opcode === 0x07) return `${name} ${floatRegister(rdOf(word))},${word >> 20}(${registerName(rs1Of(word))})`
  if (opcode === 0x27) {
    const offset = ((word >> 25) << 5) | rdOf(word)
    return `${name} ${floatRegister(rs2Of(word))},${offset}(${registerName(rs1Of(word))})`
  }
  const isIntegerResult = /^(fle|flt|feq|fclass|fmv\.x|fcvt\.[wl])/.test(name)
  const isIntegerSource = /^(fmv\.[wd]\.x|fcvt\.[sd]\.[wl])/.test(name)
  const isUnary = /^(fsqrt|fclass|fmv|fcvt)/.test(name)
  const rd = isIntegerResult ? registerName(rdOf(word)) : floatRegister(rdOf(word))
  const operands = [rd, isIntegerSource ? registerName(rs1Of(word)) : floatRegister(rs1Of(word))]
  if (!isUnary) operands.push(floatRegister(rs2Of(word)))
  if (opcode !== 0x53) operands.push(floatRegister(word >>> 27))
  return `${name} ${operands.join(',')}`
}

function compressedMnemonic(half: number): string {
  const isStore = half >>> 15 === 1
  const isStackRelative = (half & 3) === 2
  return `c.f${isStore ? 's' : 'l'}d${isStackRelative ? 'sp' : ''}`
}
