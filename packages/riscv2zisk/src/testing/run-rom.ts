/**
 * A minimal executor of ROM instructions on a sparse memory, for tests of the mapping. It follows the execution rule of
 * `RomInstruction` literally and knows no faults; the emulator package has the real ones.
 */

import { ADDRESS, evaluateOperation, type InstructionTable, OP, SOURCE, STORE, type ZiskRom } from '@zisk/core'

/** State of a small machine. */
export interface TestMachine {
  pc: number
  readonly registers: bigint[]
  /** Bytes by address; absent ones are 0. */
  readonly memory: Map<number, number>
  /** Last result. */
  c: bigint
  steps: number
  /** Published words by index. */
  readonly publics: Map<number, bigint>
  /** `bLow` of the halt instruction that was reached. */
  haltCause: number | undefined
}

const U64 = (value: bigint): bigint => BigInt.asUintN(64, value)

/** A machine at the start of a ROM, with its initial data in memory. */
export function createTestMachine(rom: Pick<ZiskRom, 'data'>, pc: number = ADDRESS.romEntry): TestMachine {
  const memory = new Map<number, number>()
  for (const { address, bytes } of rom.data) bytes.forEach((byte, i) => void memory.set(address + i, byte))
  const registers = new Array<bigint>(32).fill(0n)
  return { pc, registers, memory, c: 0n, steps: 0, publics: new Map(), haltCause: undefined }
}

export function readMemory(machine: TestMachine, address: number, width: number): bigint {
  let value = 0n
  for (let i = width - 1; i >= 0; i--) value = (value << 8n) | BigInt(machine.memory.get(address + i) ?? 0)
  return value
}

export function writeMemory(machine: TestMachine, address: number, width: number, value: bigint): void {
  for (let i = 0; i < width; i++) machine.memory.set(address + i, Number((value >> BigInt(8 * i)) & 0xffn))
}

/** When to stop a run that does not end by itself. */
interface RunLimits {
  readonly maxSteps?: number
  readonly until?: (pc: number) => boolean
}

/** Runs to the end instruction, a halt, a pc that `until` accepts, or the step limit. */
export function runRom(
  machine: TestMachine,
  instructions: InstructionTable,
  { maxSteps = 1_000_000, until = () => false }: RunLimits = {},
): void {
  while (machine.steps < maxSteps && machine.haltCause === undefined && !until(machine.pc)) {
    const row = instructions.rowOf(machine.pc)
    if (row < 0) throw new Error(`no instruction at 0x${machine.pc.toString(16)}`)
    if (step(machine, instructions, row)) return
  }
}

/** Executes one instruction; true when it was the end. */
function step(machine: TestMachine, instructions: InstructionTable, row: number): boolean {
  const inst = instructions.at(row)
  const { registers } = machine
  const immediate = (low: number, high: number) => (BigInt(high) << 32n) | BigInt(low)
  const a =
    inst.aSrc === SOURCE.C
      ? machine.c
      : inst.aSrc === SOURCE.REG
        ? registers[inst.aLow]!
        : inst.aSrc === SOURCE.MEM
          ? readMemory(machine, inst.aLow, 8)
          : immediate(inst.aLow, inst.aHigh)
  const addressOf = (offset: number) => Number(U64(a + BigInt(offset)))
  const b =
    inst.bSrc === SOURCE.C
      ? machine.c
      : inst.bSrc === SOURCE.REG
        ? registers[inst.bLow]!
        : inst.bSrc === SOURCE.MEM
          ? readMemory(machine, inst.bLow, 8)
          : inst.bSrc === SOURCE.IND
            ? readMemory(machine, addressOf(inst.bLow), inst.indWidth)
            : immediate(inst.bLow, inst.bHigh)
  if (inst.op === OP.HALT) {
    machine.haltCause = inst.bLow
    return true
  }
  const isFcall = inst.op === OP.FCALL || inst.op === OP.FCALL_PARAM || inst.op === OP.FCALL_GET
  const { c, flag } = isFcall ? { c: b, flag: false } : evaluateOperation(inst.op, a, b)
  if (inst.op === OP.PUBOUT) machine.publics.set(Number(a), b)
  const value = inst.storePc ? BigInt(inst.pc + inst.jmpOffset2) : c
  if (inst.store === STORE.REG) registers[inst.storeOffset] = U64(value)
  if (inst.store === STORE.MEM) writeMemory(machine, inst.storeOffset, 8, value)
  if (inst.store === STORE.IND) writeMemory(machine, addressOf(inst.storeOffset), inst.indWidth, value)
  machine.c = c
  machine.steps++
  if (inst.pc === ADDRESS.romExit) return true
  const base = inst.setPc ? Number(c) + inst.jmpOffset1 : inst.pc + (flag ? inst.jmpOffset1 : inst.jmpOffset2)
  machine.pc = base
  return false
}
