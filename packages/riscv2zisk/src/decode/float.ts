/**
 * Which encodings belong to F and D. They are only recognised: the machine cannot execute them.
 *
 * Source: RISC-V unprivileged ISA, chapters "F", "D" and the opcode listings.
 */

import { type DecodedInstruction, funct3Of, funct7Of, illegal, instruction, rs2Of } from './instruction.ts'

const WIDTH_WORD = 2
const WIDTH_DOUBLE = 3
const FORMAT_SINGLE = 0
const FORMAT_DOUBLE = 1

const FMT_NAME = ['s', 'd'] as const
const INTEGER_NAME = ['w', 'wu', 'l', 'lu'] as const
const FUSED_NAME: Readonly<Record<number, string>> = { 67: 'fmadd', 71: 'fmsub', 75: 'fnmsub', 79: 'fnmadd' }

/** Rounding modes 5 and 6 are reserved. */
const isRounding = (mode: number): boolean => mode !== 5 && mode !== 6

/**
 * Name of a floating-point instruction, or `undefined` when the encoding is not of F or D.
 *
 * @param word 32-bit encoding with one of the floating-point opcodes
 */
export function floatMnemonic(word: number): string | undefined {
  const opcode = word & 0x7f
  const funct3 = funct3Of(word)
  if (opcode === 0x07 || opcode === 0x27) {
    const name = opcode === 0x07 ? 'fl' : 'fs'
    if (funct3 === WIDTH_WORD) return `${name}w`
    return funct3 === WIDTH_DOUBLE ? `${name}d` : undefined
  }
  const format = (word >>> 25) & 3
  if (format !== FORMAT_SINGLE && format !== FORMAT_DOUBLE) return undefined
  const suffix = FMT_NAME[format]!
  const fused = FUSED_NAME[opcode]
  if (fused !== undefined) return isRounding(funct3) ? `${fused}.${suffix}` : undefined
  return opcode === 0x53 ? computationMnemonic(word, suffix) : undefined
}

/** Instructions of opcode OP-FP, by the upper five bits of funct7. */
function computationMnemonic(word: number, suffix: 's' | 'd'): string | undefined {
  const funct5 = funct7Of(word) >>> 2
  const funct3 = funct3Of(word)
  const rs2 = rs2Of(word)
  const rounded = (name: string) => (isRounding(funct3) ? name : undefined)
  const chosen = (names: readonly string[]) => (names[funct3] === undefined ? undefined : `${names[funct3]}.${suffix}`)
  switch (funct5) {
    case 0x00:
      return rounded(`fadd.${suffix}`)
    case 0x01:
      return rounded(`fsub.${suffix}`)
    case 0x02:
      return rounded(`fmul.${suffix}`)
    case 0x03:
      return rounded(`fdiv.${suffix}`)
    case 0x0b:
      return rs2 === 0 ? rounded(`fsqrt.${suffix}`) : undefined
    case 0x04:
      return chosen(['fsgnj', 'fsgnjn', 'fsgnjx'])
    case 0x05:
      return chosen(['fmin', 'fmax'])
    case 0x14:
      return chosen(['fle', 'flt', 'feq'])
    case 0x08:
      // fcvt between the formats: the source is the other one.
      return rs2 === (suffix === 's' ? FORMAT_DOUBLE : FORMAT_SINGLE)
        ? rounded(`fcvt.${suffix}.${FMT_NAME[rs2]}`)
        : undefined
    case 0x18:
      return rs2 < 4 ? rounded(`fcvt.${INTEGER_NAME[rs2]}.${suffix}`) : undefined
    case 0x1a:
      return rs2 < 4 ? rounded(`fcvt.${suffix}.${INTEGER_NAME[rs2]}`) : undefined
    case 0x1c:
      if (rs2 !== 0) return undefined
      return funct3 === 1 ? `fclass.${suffix}` : funct3 === 0 ? `fmv.x.${moveWidth(suffix)}` : undefined
    case 0x1e:
      return rs2 === 0 && funct3 === 0 ? `fmv.${moveWidth(suffix)}.x` : undefined
    default:
      return undefined
  }
}

function moveWidth(suffix: 's' | 'd'): 'w' | 'd' {
  return suffix === 's' ? 'w' : 'd'
}

export function decodeFloat(word: number): DecodedInstruction {
  return floatMnemonic(word) === undefined ? illegal(word, 4) : instruction('float', { word, size: 4 })
}
