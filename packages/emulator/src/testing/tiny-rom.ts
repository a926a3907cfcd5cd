/** Hand-made ROMs for tests: instructions in a few words each. */

import {
  ADDRESS,
  type AddressRange,
  type DataSegment,
  type IndirectWidth,
  InstructionTableBuilder,
  MEMORY_MAPS,
  type MemoryMapName,
  opcodeByName,
  type RomInstruction,
  SOURCE,
  STORE,
  type ZiskRom,
} from '@zisk/core'

/** An operand: a register, an immediate, the last result, a MEM word, or memory at `a + offset`. */
export type Operand =
  | { readonly reg: number }
  | { readonly imm: bigint | number }
  | { readonly mem: number }
  | { readonly ind: number; readonly width: IndirectWidth }
  | 'c'

/** Where a result goes. */
export type Destination =
  | { readonly reg: number }
  | { readonly mem: number }
  | { readonly ind: number; readonly width: IndirectWidth }

/** One instruction; absent parts are immediate 0, no store, fall through. */
export interface TinyInstruction {
  /** Address; the previous one + 4 when absent. */
  readonly pc?: number
  readonly op: string
  readonly a?: Exclude<Operand, { readonly ind: number }>
  readonly b?: Operand
  readonly to?: Destination
  readonly storePc?: boolean
  readonly setPc?: boolean
  /** Offsets when the flag is set and clear, `[4, 4]` when absent. */
  readonly j?: readonly [number, number]
  readonly riscv?: number
}

/** Parts of a ROM other than its code. */
export interface TinyRomOptions {
  readonly map?: MemoryMapName
  readonly data?: readonly DataSegment[]
  readonly codeInRam?: readonly AddressRange[]
}

/** Address of the first instruction that does not say otherwise. */
export const TINY_CODE = 0x8000_0000

/** A ROM that starts at {@link TINY_CODE}; falling off the given instructions ends the run. */
export function tinyRom(program: readonly TinyInstruction[], options: TinyRomOptions = {}): ZiskRom {
  const builder = new InstructionTableBuilder()
  const jump = (target: number): TinyInstruction => ({ op: 'copyb', b: { imm: target }, setPc: true, j: [0, 0] })
  builder.push(assemble(jump(TINY_CODE), ADDRESS.romEntry))
  builder.push(assemble({ op: 'flag', j: [0, 0] }, ADDRESS.romExit))
  let pc = TINY_CODE
  for (const instruction of program) {
    pc = instruction.pc ?? pc
    builder.push(assemble(instruction, pc))
    pc += 4
  }
  builder.push(assemble(jump(ADDRESS.romExit), pc))
  return {
    memoryMap: MEMORY_MAPS[options.map ?? 'v0.18'],
    exitMode: 'unbound',
    entry: TINY_CODE,
    instructions: builder.build(),
    data: options.data ?? [],
    codeInRam: options.codeInRam ?? [],
  }
}

function assemble(instruction: TinyInstruction, pc: number): RomInstruction {
  const info = opcodeByName(instruction.op)
  if (info === undefined) throw new Error(`unknown operation ${instruction.op}`)
  const a = operand(instruction.a ?? { imm: 0 })
  const b = operand(instruction.b ?? { imm: 0 })
  const to = instruction.to
  const [jmpOffset1, jmpOffset2] = instruction.j ?? [4, 4]
  return {
    pc,
    op: info.code,
    aSrc: a.source as RomInstruction['aSrc'],
    aLow: a.low,
    aHigh: a.high,
    bSrc: b.source,
    bLow: b.low,
    bHigh: b.high,
    indWidth: b.width !== 0 ? b.width : to !== undefined && 'ind' in to ? to.width : 0,
    store: to === undefined ? STORE.NONE : 'reg' in to ? STORE.REG : 'mem' in to ? STORE.MEM : STORE.IND,
    storeOffset: to === undefined ? 0 : 'reg' in to ? to.reg : 'mem' in to ? to.mem : to.ind,
    storePc: instruction.storePc ?? false,
    setPc: instruction.setPc ?? false,
    jmpOffset1,
    jmpOffset2,
    riscv: instruction.riscv ?? 0x13,
  }
}

function operand(value: Operand): { source: RomInstruction['bSrc']; low: number; high: number; width: IndirectWidth } {
  if (value === 'c') return { source: SOURCE.C, low: 0, high: 0, width: 0 }
  if ('reg' in value) return { source: SOURCE.REG, low: value.reg, high: 0, width: 0 }
  if ('mem' in value) return { source: SOURCE.MEM, low: value.mem, high: 0, width: 0 }
  if ('ind' in value) return { source: SOURCE.IND, low: value.ind, high: 0, width: value.width }
  const imm = BigInt.asUintN(64, BigInt(value.imm))
  return { source: SOURCE.IMM, low: Number(imm & 0xffff_ffffn), high: Number(imm >> 32n), width: 0 }
}
