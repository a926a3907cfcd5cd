import { ADDRESS, decodeRom, encodeRom, HALT_CAUSE, OP } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { readElf } from '../elf/read-elf.ts'
import { buildElf, DATA_ADDRESS, sampleElf, TEXT_ADDRESS, wordsToBytes } from '../testing/build-elf.ts'
import { createTestMachine, runRom } from '../testing/run-rom.ts'
import { type TranspileOptions, transpile } from './transpile.ts'

const LI_A0_7 = 0x00700513
const LI_A7_93 = 0x05d00893
const ECALL = 0x00000073
const RET = 0x00008067
const NOP = 0x00000013

const program = (...words: number[]) =>
  buildElf({ segments: [{ flags: 5, address: TEXT_ADDRESS, bytes: wordsToBytes(words) }] })

function run(file: Uint8Array, options: TranspileOptions = {}) {
  const rom = transpile(readElf(file), options)
  const machine = createTestMachine(rom)
  runRom(machine, rom.instructions)
  return { rom, machine }
}

describe('BIOS', () => {
  test('a program that returns ends at the exit instruction', () => {
    const { machine } = run(program(LI_A0_7, RET), { exitMode: 'bound' })
    expect(machine.pc).toBe(ADDRESS.romExit)
    expect(machine.publics.get(32)).toBe(7n)
    // 1 entry, 5 start, 2 program, 3 + 32 * 5 + 1 publication, 1 exit code, 1 end.
    expect(machine.steps).toBe(1 + 5 + 2 + 3 + 32 * 5 + 1 + 1 + 1)
  })

  test('a program that calls exit ends there too', () => {
    const { machine } = run(program(LI_A0_7, LI_A7_93, ECALL, 0), { exitMode: 'bound' })
    expect([machine.pc, machine.publics.get(32)]).toEqual([ADDRESS.romExit, 7n])
  })

  test('unbound: the exit code is 0 whatever a0 holds', () => {
    expect(run(program(LI_A0_7, RET), { exitMode: 'unbound' }).machine.publics.get(32)).toBe(0n)
  })

  test('the mode follows the ABI note unless it is given', () => {
    expect(transpile(readElf(program(RET))).exitMode).toBe('unbound')
    expect(transpile(readElf(sampleElf())).exitMode).toBe('bound')
    expect(transpile(readElf(sampleElf()), { exitMode: 'unbound' }).exitMode).toBe('unbound')
  })

  test('another environment call halts with its number in operand a and the caller in ra', () => {
    const { rom, machine } = run(program(NOP, ECALL))
    expect(machine.haltCause).toBe(HALT_CAUSE.unsupportedEcall)
    expect(machine.registers[1]).toBe(BigInt(TEXT_ADDRESS + 8))
    expect(rom.instructions.at(rom.instructions.rowOf(machine.pc))).toMatchObject({ op: OP.HALT, aLow: 17 })
  })

  test('outputs are published in order, low word first', () => {
    // lui a1, 0xa0010 (sign-extended, so the upper half is cleared); sw values 1..64
    const stores = Array.from({ length: 64 }, (_, i) => {
      const imm = 4 * i
      return [
        (((i + 1) << 20) | 0x00000613) >>> 0,
        (((imm >> 5) << 25) | (12 << 20) | (11 << 15) | (2 << 12) | ((imm & 31) << 7) | 0x23) >>> 0,
      ]
    }).flat()
    const { machine } = run(program(0xa00105b7, 0x02059593, 0x0205d593, ...stores, RET))
    for (let i = 0; i < 32; i++) expect(machine.publics.get(i)).toBe((BigInt(2 * i + 2) << 32n) | BigInt(2 * i + 1))
    expect([...machine.publics.keys()]).toEqual(Array.from({ length: 33 }, (_, i) => i))
  })

  test('the guest learns machine, input and output addresses', () => {
    const { machine } = run(program(0xf1202573, RET), { exitMode: 'bound' }) // csrr a0, marchid
    expect(machine.publics.get(32)).toBe(0xfffeeeen)
    for (const [memoryMap, input] of [
      ['v0.18', 0x4000_0000n],
      ['v0.12', 0x9000_0000n],
    ] as const) {
      expect(run(program(RET), { memoryMap, exitMode: 'bound' }).machine.publics.get(32)).toBe(input)
    }
  })

  test('auipc: a result beyond 32 bits is a constant, also where the same encoding stays within', () => {
    // auipc a1, 0x7ffff: the same encoding twice, 2^12 bytes apart, the second past the end of 32 bits.
    const auipc = 0x7fff_f597
    const nops = new Array<number>(2 ** 10 - 1).fill(NOP)
    const { instructions } = transpile(readElf(program(auipc, ...nops, auipc, RET)))
    const at = (offset: number) => instructions.at(instructions.rowOf(TEXT_ADDRESS + offset))
    expect(at(0)).toMatchObject({ op: OP.FLAG, storePc: true, jmpOffset2: 0x7fff_f000 })
    expect(at(2 ** 12)).toMatchObject({ op: OP.COPYB, storePc: false, bLow: 0, bHigh: 1 })
  })

  test('0x1008 to 0x1110 stays free', () => {
    const { instructions } = transpile(readElf(program(RET)))
    for (let pc = 0x1008; pc < 0x1110; pc++) expect(instructions.rowOf(pc)).toBe(-1)
    expect(instructions.at(instructions.rowOf(ADDRESS.romExit))).toMatchObject({ jmpOffset1: 0, jmpOffset2: 0 })
  })
})

describe('transpile', () => {
  test('data: whole words, or read-only lines, code included, zeroed memory left out', () => {
    const { data } = transpile(readElf(sampleElf()))
    expect(data.map(({ address, writable, bytes }) => [address, writable, bytes.length])).toEqual([
      [TEXT_ADDRESS, false, 32],
      [DATA_ADDRESS, true, 16],
    ])
    expect([...data[1]!.bytes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0, 0, 0])
  })

  test('read-only sections that share a line merge, others stay apart', () => {
    const text = { name: '.text', flags: 6, address: TEXT_ADDRESS, bytes: wordsToBytes([NOP, RET]) }
    const rodata = (address: number) => ({ name: '.r', flags: 2, address, bytes: Uint8Array.of(1, 2, 3) })
    const layout = (...addresses: number[]) =>
      transpile(readElf(buildElf({ sections: [text, ...addresses.map(rodata)] }))).data.map(({ address, bytes }) => [
        address - TEXT_ADDRESS,
        bytes.length,
      ])
    expect(layout(TEXT_ADDRESS + 8)).toEqual([[0, 32]])
    expect(layout(TEXT_ADDRESS + 31)).toEqual([[0, 64]])
    expect(layout(TEXT_ADDRESS + 65, TEXT_ADDRESS + 68)).toEqual([
      [0, 32],
      [64, 32],
    ])
  })

  test('code in RAM runs and is reported', () => {
    const file = buildElf({
      entry: DATA_ADDRESS,
      segments: [{ flags: 7, address: DATA_ADDRESS, bytes: wordsToBytes([LI_A0_7, RET]) }],
    })
    const { rom, machine } = run(file, { exitMode: 'bound' })
    expect(rom.codeInRam).toEqual([{ start: DATA_ADDRESS, size: 8 }])
    expect(rom.data).toMatchObject([{ address: DATA_ADDRESS, writable: true }])
    expect(machine.publics.get(32)).toBe(7n)
  })

  test('data in front of a known function does not swallow its first halfword', () => {
    // Two bytes that look like the first half of a 32-bit instruction, then the entry.
    const file = buildElf({
      entry: TEXT_ADDRESS + 2,
      segments: [
        { flags: 5, address: TEXT_ADDRESS, bytes: Uint8Array.from([0x13, 0, ...wordsToBytes([LI_A0_7, RET])]) },
      ],
    })
    const { rom, machine } = run(file, { exitMode: 'bound' })
    expect(machine.publics.get(32)).toBe(7n)
    expect(rom.instructions.at(rom.instructions.rowOf(TEXT_ADDRESS))).toMatchObject({ op: OP.HALT, riscv: 0x13 })
  })

  test('a 32-bit instruction cut off by the end of the code is illegal', () => {
    const bytes = Uint8Array.from([...wordsToBytes([RET]), 0x13, 0])
    const { instructions } = transpile(readElf(buildElf({ segments: [{ flags: 5, address: TEXT_ADDRESS, bytes }] })))
    expect(instructions.at(instructions.rowOf(TEXT_ADDRESS + 4))).toMatchObject({
      op: OP.HALT,
      bLow: HALT_CAUSE.illegalInstruction,
    })
  })

  test('the ROM is well-formed', () => {
    for (const file of [sampleElf(), program(NOP, RET, 0, 0xffff_ffff)]) {
      const encoded = encodeRom(transpile(readElf(file)))
      expect(encodeRom(decodeRom(encoded))).toEqual(encoded)
    }
  })
})
