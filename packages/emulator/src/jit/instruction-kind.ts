/** What the compiler needs to know of one instruction: whether it is compiled at all, and how control leaves it. */

import { ADDRESS, isPureOperation, OP, type RomInstruction, SOURCE, STORE } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'

/** The two registers that the RISC-V calling convention uses for return addresses. */
export function isLinkRegister(register: number): boolean {
  return register === 1 || register === 5
}

/** Operations whose flag is their result. */
export function isComparison(op: number): boolean {
  switch (op) {
    case OP.LTU:
    case OP.LT:
    case OP.EQ:
    case OP.LEU:
    case OP.LE:
    case OP.LTU_W:
    case OP.LT_W:
    case OP.EQ_W:
    case OP.LEU_W:
    case OP.LE_W:
      return true
    default:
      return false
  }
}

/** Operations that raise the flag on division by zero. */
function isDivision(op: number): boolean {
  return op >= OP.DIVU && op <= OP.REM_W
}

/** How the next pc follows from an instruction that does not set it from `c`. */
export type Flow = { readonly kind: 'next'; readonly pc: number } | { readonly kind: 'branch' }

/** Next pc of an instruction without `setPc`, when it does not depend on data. */
export function flowOf(inst: RomInstruction): Flow {
  const whenFlag = inst.pc + inst.jmpOffset1
  const otherwise = inst.pc + inst.jmpOffset2
  if (inst.op === OP.FLAG) return { kind: 'next', pc: whenFlag }
  if (isComparison(inst.op) && whenFlag !== otherwise) return { kind: 'branch' }
  return { kind: 'next', pc: otherwise }
}

/** Whether the instruction stores a return address in a link register. */
export function isLinking(inst: RomInstruction): boolean {
  return inst.storePc && inst.store === STORE.REG && isLinkRegister(inst.storeOffset)
}

/** Whether the instruction reads or writes memory at an address that depends on operand a. */
export function isIndirect(inst: RomInstruction): boolean {
  return inst.bSrc === SOURCE.IND || inst.store === STORE.IND
}

/**
 * Whether compiled code executes this instruction itself. What is left to the interpreter: precompiles, fcalls, public
 * outputs, the exit, and combinations that no transpiled program contains.
 */
export function isCompilable(inst: RomInstruction, memory: GuestMemory): boolean {
  if (!isPureOperation(inst.op) || inst.op === OP.PUBOUT) return false
  if (isDivision(inst.op) && inst.jmpOffset1 !== inst.jmpOffset2) return false
  if (inst.pc === ADDRESS.romExit) return false
  if (isIndirect(inst)) {
    if (inst.indWidth === 0) return false
    if (inst.bSrc === SOURCE.IND && inst.store === STORE.IND) return false
    if (inst.aSrc === SOURCE.MEM) return false
  }
  if (inst.aSrc === SOURCE.MEM && !isPlainRead(inst.aLow, memory)) return false
  if (inst.bSrc === SOURCE.MEM && !isPlainRead(inst.bLow, memory)) return false
  return inst.store !== STORE.MEM || isPlainWrite(inst.storeOffset, 8, memory)
}

function isPlainRead(address: number, memory: GuestMemory): boolean {
  return address % 8 === 0 && memory.isReadable(address, 8)
}

/** Whether a store to this constant address only changes memory: it cannot fault and does not print. */
export function isPlainWrite(address: number, width: number, memory: GuestMemory): boolean {
  return memory.isWritable(address, width) && (address > ADDRESS.uart || address + width <= ADDRESS.uart)
}
