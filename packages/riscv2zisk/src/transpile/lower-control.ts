/**
 * Jumps, branches and environment calls.
 *
 * Source: ZisK v0.18 `core/src/riscv2zisk_context.rs`.
 */

import { CSR_MTVEC, OP, SOURCE } from '@zisk/core'
import type { Lowering } from './lower-computation.ts'
import { csrAddress, imm, LAST, mem, microOp, type Operand, reg, sequence, toReg } from './micro-op.ts'

/** Clears bit 0 of a jump target. */
const TARGET_MASK: Operand = { src: SOURCE.IMM, low: 0xffff_fffe, high: 0xffff_ffff, width: 0 }
const RA = 1

export const jal: Lowering = ({ rd, imm: offset, size, word }) => [
  microOp({ op: OP.FLAG, to: toReg(rd), storePc: true, j: [offset, size], riscv: word }),
]

/** An aligned offset may be added after the mask; another one needs an instruction of its own. */
export const jalr: Lowering = (inst) => {
  const { rd, rs1, imm: offset, size } = inst
  const jump = { op: OP.AND, a: TARGET_MASK, to: toReg(rd), setPc: true, storePc: true }
  if (offset % 4 === 0) return sequence(inst, [{ ...jump, b: reg(rs1) }], [offset, size])
  const add = { op: OP.ADD, a: imm(offset), b: reg(rs1) }
  return sequence(inst, [add, { ...jump, b: LAST }], [0, size])
}

/** Jumps when `op(rs1, rs2)` holds. */
export function branchIf(op: number): Lowering {
  return ({ rs1, rs2, imm: offset, size, word }) => [
    microOp({ op, a: reg(rs1), b: reg(rs2), j: [offset, size], riscv: word }),
  ]
}

/** Jumps when `op(rs1, rs2)` does not hold. */
export function branchUnless(op: number): Lowering {
  return ({ rs1, rs2, imm: offset, size, word }) => [
    microOp({ op, a: reg(rs1), b: reg(rs2), j: [size, offset], riscv: word }),
  ]
}

/**
 * Jumps to the trap handler with the return address in ra, as ZisK does. The guest may have written anything to mtvec,
 * so its lowest bit is cleared too.
 */
export const ecall: Lowering = ({ size, word }) => [
  microOp({
    op: OP.AND,
    a: TARGET_MASK,
    b: mem(csrAddress(CSR_MTVEC)),
    to: toReg(RA),
    setPc: true,
    storePc: true,
    j: [0, size],
    riscv: word,
  }),
]
