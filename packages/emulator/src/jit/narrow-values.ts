/**
 * Which registers are known to hold a 32-bit number, sign-extended. Bitwise operations on two such values may be done on
 * their low halves, which saves the sign extensions around the guest's 32-bit arithmetic and shows rotations to the host.
 */

import { OP, opcodeByCode, type RomInstruction, SOURCE, STORE } from '@zisk/core'
import { isComparison } from './instruction-kind.ts'

/** Tracks straight-line code; nothing is known at first. */
export class NarrowValues {
  readonly #isNarrow: boolean[] = new Array(32).fill(false)

  /** Whether both operands are 32-bit numbers, sign-extended. */
  areOperandsNarrow(inst: RomInstruction): boolean {
    return (
      this.#isOperandNarrow(inst.aSrc, inst.aLow, inst.aHigh) && this.#isOperandNarrow(inst.bSrc, inst.bLow, inst.bHigh)
    )
  }

  /** Takes account of one executed instruction. */
  step(inst: RomInstruction): void {
    if (inst.store === STORE.REG) this.#isNarrow[inst.storeOffset] = !inst.storePc && this.#isResultNarrow(inst)
  }

  #isOperandNarrow(source: number, low: number, high: number): boolean {
    if (source === SOURCE.REG) return this.#isNarrow[low]!
    return source === SOURCE.IMM && (low | 0) >> 31 === (high | 0)
  }

  #isResultNarrow(inst: RomInstruction): boolean {
    if (opcodeByCode(inst.op)!.m32 || isComparison(inst.op)) return true
    switch (inst.op) {
      case OP.SIGNEXTEND_B:
      case OP.SIGNEXTEND_H:
      case OP.SIGNEXTEND_W:
        return true
      case OP.COPYB:
        if (inst.bSrc === SOURCE.IND) return inst.indWidth < 4
        return this.#isOperandNarrow(inst.bSrc, inst.bLow, inst.bHigh)
      case OP.AND:
      case OP.OR:
      case OP.XOR:
        return this.areOperandsNarrow(inst)
      default:
        return false
    }
  }
}
