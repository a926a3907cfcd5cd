/**
 * Computation on registers and immediates: RV64I and M.
 *
 * An instruction that would write x0 has no effect and becomes a nop, as HINTs do.
 * Source: ZisK v0.18 `core/src/riscv2zisk_context.rs`.
 */

import { HALT_CAUSE, OP, type RomInstruction } from '@zisk/core'
import type { DecodedInstruction } from '../decode/instruction.ts'
import { imm, microOp, type Operand, reg, toReg } from './micro-op.ts'

/** The ZisK instructions of one RISC-V instruction, with pcs relative to it. */
export type Lowering = (inst: DecodedInstruction) => readonly RomInstruction[]

/** Does nothing and goes on. */
export const nop: Lowering = ({ size, word }) => [microOp({ op: OP.FLAG, j: [size, size], riscv: word })]

/** Stops with a cause when executed. */
export function halt(cause: (typeof HALT_CAUSE)[keyof typeof HALT_CAUSE]): Lowering {
  const b = imm(cause)
  return ({ word }) => [microOp({ op: OP.HALT, b, j: [0, 0], riscv: word })]
}

export const illegal: Lowering = halt(HALT_CAUSE.illegalInstruction)
export const float: Lowering = halt(HALT_CAUSE.unsupportedFloat)

function compute(inst: DecodedInstruction, op: number, a: Operand, b: Operand): readonly RomInstruction[] {
  const { rd, size, word } = inst
  if (rd === 0) return nop(inst)
  return [microOp({ op, a, b, to: toReg(rd), j: [size, size], riscv: word })]
}

const copy = (inst: DecodedInstruction, b: Operand) => compute(inst, OP.COPYB, imm(0), b)

/** `rd = op(rs1, rs2)`. */
export function registerOp(op: number): Lowering {
  return (inst) => compute(inst, op, reg(inst.rs1), reg(inst.rs2))
}

/** `rd = op(rs1, rs2)` where a zero operand leaves the other: a move. */
export function registerOpOrMove(op: number): Lowering {
  return (inst) => {
    if (inst.rs1 === 0) return copy(inst, reg(inst.rs2))
    if (inst.rs2 === 0) return copy(inst, reg(inst.rs1))
    return compute(inst, op, reg(inst.rs1), reg(inst.rs2))
  }
}

/** `rd = op(rs1, imm)`. */
export function immediateOp(op: number): Lowering {
  return (inst) => compute(inst, op, reg(inst.rs1), imm(inst.imm))
}

/** `rd = op(rs1, imm)` where rs1 = x0 leaves the immediate. */
export function immediateOpOrConstant(op: number): Lowering {
  return (inst) => (inst.rs1 === 0 ? copy(inst, imm(inst.imm)) : compute(inst, op, reg(inst.rs1), imm(inst.imm)))
}

export const addi: Lowering = (inst) => {
  if (inst.rs1 === 0) return copy(inst, imm(inst.imm))
  if (inst.imm === 0) return copy(inst, reg(inst.rs1))
  return compute(inst, OP.ADD, reg(inst.rs1), imm(inst.imm))
}

export const lui: Lowering = (inst) => copy(inst, imm(inst.imm))

/** The stored value is pc + imm: the jump offset that is not taken, because `flag` always sets the flag. */
export const auipc: Lowering = (inst) => {
  const { rd, size, word } = inst
  if (rd === 0) return nop(inst)
  return [microOp({ op: OP.FLAG, to: toReg(rd), storePc: true, j: [size, inst.imm], riscv: word })]
}
