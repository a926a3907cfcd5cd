import { FLAG, type ZiskRom } from '@zisk/core'
import type { StepBatch } from '@zisk/emulator'

export const REGISTERS = 31
/** mem_steps per step, of which a, b and the store take the first three. */
export const SLOTS = 4

/** Value and last access of every register along a run, as the memory bus has them. */
export class RegisterAccesses {
  /** mem_step of the last access by register. */
  readonly memStep: Float64Array = new Float64Array(REGISTERS + 1)
  /** Values as pairs of halves. */
  readonly value: Uint32Array = new Uint32Array(2 * (REGISTERS + 1))
  readonly #rom: ZiskRom

  constructor(rom: ZiskRom) {
    this.#rom = rom
  }

  /** Takes over the values at the start of a chunk. */
  load(registers: BigUint64Array): void {
    this.value.set(new Uint32Array(registers.slice().buffer))
  }

  /** All registers are read in front of a step: at the end of the one before, whose last slot is no access of Main. */
  readAll(step: number): void {
    this.memStep.fill(SLOTS * step)
  }

  /** The store of a step into a register: halves of its result, or the link address. */
  store(register: number, row: number, low: number, high: number): void {
    const { flags, pc, jmpOffset2 } = this.#rom.instructions.columns
    const isLink = flags[row]! & FLAG.STORE_PC
    this.value[2 * register] = isLink ? pc[row]! + jmpOffset2[row]! : low
    this.value[2 * register + 1] = isLink ? 0 : high
  }

  /** Follows the steps `[from, to)` of a batch. */
  follow({ firstStep, row: rows, c }: StepBatch, from: number, to: number): void {
    const { flags, aLow, bLow, storeOffset } = this.#rom.instructions.columns
    for (let i = from; i < to; i++) {
      const row = rows[i]!
      const bits = flags[row]!
      const memStep = 1 + SLOTS * (firstStep + i)
      if (bits & FLAG.A_REG) this.memStep[aLow[row]!] = memStep
      if (bits & FLAG.B_REG) this.memStep[bLow[row]!] = memStep + 1
      if (!(bits & FLAG.STORE_REG)) continue
      const register = storeOffset[row]!
      this.memStep[register] = memStep + 2
      this.store(register, row, c[2 * i]!, c[2 * i + 1]!)
    }
  }
}
