import { ADDRESS, HALT_CAUSE, InstructionTableBuilder, MEMORY_MAPS, OP, type RomInstruction } from '@zisk/core'
import { describe, expect, test } from 'vitest'
import { decode } from '../decode/decode.ts'
import { encodeB, encodeI, encodeJ, encodeR, encodeS, encodeU } from '../testing/encode.ts'
import { createTestMachine, readMemory, runRom, type TestMachine, writeMemory } from '../testing/run-rom.ts'
import { createLowerings } from './lowerings.ts'

const LOWERINGS = createLowerings(MEMORY_MAPS['v0.18'])
const PC = 0x8000_0000
const RAM = 0xa010_0000

const lower = (word: number): readonly RomInstruction[] => {
  const inst = decode(word)
  return LOWERINGS[inst.mnemonic](inst)
}

interface Given {
  readonly registers?: Readonly<Record<number, bigint>>
  /** 8-byte words by address. */
  readonly memory?: Readonly<Record<number, bigint>>
}

/** Runs the expansion of one instruction until the pc leaves it. */
function execute(word: number, { registers = {}, memory = {} }: Given = {}): TestMachine {
  const builder = new InstructionTableBuilder()
  const lowered = lower(word)
  for (const inst of lowered) builder.push(inst, PC)
  const machine = createTestMachine({ data: [] }, PC)
  for (const [number, value] of Object.entries(registers)) machine.registers[Number(number)] = BigInt.asUintN(64, value)
  for (const [address, value] of Object.entries(memory))
    writeMemory(machine, Number(address), 8, BigInt.asUintN(64, value))
  const { size } = decode(word)
  const isInside = (pc: number) => (pc >= PC && pc < PC + size && (pc !== PC || machine.steps === 0)) || pc % 2 === 1
  runRom(machine, builder.build(), { maxSteps: 10, until: (pc) => !isInside(pc) })
  return machine
}

const s64 = (value: bigint) => BigInt.asIntN(64, value)
const s32 = (value: bigint) => BigInt.asIntN(32, value)
const u64 = (value: bigint) => BigInt.asUintN(64, value)
const u32 = (value: bigint) => BigInt.asUintN(32, value)
const MIN64 = -(2n ** 63n)
const MIN32 = -(2n ** 31n)
const VALUES = [0n, 1n, -1n, 2n, 63n, 2n ** 31n - 1n, MIN32, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, -MIN64 - 1n, MIN64]
const divide = (a: bigint, b: bigint) => (b === 0n ? -1n : a / b)
const modulo = (a: bigint, b: bigint) => (b === 0n ? a : a % b)

type Formula = (a: bigint, b: bigint) => bigint

describe('computation', () => {
  /** name, opcode, funct3, funct7, signed result for signed operands */
  const registerCases: readonly (readonly [string, number, number, number, Formula])[] = [
    ['add', 0x33, 0, 0, (a, b) => a + b],
    ['sub', 0x33, 0, 0x20, (a, b) => a - b],
    ['sll', 0x33, 1, 0, (a, b) => a << (b & 63n)],
    ['slt', 0x33, 2, 0, (a, b) => (a < b ? 1n : 0n)],
    ['sltu', 0x33, 3, 0, (a, b) => (u64(a) < u64(b) ? 1n : 0n)],
    ['xor', 0x33, 4, 0, (a, b) => a ^ b],
    ['srl', 0x33, 5, 0, (a, b) => u64(a) >> (b & 63n)],
    ['sra', 0x33, 5, 0x20, (a, b) => a >> (b & 63n)],
    ['or', 0x33, 6, 0, (a, b) => a | b],
    ['and', 0x33, 7, 0, (a, b) => a & b],
    ['addw', 0x3b, 0, 0, (a, b) => s32(a + b)],
    ['subw', 0x3b, 0, 0x20, (a, b) => s32(a - b)],
    ['sllw', 0x3b, 1, 0, (a, b) => s32(a << (b & 31n))],
    ['srlw', 0x3b, 5, 0, (a, b) => s32(u32(a) >> (b & 31n))],
    ['sraw', 0x3b, 5, 0x20, (a, b) => s32(a) >> (b & 31n)],
    ['mul', 0x33, 0, 1, (a, b) => a * b],
    ['mulh', 0x33, 1, 1, (a, b) => (a * b) >> 64n],
    ['mulhsu', 0x33, 2, 1, (a, b) => (a * u64(b)) >> 64n],
    ['mulhu', 0x33, 3, 1, (a, b) => (u64(a) * u64(b)) >> 64n],
    ['div', 0x33, 4, 1, divide],
    ['divu', 0x33, 5, 1, (a, b) => divide(u64(a), u64(b))],
    ['rem', 0x33, 6, 1, modulo],
    ['remu', 0x33, 7, 1, (a, b) => modulo(u64(a), u64(b))],
    ['mulw', 0x3b, 0, 1, (a, b) => s32(a * b)],
    ['divw', 0x3b, 4, 1, (a, b) => s32(divide(s32(a), s32(b)))],
    ['divuw', 0x3b, 5, 1, (a, b) => s32(divide(u32(a), u32(b)))],
    ['remw', 0x3b, 6, 1, (a, b) => s32(modulo(s32(a), s32(b)))],
    ['remuw', 0x3b, 7, 1, (a, b) => s32(modulo(u32(a), u32(b)))],
  ]

  test.each(registerCases)('%s', (name, opcode, funct3, funct7, formula) => {
    const wrong: string[] = []
    // rd, rs1, rs2: distinct, equal, and x0 in each place.
    for (const [rd, rs1, rs2] of [
      [7, 5, 6],
      [5, 5, 6],
      [6, 5, 6],
      [5, 5, 5],
      [7, 0, 6],
      [7, 5, 0],
      [7, 0, 0],
      [0, 5, 6],
    ] as const) {
      const word = encodeR({ opcode, funct3, funct7, rd, rs1, rs2 })
      if (decode(word).mnemonic !== name) wrong.push(`decoded as ${decode(word).mnemonic}`)
      for (const x of VALUES) {
        for (const y of VALUES) {
          const machine = execute(word, { registers: { 5: x, 6: y } })
          const value = (register: number) => (register === 5 ? x : register === 6 ? y : 0n)
          const expected = rd === 0 ? 0n : u64(formula(value(rs1), rs1 === 5 && rs2 === 5 ? x : value(rs2)))
          if (machine.registers[rd] !== expected || machine.pc !== PC + 4)
            wrong.push(`x${rd} x${rs1} x${rs2}: ${x} ${y}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  const immediateCases: readonly (readonly [string, number, number, Formula])[] = [
    ['addi', 0x13, 0, (a, b) => a + b],
    ['slti', 0x13, 2, (a, b) => (a < b ? 1n : 0n)],
    ['sltiu', 0x13, 3, (a, b) => (u64(a) < u64(b) ? 1n : 0n)],
    ['xori', 0x13, 4, (a, b) => a ^ b],
    ['ori', 0x13, 6, (a, b) => a | b],
    ['andi', 0x13, 7, (a, b) => a & b],
    ['addiw', 0x1b, 0, (a, b) => s32(a + b)],
  ]

  test.each(immediateCases)('%s', (name, opcode, funct3, formula) => {
    const wrong: string[] = []
    for (const rs1 of [0, 5]) {
      for (const imm of [0, 1, -1, 2047, -2048]) {
        const word = encodeI({ opcode, funct3, rd: 7, rs1, imm })
        if (decode(word).mnemonic !== name) wrong.push(`decoded as ${decode(word).mnemonic}`)
        for (const x of VALUES) {
          const machine = execute(word, { registers: { 5: x } })
          if (machine.registers[7] !== u64(formula(rs1 === 0 ? 0n : x, BigInt(imm)))) wrong.push(`${rs1} ${x} ${imm}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  test('lui sign-extends, auipc adds the pc', () => {
    expect(execute(encodeU({ opcode: 0x37, rd: 7, imm: 0x8000_0000 })).registers[7]).toBe(u64(MIN32))
    expect(execute(encodeU({ opcode: 0x37, rd: 7, imm: 0x7fff_f000 })).registers[7]).toBe(0x7fff_f000n)
    expect(execute(encodeU({ opcode: 0x17, rd: 7, imm: 0x2000_0000 })).registers[7]).toBe(0xa000_0000n)
    expect(execute(encodeU({ opcode: 0x17, rd: 7, imm: 0x8000_0000 })).registers[7]).toBe(0n)
  })

  test('a result for x0 goes nowhere and costs no operation', () => {
    for (const word of [
      encodeR({ opcode: 0x33, rs1: 5, rs2: 6, funct7: 1 }),
      encodeI({ opcode: 0x13, rs1: 5, imm: 1 }),
      encodeU({ opcode: 0x37, imm: 0x1000 }),
      encodeU({ opcode: 0x17, imm: 0x1000 }),
    ]) {
      expect(lower(word).map((inst) => inst.op)).toEqual([OP.FLAG])
      expect(execute(word, { registers: { 5: 1n } }).registers[0]).toBe(0n)
    }
  })
})

describe('control', () => {
  test('branches: taken and not taken', () => {
    const holds: Readonly<Record<number, (a: bigint, b: bigint) => boolean>> = {
      0: (a, b) => a === b,
      1: (a, b) => a !== b,
      4: (a, b) => a < b,
      5: (a, b) => a >= b,
      6: (a, b) => u64(a) < u64(b),
      7: (a, b) => u64(a) >= u64(b),
    }
    const wrong: string[] = []
    for (const [funct3, condition] of Object.entries(holds)) {
      for (const x of VALUES) {
        for (const y of VALUES) {
          const word = encodeB({ opcode: 0x63, funct3: Number(funct3), rs1: 5, rs2: 6, imm: -4096 })
          const { pc } = execute(word, { registers: { 5: x, 6: y } })
          if (pc !== PC + (condition(x, y) ? -4096 : 4)) wrong.push(`${funct3} ${x} ${y}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  test('jal links and jumps', () => {
    const machine = execute(encodeJ({ opcode: 0x6f, rd: 1, imm: -2048 }))
    expect([machine.pc, machine.registers[1]]).toEqual([PC - 2048, BigInt(PC + 4)])
    expect(execute(encodeJ({ opcode: 0x6f, imm: 2048 })).registers[0]).toBe(0n)
  })

  test('jalr clears bit 0 of the sum, also when it overwrites its base', () => {
    for (const imm of [0, 4, 2, 1, 3, -1, -3, 2047, -2048]) {
      for (const base of [0x8000_1000n, 0x8000_1001n, 0x8000_1003n]) {
        for (const rd of [0, 1, 5]) {
          const machine = execute(encodeI({ opcode: 0x67, rd, rs1: 5, imm }), { registers: { 5: base } })
          expect(BigInt(machine.pc)).toBe((base + BigInt(imm)) & ~1n)
          if (rd !== 0) expect(machine.registers[rd]).toBe(BigInt(PC + 4))
        }
      }
    }
  })

  test('compressed jumps link the next halfword', () => {
    const machine = execute(0x9282, { registers: { 5: 0x8000_2000n } }) // c.jalr t0
    expect([machine.pc, machine.registers[1]]).toEqual([0x8000_2000, BigInt(PC + 2)])
  })

  test('ecall goes to mtvec with the return address in ra', () => {
    const machine = execute(0x73, { memory: { [ADDRESS.csr + 8 * 0x305]: 0x1148n } })
    expect([machine.pc, machine.registers[1]]).toEqual([0x1148, BigInt(PC + 4)])
  })

  test('ebreak and fences do nothing', () => {
    for (const word of [0x00100073, 0x0ff0000f, 0x0000100f]) expect(execute(word).pc).toBe(PC + 4)
    expect(execute(0x9002).pc).toBe(PC + 2)
  })
})

describe('memory', () => {
  const WORD = 0x8182_8384_8586_8788n

  test('loads extend as their names say', () => {
    const expected = [
      s64(-0x78n),
      s64(-0x7879n + 1n),
      s64(0xffff_ffff_8586_8788n),
      WORD,
      0x88n,
      0x8788n,
      0x8586_8788n,
    ].map(u64)
    expected.forEach((value, funct3) => {
      const word = encodeI({ opcode: 0x03, funct3, rd: 7, rs1: 5, imm: -8 })
      const machine = execute(word, { registers: { 5: BigInt(RAM + 8) }, memory: { [RAM]: WORD } })
      expect(machine.registers[7], `funct3 ${funct3}`).toBe(value)
    })
  })

  test('stores write their width only', () => {
    for (const [funct3, bytes] of [1, 2, 4, 8].entries()) {
      const word = encodeS({ opcode: 0x23, funct3, rs1: 5, rs2: 6, imm: 2047 })
      const machine = execute(word, { registers: { 5: BigInt(RAM - 2047), 6: -1n }, memory: { [RAM]: 0n } })
      expect(readMemory(machine, RAM, 8)).toBe(2n ** BigInt(8 * bytes) - 1n)
    }
  })

  const atomics: readonly (readonly [string, number, Formula])[] = [
    ['amoadd', 0x00, (old, b) => old + b],
    ['amoswap', 0x01, (_old, b) => b],
    ['amoxor', 0x04, (old, b) => old ^ b],
    ['amoor', 0x08, (old, b) => old | b],
    ['amoand', 0x0c, (old, b) => old & b],
    ['amomin', 0x10, (old, b) => (old < b ? old : b)],
    ['amomax', 0x14, (old, b) => (old > b ? old : b)],
    ['amominu', 0x18, (old, b) => (u64(old) < u64(b) ? old : b)],
    ['amomaxu', 0x1c, (old, b) => (u64(old) > u64(b) ? old : b)],
  ]

  test.each(atomics)('%s, with every aliasing of its registers', (_name, funct5, formula) => {
    const wrong: string[] = []
    for (const funct3 of [2, 3]) {
      const narrow = (value: bigint) => (funct3 === 2 ? s32(value) : s64(value))
      for (const [rd, rs1, rs2] of [
        [7, 5, 6],
        [5, 5, 6],
        [6, 5, 6],
        [0, 5, 6],
        [7, 5, 5],
        [5, 5, 5],
        [7, 5, 0],
      ] as const) {
        for (const old of VALUES) {
          for (const y of VALUES) {
            const word = encodeR({ opcode: 0x2f, funct3, funct7: funct5 << 2, rd, rs1, rs2 })
            const given = { registers: { 5: BigInt(RAM), 6: y }, memory: { [RAM]: old, [RAM + 8]: 0n } }
            const machine = execute(word, given)
            const operand = rs2 === 6 ? y : rs2 === 5 ? BigInt(RAM) : 0n
            const stored = BigInt.asUintN(funct3 === 2 ? 32 : 64, formula(narrow(old), narrow(operand)))
            const kept = funct3 === 2 ? u64(old) & ~0xffff_ffffn : 0n
            const isRight =
              readMemory(machine, RAM, 8) === (kept | stored) &&
              machine.registers[rd] === (rd === 0 ? 0n : u64(narrow(old))) &&
              machine.pc === PC + 4
            if (!isRight) wrong.push(`funct3 ${funct3} x${rd} x${rs1} x${rs2}: ${old} ${y}`)
          }
        }
      }
    }
    expect(wrong).toEqual([])
  })

  test('lr loads, sc stores and always succeeds', () => {
    const given = {
      registers: { 5: BigInt(RAM), 6: 0x1_8000_0000n, 7: 99n },
      memory: { [RAM]: 0xffff_ffff_8000_0001n },
    }
    expect(execute(encodeR({ opcode: 0x2f, funct3: 2, funct7: 0x08, rd: 7, rs1: 5 }), given).registers[7]).toBe(
      0xffff_ffff_8000_0001n,
    )
    for (const rd of [7, 0, 5, 6]) {
      const machine = execute(encodeR({ opcode: 0x2f, funct3: 2, funct7: 0x0c, rd, rs1: 5, rs2: 6 }), given)
      expect(readMemory(machine, RAM, 8)).toBe(0xffff_ffff_8000_0000n)
      expect([machine.registers[rd], machine.pc]).toEqual([0n, PC + 4])
    }
  })
})

describe('Zicsr', () => {
  const CSR = 0x340
  const word = ADDRESS.csr + 8 * CSR
  const csr = (funct3: number, number: number, rd: number, rs1: number) =>
    encodeI({ opcode: 0x73, funct3, rd, rs1, imm: number })

  test('every form, with every aliasing', () => {
    const change: Readonly<Record<number, (old: bigint, operand: bigint) => bigint>> = {
      1: (_old, operand) => operand,
      2: (old, operand) => old | operand,
      3: (old, operand) => old & ~operand,
    }
    const wrong: string[] = []
    for (const funct3 of [1, 2, 3, 5, 6, 7]) {
      for (const [rd, rs1] of [
        [7, 5],
        [5, 5],
        [0, 5],
        [7, 0],
        [0, 0],
      ] as const) {
        for (const old of [0n, -1n, 0x0123_4567_89ab_cdefn]) {
          for (const x of [0n, -1n, 0xf0f0n]) {
            const machine = execute(csr(funct3, CSR, rd, rs1), { registers: { 5: x }, memory: { [word]: old } })
            const operand = funct3 > 4 ? BigInt(rs1) : rs1 === 0 ? 0n : x
            const isRight =
              readMemory(machine, word, 8) === u64(change[funct3 & 3]!(old, operand)) &&
              machine.registers[rd] === (rd === 0 ? 0n : u64(old)) &&
              machine.pc === PC + 4
            if (!isRight) wrong.push(`funct3 ${funct3} x${rd} x${rs1}: ${old} ${x}`)
          }
        }
      }
    }
    expect(wrong).toEqual([])
  })

  const haltOf = (encoding: number) => execute(encoding).haltCause

  test('counters and identification registers can be read, not written', () => {
    for (const number of [0xc00, 0xc01, 0xc02, 0xc1f, 0xf11, 0xf12, 0xf14, 0xf15]) {
      expect(haltOf(csr(2, number, 7, 0))).toBeUndefined()
      expect(haltOf(csr(6, number, 7, 0))).toBeUndefined()
      for (const funct3 of [1, 5]) expect(haltOf(csr(funct3, number, 0, 0))).toBe(HALT_CAUSE.readOnlyCsr)
      for (const funct3 of [2, 3, 6, 7]) expect(haltOf(csr(funct3, number, 7, 5))).toBe(HALT_CAUSE.readOnlyCsr)
    }
    expect(haltOf(0xc0001073)).toBe(HALT_CAUSE.readOnlyCsr)
    expect(haltOf(csr(1, 0xb00, 0, 5))).toBeUndefined()
  })

  test('numbers that nothing answers to fault, with the number in the instruction', () => {
    for (const number of [0x81b, 0x8bf, 0x8e0, 0x900, 0xb20, 0xc20, 0xf16, 0xffd, 0xfff]) {
      for (const funct3 of [1, 2, 3, 5, 6, 7]) {
        expect(haltOf(csr(funct3, number, 7, 5))).toBe(HALT_CAUSE.unknownCsr)
      }
      expect(lower(csr(2, number, 7, 0))[0]!.riscv >>> 20).toBe(number)
    }
  })

  test('precompile calls fault as such; profiler tags do nothing', () => {
    for (let number = 0x800; number <= 0x819; number++) {
      expect(haltOf(csr(2, number, 0, 10))).toBe(HALT_CAUSE.unsupportedPrecompile)
    }
    expect(haltOf(csr(2, 0x811, 10, 10))).toBe(HALT_CAUSE.unsupportedPrecompile)
    expect(execute(csr(2, 0x81a, 0, 10)).pc).toBe(PC + 4)
  })

  test('fcalls: start, parameter, result', () => {
    expect(lower(csr(5, 0x8c0, 0, 23))).toMatchObject([{ op: OP.FCALL, aLow: 23, jmpOffset2: 4 }])
    expect(lower(csr(5, 0x8df, 0, 31))).toMatchObject([{ op: OP.FCALL, aLow: 1023 }])
    expect(lower(csr(2, 0x8f0, 0, 10))).toMatchObject([{ op: OP.FCALL_PARAM, aLow: 1, bLow: 10 }])
    expect(lower(csr(2, 0x8ff, 0, 10))).toMatchObject([{ op: OP.FCALL_PARAM, aLow: 256, bLow: 10 }])
    expect(lower(csr(2, 0xffe, 11, 0))).toMatchObject([{ op: OP.FCALL_GET, bLow: 0x4000_0000, storeOffset: 11 }])
    const old = createLowerings(MEMORY_MAPS['v0.12'])
    expect(old.csrrs(decode(csr(2, 0xffe, 11, 0)))).toMatchObject([{ bLow: 0x9000_0000 }])
    expect(haltOf(csr(1, 0x8c0, 0, 5))).toBe(HALT_CAUSE.unknownCsr)
    expect(haltOf(csr(5, 0x8c0, 7, 5))).toBe(HALT_CAUSE.unknownCsr)
    expect(haltOf(csr(1, 0x8f0, 0, 5))).toBe(HALT_CAUSE.unknownCsr)
    expect(haltOf(csr(1, 0xffe, 0, 5))).toBe(HALT_CAUSE.readOnlyCsr)
  })
})

test('what cannot run becomes one halt that remembers its encoding', () => {
  for (const [encoding, cause] of [
    [0, HALT_CAUSE.illegalInstruction],
    [0xffffffff, HALT_CAUSE.illegalInstruction],
    [0x30200073, HALT_CAUSE.illegalInstruction],
    [encodeR({ opcode: 0x53 }), HALT_CAUSE.unsupportedFloat],
    [0x2000, HALT_CAUSE.unsupportedFloat],
  ] as const) {
    expect(lower(encoding)).toMatchObject([{ op: OP.HALT, bLow: cause, riscv: encoding }])
    expect(execute(encoding).haltCause).toBe(cause)
  }
})
