/**
 * Seeded random ROMs for tests of everything that stores or prints one.
 */

import { OPCODES } from '../isa/opcodes.ts'
import { ADDRESS, MEMORY_MAPS } from '../memory-map.ts'
import { type IndirectWidth, type RomInstruction, SOURCE, STORE } from '../rom/instruction.ts'
import { InstructionTableBuilder } from '../rom/instruction-table.ts'
import type { ZiskRom } from '../rom/zisk-rom.ts'

/** A generator of integers in `[0, below)`; the same seed gives the same sequence (xorshift32). */
export function createRandom(seed: number): (below: number) => number {
  let state = (Math.imul(seed, 0x9e3779b1) | 1) >>> 0
  return (below) => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A well-formed random instruction at a pc. */
export function randomInstruction(random: (below: number) => number, pc: number): RomInstruction {
  const pick = <T>(values: readonly T[]): T => values[random(values.length)]!
  const aSrc = pick([SOURCE.C, SOURCE.MEM, SOURCE.IMM, SOURCE.REG])
  const bSrc = pick([SOURCE.C, SOURCE.MEM, SOURCE.IMM, SOURCE.IND, SOURCE.REG])
  const store = pick([STORE.NONE, STORE.MEM, STORE.IND, STORE.REG])
  const i32 = () => random(2 ** 32) - 2 ** 31
  const field = (source: number) =>
    source === SOURCE.C ? 0 : source === SOURCE.REG ? 1 + random(31) : source === SOURCE.IND ? i32() : random(2 ** 32)
  const usesWidth = bSrc === SOURCE.IND || store === STORE.IND
  return {
    pc,
    op: pick(OPCODES).code,
    aSrc,
    aLow: field(aSrc),
    aHigh: aSrc === SOURCE.IMM ? random(2 ** 32) : 0,
    bSrc,
    bLow: field(bSrc),
    bHigh: bSrc === SOURCE.IMM ? random(2 ** 32) : 0,
    indWidth: usesWidth ? pick<IndirectWidth>([1, 2, 4, 8]) : 0,
    store,
    storeOffset:
      store === STORE.NONE ? 0 : store === STORE.REG ? 1 + random(31) : store === STORE.MEM ? random(2 ** 32) : i32(),
    storePc: store !== STORE.NONE && random(2) === 1,
    setPc: random(2) === 1,
    jmpOffset1: i32(),
    jmpOffset2: i32(),
    riscv: random(2 ** 32),
  }
}

/** A well-formed random ROM. */
export function randomRom(seed: number, instructionCount = 20): ZiskRom {
  const random = createRandom(seed)
  const builder = new InstructionTableBuilder()
  const entry = 0x8000_0000
  for (const pc of [ADDRESS.romEntry, ADDRESS.romExit]) builder.push(randomInstruction(random, pc))
  for (let i = 0; i < instructionCount; i++) builder.push(randomInstruction(random, entry + 4 * i))
  const bytes = (count: number) => Uint8Array.from({ length: 8 * count }, () => random(256))
  return {
    memoryMap: MEMORY_MAPS[random(2) === 0 ? 'v0.18' : 'v0.12'],
    exitMode: random(2) === 0 ? 'bound' : 'unbound',
    entry,
    instructions: builder.build(),
    data: [
      { address: entry, writable: false, bytes: bytes(4) },
      { address: 0xa003_0000, writable: true, bytes: bytes(2) },
    ],
    codeInRam: random(2) === 0 ? [] : [{ start: 0xa003_0000, size: 8 }],
  }
}
