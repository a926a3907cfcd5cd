/** Constants that registers are known to hold along straight-line code. */

import { evaluateOperation, isPureOperation, OP, type RomInstruction, SOURCE, STORE } from '@zisk/core'

/** Tracks `lui`, `auipc` and arithmetic on them. Everything is unknown at first. */
export class KnownValues {
  readonly #registers: (bigint | undefined)[] = new Array(32).fill(undefined)
  #lastC: bigint | undefined = undefined

  /** Operand a when it is known. */
  operandA(inst: RomInstruction): bigint | undefined {
    if (inst.aSrc === SOURCE.IMM) return immediate(inst.aLow, inst.aHigh)
    if (inst.aSrc === SOURCE.REG) return this.#registers[inst.aLow]
    return inst.aSrc === SOURCE.C ? this.#lastC : undefined
  }

  /** Operand b when it is known. */
  operandB(inst: RomInstruction): bigint | undefined {
    if (inst.bSrc === SOURCE.IMM) return immediate(inst.bLow, inst.bHigh)
    if (inst.bSrc === SOURCE.REG) return this.#registers[inst.bLow]
    return inst.bSrc === SOURCE.C ? this.#lastC : undefined
  }

  /** Address of an indirect access with this offset when it is known, modulo 2^64. */
  address(inst: RomInstruction, offset: number): bigint | undefined {
    const base = this.operandA(inst)
    return base === undefined ? undefined : BigInt.asUintN(64, base + BigInt(offset))
  }

  /** Result `c` of the instruction when it is known. */
  result(inst: RomInstruction): bigint | undefined {
    if (!isPureOperation(inst.op)) return undefined
    const a = this.operandA(inst)
    const b = this.operandB(inst)
    if (b === undefined || (a === undefined && inst.op !== OP.COPYB)) return undefined
    return evaluateOperation(inst.op, a ?? 0n, b).c
  }

  /** Takes account of one executed instruction. */
  step(inst: RomInstruction): void {
    const c = this.result(inst)
    this.#lastC = c
    if (inst.store !== STORE.REG) return
    this.#registers[inst.storeOffset] = inst.storePc ? BigInt(inst.pc + inst.jmpOffset2) : c
  }
}

function immediate(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low)
}
