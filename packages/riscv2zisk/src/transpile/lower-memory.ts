/**
 * Loads, stores and atomics.
 *
 * Source: ZisK v0.18 `core/src/riscv2zisk_context.rs`.
 */

import { ADDRESS, type IndirectWidth, OP } from '@zisk/core'
import type { DecodedInstruction } from '../decode/instruction.ts'
import type { Lowering } from './lower-computation.ts'
import { LAST, loadAt, mem, microOp, reg, toAddress, toMem, toReg } from './micro-op.ts'

/** `rd = op(memory)`: copyb zero-extends, signextend_* sign-extends. A load to x0 still touches memory. */
export function load(op: number, width: IndirectWidth): Lowering {
  return ({ rd, rs1, imm, size, word }) => [
    microOp({ op, a: reg(rs1), b: loadAt(imm, width), to: toReg(rd), j: [size, size], riscv: word }),
  ]
}

export function store(width: IndirectWidth): Lowering {
  return ({ rs1, rs2, imm, size, word }) => [
    microOp({ op: OP.COPYB, a: reg(rs1), b: reg(rs2), to: toAddress(imm, width), j: [size, size], riscv: word }),
  ]
}

/** Always succeeds, as in ZisK: one hart, no reservation to lose. */
export function storeConditional(width: IndirectWidth): Lowering {
  return ({ rd, rs1, rs2, word }) => {
    const write = { op: OP.COPYB, a: reg(rs1), b: reg(rs2), to: toAddress(0, width), riscv: word }
    if (rd === 0) return [microOp({ ...write, j: [4, 4] })]
    return [microOp({ ...write, j: [1, 1] }), microOp({ at: 1, op: OP.COPYB, to: toReg(rd), j: [3, 3], riscv: word })]
  }
}

/** Whether writing rd first would destroy an operand. */
function isAliased({ rd, rs1, rs2 }: DecodedInstruction): boolean {
  return rd !== 0 && (rd === rs1 || rd === rs2)
}

const loadOp = (width: IndirectWidth): number => (width === 4 ? OP.SIGNEXTEND_W : OP.COPYB)

/** `rd = old; memory = op(old, rs2)`. */
export function atomicOp(op: number, width: IndirectWidth): Lowering {
  return (inst) => {
    const { rd, rs1, rs2, word: riscv } = inst
    const aliased = isAliased(inst)
    const to = aliased ? toMem(ADDRESS.temp32) : toReg(rd)
    const read = microOp({ op: loadOp(width), a: reg(rs1), b: loadAt(0, width), to, j: [1, 1], riscv })
    const combine = microOp({ at: 1, op, a: LAST, b: reg(rs2), j: [1, 1], riscv })
    const write = { at: 2, op: OP.COPYB, a: reg(rs1), b: LAST, to: toAddress(0, width), riscv }
    if (!aliased) return [read, combine, microOp({ ...write, j: [2, 2] })]
    return [read, combine, microOp({ ...write, j: [1, 1] }), restore({ at: 3, rd, riscv })]
  }
}

/** `rd = old; memory = rs2`. */
export function atomicSwap(width: IndirectWidth): Lowering {
  return (inst) => {
    const { rd, rs1, rs2, word: riscv } = inst
    const aliased = isAliased(inst)
    const to = aliased ? toMem(ADDRESS.temp32) : toReg(rd)
    const read = microOp({ op: loadOp(width), a: reg(rs1), b: loadAt(0, width), to, j: [1, 1], riscv })
    const write = { at: 1, op: OP.COPYB, a: reg(rs1), b: reg(rs2), to: toAddress(0, width), riscv }
    if (!aliased) return [read, microOp({ ...write, j: [3, 3] })]
    return [read, microOp({ ...write, j: [1, 1] }), restore({ at: 2, rd, riscv })]
  }
}

/** Moves the old value, parked in memory, to rd, and goes on to the next RISC-V instruction. */
function restore({ at, rd, riscv }: { at: number; rd: number; riscv: number }) {
  return microOp({ at, op: OP.COPYB, b: mem(ADDRESS.temp32), to: toReg(rd), j: [4 - at, 4 - at], riscv })
}
