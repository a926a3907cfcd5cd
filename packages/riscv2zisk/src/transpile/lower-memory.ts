/**
 * Loads, stores and atomics.
 *
 * Source: ZisK v0.18 `core/src/riscv2zisk_context.rs`.
 */

import { ADDRESS, type IndirectWidth, OP } from '@zisk/core'
import type { DecodedInstruction } from '../decode/instruction.ts'
import type { Lowering } from './lower-computation.ts'
import { LAST, loadAt, mem, microOp, reg, sequence, toAddress, toMem, toReg } from './micro-op.ts'

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
  return (inst) => {
    const { rd, rs1, rs2 } = inst
    const write = { op: OP.COPYB, a: reg(rs1), b: reg(rs2), to: toAddress(0, width) }
    return sequence(inst, rd === 0 ? [write] : [write, { op: OP.COPYB, to: toReg(rd) }])
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
    const { rd, rs1, rs2 } = inst
    const aliased = isAliased(inst)
    const to = aliased ? toMem(ADDRESS.temp32) : toReg(rd)
    const read = { op: loadOp(width), a: reg(rs1), b: loadAt(0, width), to }
    const combine = { op, a: LAST, b: reg(rs2) }
    const write = { op: OP.COPYB, a: reg(rs1), b: LAST, to: toAddress(0, width) }
    return sequence(inst, aliased ? [read, combine, write, restore(rd)] : [read, combine, write])
  }
}

/** `rd = old; memory = rs2`. */
export function atomicSwap(width: IndirectWidth): Lowering {
  return (inst) => {
    const { rd, rs1, rs2 } = inst
    const aliased = isAliased(inst)
    const to = aliased ? toMem(ADDRESS.temp32) : toReg(rd)
    const read = { op: loadOp(width), a: reg(rs1), b: loadAt(0, width), to }
    const write = { op: OP.COPYB, a: reg(rs1), b: reg(rs2), to: toAddress(0, width) }
    return sequence(inst, aliased ? [read, write, restore(rd)] : [read, write])
  }
}

/** Moves the old value, parked in memory, to rd. */
const restore = (rd: number) => ({ op: OP.COPYB, b: mem(ADDRESS.temp32), to: toReg(rd) })
