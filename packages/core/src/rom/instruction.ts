/**
 * One ZisK instruction: `(c, flag) = op(a, b)`, store, jump.
 *
 * Source: ZisK v0.18 `core/src/zisk_inst.rs`; execution order `emulator/src/emu.rs`.
 */

import { opcodeByCode } from '../isa/opcodes.ts'

/** Where an operand comes from. `C` is the result of the previous instruction. */
export const SOURCE = { C: 0, MEM: 1, IMM: 2, IND: 5, REG: 6 } as const
export type Source = (typeof SOURCE)[keyof typeof SOURCE]

/** Where the result goes. */
export const STORE = { NONE: 0, MEM: 1, IND: 2, REG: 3 } as const
export type Store = (typeof STORE)[keyof typeof STORE]

/** Width in bytes of an indirect access; 0 when there is none. */
export type IndirectWidth = 0 | 1 | 2 | 4 | 8

/**
 * A ZisK instruction as plain data. In bulk it lives in an `InstructionTable`.
 *
 * Execution: read `a`, then `b`; compute `(c, flag)`; store `storePc ? pc + jmpOffset2 : c`;
 * next pc is `setPc ? c + jmpOffset1 : flag ? pc + jmpOffset1 : pc + jmpOffset2`.
 */
export interface RomInstruction {
  /**
   * ROM address, 0..2^32-1. The first instruction of a RISC-V instruction has its address; others are at odd addresses,
   * pc+1, pc+3 and from `ADDRESS.expansionOverflow` on. Jump targets are even, so none leads into an expansion.
   */
  readonly pc: number
  readonly op: number
  /** `IND` is not an `a` source. */
  readonly aSrc: Exclude<Source, 5>
  /** IMM: low 32 bits; MEM: address; REG: register 1..31; C: 0. Unsigned. */
  readonly aLow: number
  /** IMM: high 32 bits, unsigned; else 0. */
  readonly aHigh: number
  readonly bSrc: Source
  /** IMM: low 32 bits, unsigned; MEM: address; REG: register 1..31; IND: signed offset added to `a`; C: 0. */
  readonly bLow: number
  /** IMM: high 32 bits, unsigned; else 0. */
  readonly bHigh: number
  /** Width of an IND load or IND store. Loads zero-extend. */
  readonly indWidth: IndirectWidth
  readonly store: Store
  /** MEM: address; REG: register 1..31; IND: signed offset added to `a`; NONE: 0. */
  readonly storeOffset: number
  readonly storePc: boolean
  readonly setPc: boolean
  /** Signed 32-bit. */
  readonly jmpOffset1: number
  /** Signed 32-bit. */
  readonly jmpOffset2: number
  /** Encoding of the RISC-V instruction it comes from (16 or 32 bits), 0 for BIOS code. */
  readonly riscv: number
}

/** Bits of the ROM flags word (ZisK `get_flags`). */
export const FLAG = {
  ONE: 0x0001,
  A_IMM: 0x0002,
  A_MEM: 0x0004,
  PRECOMPILED: 0x0008,
  B_IMM: 0x0010,
  B_MEM: 0x0020,
  EXTERNAL: 0x0040,
  STORE_PC: 0x0080,
  STORE_MEM: 0x0100,
  STORE_IND: 0x0200,
  SET_PC: 0x0400,
  M32: 0x0800,
  B_IND: 0x1000,
  A_REG: 0x2000,
  B_REG: 0x4000,
  STORE_REG: 0x8000,
} as const

/** Flags that the opcode alone determines, by opcode. Bit 0 is always set, so that an all-zero row matches nothing. */
const OPERATION_FLAGS: Uint16Array = Uint16Array.from({ length: 256 }, (_, op) => {
  const info = opcodeByCode(op)
  let flags: number = FLAG.ONE
  if (info?.isPrecompiled) flags |= FLAG.PRECOMPILED
  if (info?.isExternal) flags |= FLAG.EXTERNAL
  if (info?.m32) flags |= FLAG.M32
  return flags
})

/** The part of the flags word that the opcode determines. */
export function operationFlags(op: number): number {
  return OPERATION_FLAGS[op]!
}

/** The ROM flags word of an instruction, 16 bits. */
export function instructionFlags(inst: RomInstruction): number {
  let flags = operationFlags(inst.op)
  if (inst.aSrc === SOURCE.IMM) flags |= FLAG.A_IMM
  else if (inst.aSrc === SOURCE.MEM) flags |= FLAG.A_MEM
  else if (inst.aSrc === SOURCE.REG) flags |= FLAG.A_REG
  if (inst.bSrc === SOURCE.IMM) flags |= FLAG.B_IMM
  else if (inst.bSrc === SOURCE.MEM) flags |= FLAG.B_MEM
  else if (inst.bSrc === SOURCE.IND) flags |= FLAG.B_IND
  else if (inst.bSrc === SOURCE.REG) flags |= FLAG.B_REG
  if (inst.store === STORE.MEM) flags |= FLAG.STORE_MEM
  else if (inst.store === STORE.IND) flags |= FLAG.STORE_IND
  else if (inst.store === STORE.REG) flags |= FLAG.STORE_REG
  if (inst.storePc) flags |= FLAG.STORE_PC
  if (inst.setPc) flags |= FLAG.SET_PC
  return flags
}

/** Operand source `a` of a flags word. */
export function aSourceOf(flags: number): Exclude<Source, 5> {
  if (flags & FLAG.A_REG) return SOURCE.REG
  if (flags & FLAG.A_IMM) return SOURCE.IMM
  return flags & FLAG.A_MEM ? SOURCE.MEM : SOURCE.C
}

/** Operand source `b` of a flags word. */
export function bSourceOf(flags: number): Source {
  if (flags & FLAG.B_REG) return SOURCE.REG
  if (flags & FLAG.B_IMM) return SOURCE.IMM
  if (flags & FLAG.B_IND) return SOURCE.IND
  return flags & FLAG.B_MEM ? SOURCE.MEM : SOURCE.C
}

/** Result destination of a flags word. */
export function storeOf(flags: number): Store {
  if (flags & FLAG.STORE_REG) return STORE.REG
  if (flags & FLAG.STORE_IND) return STORE.IND
  return flags & FLAG.STORE_MEM ? STORE.MEM : STORE.NONE
}
