/**
 * The code around the program: start-up, publication of the outputs, exit and trap.
 *
 * 0x1000 jumps to the start block; 0x1004 is the end, on which every successful run stops; 0x1008 to 0x1110 is reserved
 * for the soft-float handler; the start block follows.
 * Source: ZisK v0.18 `core/src/riscv2zisk_context.rs`, without the stores of initial data.
 */

import {
  ADDRESS,
  CSR_MARCHID,
  CSR_MTVEC,
  EXIT_CODE_PUBOUT_INDEX,
  type ExitMode,
  HALT_CAUSE,
  MARCHID_ZISK,
  type MemoryMap,
  OP,
  PUBLIC_OUTPUT_WORDS,
  type RomInstruction,
} from '@zisk/core'
import { csrAddress, imm, LAST, loadAt, type MicroOp, microOp, reg, toMem, toReg } from './micro-op.ts'

const RA = 1
const A0 = 10
const A1 = 11
const A2 = 12
const A3 = 13
const A7 = 17

/** Number of the one environment call that exists. */
const ECALL_EXIT = 93
/** Pairs of 32-bit outputs. */
const PUBOUT_COUNT = PUBLIC_OUTPUT_WORDS / 2

/** Offsets in the start block that its jumps refer to. */
const EXIT_PATH = 0x14
const LOOP = 0x20
const PUBLISH_EXIT_CODE = 0x34
const TRAP = 0x38

interface BiosOptions {
  readonly memoryMap: MemoryMap
  readonly exitMode: ExitMode
  /** Entry point of the program. */
  readonly entry: number
}

/** The instructions of the BIOS, ascending by pc. */
export function biosInstructions({ memoryMap, exitMode, entry }: BiosOptions): RomInstruction[] {
  const next: MicroOp['j'] = [4, 4]
  const start = ADDRESS.biosInit
  const startBlock: readonly Omit<MicroOp, 'at' | 'riscv'>[] = [
    // +00: what the guest may ask about its machine, and where its traps go.
    { op: OP.COPYB, b: imm(MARCHID_ZISK), to: toMem(csrAddress(CSR_MARCHID)), j: next },
    { op: OP.COPYB, b: imm(start + TRAP), to: toMem(csrAddress(CSR_MTVEC)), j: next },
    // +08: arguments of the program.
    { op: OP.COPYB, b: imm(memoryMap.input.start), to: toReg(A0), j: next },
    { op: OP.COPYB, b: imm(ADDRESS.output), to: toReg(A1), j: next },
    // +10: call it; it may return.
    { op: OP.COPYB, b: imm(entry), to: toReg(RA), setPc: true, storePc: true, j: [0, 4] },
    // +14: exit path; a0 holds the exit code and is not touched.
    { op: OP.COPYB, b: imm(PUBOUT_COUNT), to: toReg(A1), j: next },
    { op: OP.COPYB, b: imm(0), to: toReg(A2), j: next },
    { op: OP.COPYB, b: imm(ADDRESS.output), to: toReg(A3), j: next },
    // +20: publish the outputs, 8 bytes at a time.
    { op: OP.EQ, a: reg(A1), b: reg(A2), j: [PUBLISH_EXIT_CODE - LOOP, 4] },
    { op: OP.COPYB, a: reg(A3), b: loadAt(0, 8), j: next },
    { op: OP.PUBOUT, a: reg(A2), b: LAST, j: next },
    { op: OP.ADD, a: reg(A3), b: imm(8), to: toReg(A3), j: next },
    { op: OP.ADD, a: reg(A2), b: imm(1), to: toReg(A2), j: [4, LOOP - 0x30] },
    // +34: publish the exit code and end.
    {
      op: OP.PUBOUT,
      a: imm(EXIT_CODE_PUBOUT_INDEX),
      b: exitMode === 'bound' ? reg(A0) : imm(0),
      j: [4, ADDRESS.romExit - (start + PUBLISH_EXIT_CODE)],
    },
    // +38: trap handler.
    { op: OP.EQ, a: reg(A7), b: imm(ECALL_EXIT), j: [EXIT_PATH - TRAP, 4] },
    { op: OP.HALT, a: reg(A7), b: imm(HALT_CAUSE.unsupportedEcall), j: [0, 0] },
  ]
  return [
    microOp({ at: ADDRESS.romEntry, op: OP.COPYB, j: [start - ADDRESS.romEntry, start - ADDRESS.romEntry], riscv: 0 }),
    microOp({ at: ADDRESS.romExit, op: OP.COPYB, j: [0, 0], riscv: 0 }),
    ...startBlock.map((step, index) => microOp({ ...step, at: start + 4 * index, riscv: 0 })),
  ]
}
