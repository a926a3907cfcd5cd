/**
 * The mapping from RISC-V to ZisK, one entry per RISC-V instruction.
 *
 * Source: ZisK v0.18 `core/src/riscv2zisk_context.rs`.
 */

import { type MemoryMap, OP } from '@zisk/core'
import type { Mnemonic } from '../decode/instruction.ts'
import {
  addi,
  auipc,
  float,
  illegal,
  immediateOp,
  immediateOpOrConstant,
  type Lowering,
  lui,
  nop,
  registerOp,
  registerOpOrMove,
} from './lower-computation.ts'
import { branchIf, branchUnless, ecall, jal, jalr } from './lower-control.ts'
import { csrOp } from './lower-csr.ts'
import { atomicOp, atomicSwap, load, store, storeConditional } from './lower-memory.ts'

/** Builds the mapping; only fcall results depend on the memory map. */
export function createLowerings(memoryMap: MemoryMap): Readonly<Record<Mnemonic, Lowering>> {
  return {
    lui,
    auipc,
    jal,
    jalr,
    beq: branchIf(OP.EQ),
    bne: branchUnless(OP.EQ),
    blt: branchIf(OP.LT),
    bge: branchUnless(OP.LT),
    bltu: branchIf(OP.LTU),
    bgeu: branchUnless(OP.LTU),

    lb: load(OP.SIGNEXTEND_B, 1),
    lh: load(OP.SIGNEXTEND_H, 2),
    lw: load(OP.SIGNEXTEND_W, 4),
    ld: load(OP.COPYB, 8),
    lbu: load(OP.COPYB, 1),
    lhu: load(OP.COPYB, 2),
    lwu: load(OP.COPYB, 4),
    sb: store(1),
    sh: store(2),
    sw: store(4),
    sd: store(8),

    addi,
    slti: immediateOp(OP.LT),
    sltiu: immediateOp(OP.LTU),
    xori: immediateOpOrConstant(OP.XOR),
    ori: immediateOpOrConstant(OP.OR),
    andi: immediateOp(OP.AND),
    slli: immediateOp(OP.SLL),
    srli: immediateOp(OP.SRL),
    srai: immediateOp(OP.SRA),
    addiw: immediateOp(OP.ADD_W),
    slliw: immediateOp(OP.SLL_W),
    srliw: immediateOp(OP.SRL_W),
    sraiw: immediateOp(OP.SRA_W),

    add: registerOpOrMove(OP.ADD),
    sub: registerOp(OP.SUB),
    sll: registerOp(OP.SLL),
    slt: registerOp(OP.LT),
    sltu: registerOp(OP.LTU),
    xor: registerOp(OP.XOR),
    srl: registerOp(OP.SRL),
    sra: registerOp(OP.SRA),
    or: registerOpOrMove(OP.OR),
    and: registerOp(OP.AND),
    addw: registerOp(OP.ADD_W),
    subw: registerOp(OP.SUB_W),
    sllw: registerOp(OP.SLL_W),
    srlw: registerOp(OP.SRL_W),
    sraw: registerOp(OP.SRA_W),

    fence: nop,
    'fence.i': nop,
    ecall,
    ebreak: nop,

    csrrw: csrOp('write', false, memoryMap),
    csrrs: csrOp('set', false, memoryMap),
    csrrc: csrOp('clear', false, memoryMap),
    csrrwi: csrOp('write', true, memoryMap),
    csrrsi: csrOp('set', true, memoryMap),
    csrrci: csrOp('clear', true, memoryMap),

    mul: registerOp(OP.MUL),
    mulh: registerOp(OP.MULH),
    mulhsu: registerOp(OP.MULSUH),
    mulhu: registerOp(OP.MULUH),
    div: registerOp(OP.DIV),
    divu: registerOp(OP.DIVU),
    rem: registerOp(OP.REM),
    remu: registerOp(OP.REMU),
    mulw: registerOp(OP.MUL_W),
    divw: registerOp(OP.DIV_W),
    divuw: registerOp(OP.DIVU_W),
    remw: registerOp(OP.REM_W),
    remuw: registerOp(OP.REMU_W),

    'lr.w': load(OP.SIGNEXTEND_W, 4),
    'sc.w': storeConditional(4),
    'amoswap.w': atomicSwap(4),
    'amoadd.w': atomicOp(OP.ADD_W, 4),
    'amoxor.w': atomicOp(OP.XOR, 4),
    'amoand.w': atomicOp(OP.AND, 4),
    'amoor.w': atomicOp(OP.OR, 4),
    'amomin.w': atomicOp(OP.MIN_W, 4),
    'amomax.w': atomicOp(OP.MAX_W, 4),
    'amominu.w': atomicOp(OP.MINU_W, 4),
    'amomaxu.w': atomicOp(OP.MAXU_W, 4),
    'lr.d': load(OP.COPYB, 8),
    'sc.d': storeConditional(8),
    'amoswap.d': atomicSwap(8),
    'amoadd.d': atomicOp(OP.ADD, 8),
    'amoxor.d': atomicOp(OP.XOR, 8),
    'amoand.d': atomicOp(OP.AND, 8),
    'amoor.d': atomicOp(OP.OR, 8),
    'amomin.d': atomicOp(OP.MIN, 8),
    'amomax.d': atomicOp(OP.MAX, 8),
    'amominu.d': atomicOp(OP.MINU, 8),
    'amomaxu.d': atomicOp(OP.MAXU, 8),

    float,
    illegal,
  }
}
