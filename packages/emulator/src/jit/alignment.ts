/** What is known of the low three bits of a register: its residue modulo 1 (nothing), 2, 4 or 8. */

import { OP, type RomInstruction, SOURCE } from '@zisk/core'

/** `modulus << 3 | residue`. */
export type Alignment = number

const MAX_MODULUS = 8

function alignment(modulus: number, residue: number): Alignment {
  return (modulus << 3) | (residue & (modulus - 1))
}

/** Nothing is known. */
export const ANY_ALIGNMENT: Alignment = alignment(1, 0)

/** The alignment of a known value, of which the low bits are given. */
export function alignmentOfConstant(low: number): Alignment {
  return alignment(MAX_MODULUS, low)
}

/** Residue of `value + offset` modulo a power of two up to 8, or `undefined` when it is not known. */
export function residueOf(value: Alignment, offset: number, modulus: number): number | undefined {
  return value >> 3 < modulus ? undefined : (value + offset) & (modulus - 1)
}

/** The value plus `offset` is a multiple of the modulus, and what was known before still holds. */
export function alignedBy(value: Alignment, offset: number, modulus: number): Alignment {
  return value >> 3 >= modulus ? value : alignment(modulus, -offset)
}

/** What holds in both cases. */
export function joinAlignments(x: Alignment, y: Alignment): Alignment {
  let modulus = Math.min(x >> 3, y >> 3)
  while (((x ^ y) & (modulus - 1)) !== 0) modulus >>= 1
  return alignment(modulus, x)
}

/** Alignment of the result of an instruction without `storePc`, from those of the registers. */
export function alignmentOfResult(inst: RomInstruction, registers: Uint8Array): Alignment {
  const a = operandAlignment(inst.aSrc, inst.aLow, registers)
  const b = operandAlignment(inst.bSrc, inst.bLow, registers)
  const modulus = Math.min(a >> 3, b >> 3)
  switch (inst.op) {
    case OP.COPYB:
      return b
    case OP.ADD:
    case OP.ADD_W:
      return alignment(modulus, a + b)
    case OP.SUB:
    case OP.SUB_W:
      return alignment(modulus, a - b)
    case OP.SLL:
      return inst.bSrc === SOURCE.IMM ? shifted(a, inst.bLow & 63) : ANY_ALIGNMENT
    case OP.SLL_W:
      return inst.bSrc === SOURCE.IMM ? shifted(a, inst.bLow & 31) : ANY_ALIGNMENT
    case OP.AND:
      // A zero bit in one operand is enough.
      return modulus > 1 ? alignment(modulus, a & b) : alignment(Math.max(trailingZeros(a), trailingZeros(b)), 0)
    default:
      return ANY_ALIGNMENT
  }
}

function operandAlignment(source: number, low: number, registers: Uint8Array): Alignment {
  if (source === SOURCE.REG) return registers[low]!
  return source === SOURCE.IMM ? alignmentOfConstant(low) : ANY_ALIGNMENT
}

function shifted(value: Alignment, amount: number): Alignment {
  const scale = 2 ** Math.min(amount, 3)
  return alignment(Math.min(MAX_MODULUS, (value >> 3) * scale), (value & 7) * scale)
}

/** Largest power of two, up to what is known, that divides the value. */
function trailingZeros(value: Alignment): number {
  let modulus = value >> 3
  while ((value & (modulus - 1)) !== 0) modulus >>= 1
  return modulus
}
