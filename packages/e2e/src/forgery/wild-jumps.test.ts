/**
 * Where a guest can jump that chooses its target freely. What faults when executed has no proof either: no instruction of
 * the ROM is at such an address.
 */
import { type ExitMode, OP, type ZiskRom } from '@zisk/core'
import { Emulator } from '@zisk/emulator'
import { describe, expect, test } from 'vitest'
import { addi, auipc, ECALL, iType, jalr, loadAddress, rType } from '../differential/encode.ts'
import { TINY_DATA, tinyGuest } from './tiny-guest.ts'

const [RA, T0, T1, T2, A0, A1] = [1, 5, 6, 7, 10, 11]
const MTVEC = 0x305
const BOUND: { readonly exitMode: ExitMode } = { exitMode: 'bound' }

const csrrw = (csr: number, rs1: number): number => iType(0x73, 1, 0, rs1, csr)
const csrrc = (rd: number, csr: number, rs1: number): number => iType(0x73, 3, rd, rs1, csr)
const amoadd = (rd: number, rs1: number, rs2: number): number => rType(0x2f, 3, 0, rd, rs1, rs2)
const amoswap = (rd: number, rs1: number, rs2: number): number => rType(0x2f, 3, 4, rd, rs1, rs2)
const sc = (rd: number, rs1: number, rs2: number): number => rType(0x2f, 3, 0x0c, rd, rs1, rs2)

/** Every RISC-V instruction that becomes several, by the number of its ROM instructions. */
const EXPANSIONS: readonly (readonly [name: string, word: number, length: number])[] = [
  ['sc.d', sc(T2, T0, A1), 2],
  ['jalr with an odd offset', jalr(RA, T1, 6), 2],
  ['amoswap.d', amoswap(T2, T0, A1), 2],
  ['amoswap.d to its own operand', amoswap(A1, T0, A1), 3],
  ['amoadd.d', amoadd(T2, T0, A1), 3],
  ['amoadd.d to its own operand', amoadd(A1, T0, A1), 4],
  ['csrrc', csrrc(T2, 0x300, A1), 3],
  ['csrrc to its own operand', csrrc(A1, 0x300, A1), 4],
]

async function outcomeOf(rom: ZiskRom, executor: 'interpreter' | 'jit'): Promise<string> {
  const emulator = new Emulator({ executor })
  emulator.loadRom(rom)
  const { outcome } = await emulator.execute({ maxSteps: 10_000 })
  return outcome.kind === 'fault' ? outcome.fault.code : outcome.kind
}

/** Rows of the program, without the BIOS. */
const programRows = ({ instructions }: ZiskRom): number[] =>
  [...instructions.columns.pc].filter((pc) => pc >= 0x8000_0000)

describe.each(EXPANSIONS)('%s', (_, word, length) => {
  test('all but its first instruction are at odd addresses', () => {
    const [alone, none] = [tinyGuest([word], BOUND), tinyGuest([], BOUND)]
    expect(alone.instructions.length - none.instructions.length).toBeGreaterThanOrEqual(length)
    expect(programRows(alone).filter((pc) => pc % 2 === 1)).toHaveLength(length - 1)
    expect(alone.instructions.at(alone.instructions.rowOf(0x8000_0000 + 1)).riscv).toBe(word)
  })

  test.each([1, 2, 3])('a jump %i bytes into it', async (offset) => {
    // The target is 16 bytes behind the auipc; jalr clears its lowest bit.
    const call = [...loadAddress(T0, TINY_DATA), auipc(T1, 0), addi(T1, T1, 16 + offset), jalr(0, T1, 0), addi(0, 0, 0)]
    const rom = tinyGuest([...call, word, addi(A0, 0, 0)], BOUND)
    for (const executor of ['interpreter', 'jit'] as const) {
      const isFirst = offset === 1
      const leaves = word === EXPANSIONS[1]![1]
      expect(await outcomeOf(rom, executor)).toBe(isFirst && !leaves ? 'exited' : 'NO_INSTRUCTION')
    }
  })

  test.each([1, 2, 3])('a trap handler %i bytes into it', async (offset) => {
    const trap = [...loadAddress(T0, TINY_DATA), auipc(T1, 0), addi(T1, T1, 16 + offset), csrrw(MTVEC, T1), ECALL]
    const rom = tinyGuest([...trap, word, addi(A0, 0, 0)], BOUND)
    for (const executor of ['interpreter', 'jit'] as const) {
      // At its end the guest traps into the expansion again: it faults, or goes round until the step limit.
      const outcome = await outcomeOf(rom, executor)
      if (offset === 1) expect(outcome).not.toBe('exited')
      else expect(outcome).toBe('NO_INSTRUCTION')
    }
  })
})

test('computed targets are even: every jump to a result clears its lowest bit or is a constant', () => {
  const rom = tinyGuest(EXPANSIONS.map(([, word]) => word).concat(jalr(0, RA, 0), ECALL), BOUND)
  for (let row = 0; row < rom.instructions.length; row++) {
    const inst = rom.instructions.at(row)
    if (!inst.setPc) continue
    const isMasked = inst.op === OP.AND && inst.aLow % 2 === 0 && inst.jmpOffset1 % 2 === 0
    const isConstant = inst.op === OP.COPYB && inst.bLow % 2 === 0 && inst.riscv === 0
    expect(isMasked || isConstant, `pc ${inst.pc}`).toBe(true)
  }
})
