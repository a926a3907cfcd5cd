/** WebAssembly code of one instruction: operands, operation, destination. Jumps are the terminator's. */

import { OP, type RomInstruction, SOURCE, STORE } from '@zisk/core'
import { type Access, wordAccess } from './emit-address.ts'
import { emitRead, emitWrite, signedLoad } from './emit-memory.ts'
import { emitComparison, emitNarrowOperation, emitOperation, type Operand, pushOperand } from './emit-operation.ts'
import { isComparison } from './instruction-kind.ts'
import { C_REGISTER, usesA } from './register-flow.ts'
import type { UnitCode } from './unit-code.ts'
import { W } from './wasm-code.ts'

/** What an instruction needs beside itself. */
export interface InstructionSite {
  readonly inst: RomInstruction
  /** Whether `c` must reach its local. */
  readonly keepsC: boolean
  /** The checked access of an indirect operand or store. */
  readonly access: Access | undefined
  /** Whether both operands are 32-bit numbers, sign-extended. */
  readonly isNarrow: boolean
  /** What the terminator needs: `c` in `unit.result`, or the flag. */
  readonly wants: 'nothing' | 'result' | 'flag'
  /** Called when `unit.result` holds `c` and nothing has been changed yet. */
  readonly onResult?: () => void
}

/** Pushes an i32 that is not 0 when the instruction raised its flag. */
export type PushFlag = () => void

/** Emits one instruction. The returned function is for the terminator of a `branch`. */
export function emitInstruction(unit: UnitCode, site: InstructionSite): PushFlag {
  const { inst, wants } = site
  const { code } = unit
  const a = operandA(unit, inst)
  const load = inst.bSrc === SOURCE.IND ? signedLoad(inst.op, inst.indWidth) : undefined
  if (load === undefined) {
    const b = operandB(unit, site)
    if (wants === 'flag' && inst.store === STORE.NONE && !site.keepsC && isComparison(inst.op)) {
      return () => emitComparison(code, inst.op, a, b)
    }
    emitResult(unit, site, () => {
      if (site.isNarrow && emitNarrowOperation(code, inst.op, a, b)) return
      emitOperation(code, inst.op, a, b, unit.temps)
    })
  } else {
    emitResult(unit, site, () => emitRead(unit, site.access!, load))
  }
  return () => {
    code.localGet(unit.result)
    code.op(W.I32_WRAP_I64)
  }
}

function immediate(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
}

/** Operand a without reading memory: what an indirect access adds its offset to. */
export function plainOperandA(unit: UnitCode, inst: RomInstruction): Operand {
  switch (inst.aSrc) {
    case SOURCE.REG:
      return usesA(inst) ? { local: unit.register(inst.aLow) } : { constant: 0n }
    case SOURCE.C:
      return { local: unit.register(C_REGISTER) }
    default:
      return { constant: immediate(inst.aLow, inst.aHigh) }
  }
}

function operandA(unit: UnitCode, inst: RomInstruction): Operand {
  if (inst.aSrc !== SOURCE.MEM) return plainOperandA(unit, inst)
  emitRead(unit, wordAccess(inst.aLow))
  unit.code.localSet(unit.operandA)
  return { local: unit.operandA }
}

function operandB(unit: UnitCode, site: InstructionSite): Operand {
  const { inst } = site
  switch (inst.bSrc) {
    case SOURCE.REG:
      return inst.op === OP.FLAG ? { constant: 0n } : { local: unit.register(inst.bLow) }
    case SOURCE.C:
      return { local: unit.register(C_REGISTER) }
    case SOURCE.IMM:
      return { constant: immediate(inst.bLow, inst.bHigh) }
    case SOURCE.MEM:
      emitRead(unit, wordAccess(inst.bLow))
      break
    default:
      emitRead(unit, site.access!)
  }
  unit.code.localSet(unit.operandB)
  return { local: unit.operandB }
}

/** Computes `c` where something needs it and puts the stored value in its place. */
function emitResult(unit: UnitCode, site: InstructionSite, pushC: () => void): void {
  const { inst, keepsC, wants } = site
  const { code } = unit
  const storesC = inst.store !== STORE.NONE && !inst.storePc
  const isSimple = storesC && inst.store === STORE.REG && !keepsC && wants === 'nothing'
  if (isSimple) {
    pushC()
    code.localSet(unit.register(inst.storeOffset))
    return
  }
  const link: Operand = { constant: BigInt(inst.pc + inst.jmpOffset2) }
  if (storesC && inst.store !== STORE.REG && !keepsC && wants === 'nothing') {
    emitMemoryStore(unit, site, pushC)
    return
  }
  const readsMemory = inst.bSrc === SOURCE.IND || inst.bSrc === SOURCE.MEM
  if (storesC || keepsC || wants !== 'nothing' || readsMemory) {
    pushC()
    code.localSet(unit.result)
    site.onResult?.()
  }
  if (inst.store !== STORE.NONE) {
    const pushStored = (): void => pushOperand(code, inst.storePc ? link : { local: unit.result })
    if (inst.store === STORE.REG) {
      pushStored()
      code.localSet(unit.register(inst.storeOffset))
    } else {
      emitMemoryStore(unit, site, pushStored)
    }
  }
  if (keepsC) {
    code.localGet(unit.result)
    code.localSet(unit.register(C_REGISTER))
  }
}

function emitMemoryStore(unit: UnitCode, site: InstructionSite, pushValue: () => void): void {
  const { inst } = site
  const access = inst.store === STORE.MEM ? wordAccess(inst.storeOffset) : site.access!
  emitWrite(unit, access, pushValue)
}
