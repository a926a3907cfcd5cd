import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { encodeB, encodeI, encodeJ, encodeR, encodeS, encodeU } from '../testing/encode.ts'
import { decode, isCompressed } from './decode.ts'
import { disassemble } from './disassemble.ts'
import { floatMnemonic } from './float.ts'

const textOf = (word: number) => disassemble(decode(word))

describe('decode: halfwords, all of them', () => {
  const halves = Array.from({ length: 0x10000 }, (_, half) => half).filter(isCompressed)

  /** Reserved patterns of the RVC listings for RV64: bits that matter, and their values. */
  const RESERVED: readonly (readonly [mask: number, match: number])[] = [
    [0xffe3, 0x0000], // c.addi4spn with immediate 0, among them the all-zero halfword
    [0xe003, 0x8000], // quadrant 0, funct3 100
    [0xef83, 0x2001], // c.addiw x0
    [0xf07f, 0x6001], // c.lui and c.addi16sp with immediate 0
    [0xfc63, 0x9c41], // register operations, third pair
    [0xfc63, 0x9c61],
    [0xef83, 0x4002], // c.lwsp x0
    [0xef83, 0x6002], // c.ldsp x0
    [0xffff, 0x8002], // c.jr x0
  ]
  const FLOAT: readonly (readonly [mask: number, match: number])[] = [
    [0xe003, 0x2000],
    [0xe003, 0xa000],
    [0xe003, 0x2002],
    [0xe003, 0xa002],
  ]
  const matches = (patterns: typeof RESERVED, half: number) => patterns.some(([mask, match]) => (half & mask) === match)

  test('reserved ones are illegal, floating-point ones are float, all others are instructions', () => {
    const wrong = halves.filter((half) => {
      const { mnemonic, size, word } = decode(half)
      const kind = mnemonic === 'illegal' || mnemonic === 'float' ? mnemonic : 'instruction'
      const expected = matches(RESERVED, half) ? 'illegal' : matches(FLOAT, half) ? 'float' : 'instruction'
      return kind !== expected || size !== 2 || word !== half
    })
    expect(wrong).toEqual([])
  })

  test('fields stay in range', () => {
    const wrong = halves.filter((half) => {
      const { rd, rs1, rs2, imm, csr, mnemonic } = decode(half)
      const isRegister = [rd, rs1, rs2].every((register) => register >= 0 && register < 32)
      return !isRegister || csr !== 0 || Math.abs(imm) > (mnemonic === 'lui' ? 2 ** 17 : 2048)
    })
    expect(wrong).toEqual([])
  })

  test('their texts are the ones that agreed with objdump', () => {
    const hash = createHash('sha256')
    for (const half of halves) hash.update(`${textOf(half)}\n`)
    expect(hash.digest('hex')).toMatchInlineSnapshot(
      `"ee67e5897254f3459946cc51aea2aa960533ff03f5deb25c324ccb0034ef49d9"`,
    )
  })

  test.each([
    [0x0001, 'nop'],
    [0x0404, 'addi s1,sp,512'],
    [0x1141, 'addi sp,sp,-16'],
    [0x7139, 'addi sp,sp,-64'],
    [0x4505, 'li a0,1'],
    [0x757d, 'lui a0,0xfffff'],
    [0x852e, 'mv a0,a1'],
    [0x952e, 'add a0,a0,a1'],
    [0x8d0d, 'sub a0,a0,a1'],
    [0x9d2d, 'addw a0,a0,a1'],
    [0x8082, 'ret'],
    [0x9502, 'jalr a0'],
    [0x9002, 'ebreak'],
    [0xe406, 'sd ra,8(sp)'],
    [0x60a2, 'ld ra,8(sp)'],
    [0xc188, 'sw a0,0(a1)'],
    [0x6588, 'ld a0,8(a1)'],
    [0xa001, 'j .+0'],
    [0xdd7d, 'beqz a0,.-2'],
    [0x157e, 'slli a0,a0,0x3f'],
    [0x2501, 'sext.w a0,a0'],
    [0x0000, 'unimp'],
  ])('0x%s', (half, text) => {
    expect(textOf(half)).toBe(text)
  })
})

describe('decode: words', () => {
  test('never throws, keeps the word, and its fields are in range', () => {
    let state = 0x2545f491
    const wrong: number[] = []
    for (let i = 0; i < 300_000; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      const word = (state | 3) >>> 0
      const inst = decode(word)
      const isWhole = inst.size === 4 && inst.word === word && inst.imm === (inst.imm | 0)
      if (!isWhole || /undefined|NaN/.test(textOf(word))) wrong.push(word)
    }
    expect(wrong).toEqual([])
  })

  test.each([
    ['shift amounts above 63', encodeI({ opcode: 0x13, funct3: 1, imm: 0x040 })],
    ['srai with a wrong upper bit', encodeI({ opcode: 0x13, funct3: 5, imm: 0x600 })],
    ['slliw by 32', encodeI({ opcode: 0x1b, funct3: 1, imm: 32 })],
    ['sraiw by 32', encodeI({ opcode: 0x1b, funct3: 5, imm: 0x420 })],
    ['addiw with another funct3', encodeI({ opcode: 0x1b, funct3: 2 })],
    ['add with funct7 2', encodeR({ opcode: 0x33, funct7: 2 })],
    ['sub with funct3 1', encodeR({ opcode: 0x33, funct3: 1, funct7: 0x20 })],
    ['mulw with funct3 1', encodeR({ opcode: 0x3b, funct3: 1, funct7: 1 })],
    ['a load of 7', encodeI({ opcode: 0x03, funct3: 7 })],
    ['a store of 4', encodeS({ opcode: 0x23, funct3: 4 })],
    ['branch funct3 2', encodeB({ opcode: 0x63, funct3: 2 })],
    ['jalr with funct3 1', encodeI({ opcode: 0x67, funct3: 1 })],
    ['lr.w with rs2', encodeR({ opcode: 0x2f, funct3: 2, rs2: 1, funct7: 0x08 })],
    ['a byte atomic', encodeR({ opcode: 0x2f, funct3: 0 })],
    ['atomic funct5 5', encodeR({ opcode: 0x2f, funct3: 2, funct7: 5 << 2 })],
    ['cache block operations', encodeI({ opcode: 0x0f, funct3: 2 })],
    ['mret', 0x30200073],
    ['wfi', 0x10500073],
    ['ecall with rd', 0x000000f3],
    ['csr funct3 4', encodeI({ opcode: 0x73, funct3: 4 })],
    ['custom-0', 0x0000000b],
    ['vector loads', encodeI({ opcode: 0x07, funct3: 0 })],
    ['a rounding mode of 5', encodeR({ opcode: 0x53, funct3: 5 })],
    ['fsqrt with rs2', encodeR({ opcode: 0x53, funct7: 0x2c, rs2: 1 })],
    ['48-bit encodings', 0x0000001f],
    ['64-bit encodings', 0x0000003f],
    ['all ones', 0xffffffff],
  ])('illegal: %s', (_what, word) => {
    expect(decode(word).mnemonic).toBe('illegal')
    expect(textOf(word)).toBe(`.word 0x${word.toString(16)}`)
  })

  test.each([
    [encodeU({ opcode: 0x37, rd: 10, imm: 0x80000000 }), 'lui a0,0x80000'],
    [encodeU({ opcode: 0x17, rd: 10, imm: 0x1000 }), 'auipc a0,0x1'],
    [encodeJ({ opcode: 0x6f, rd: 1, imm: -0x100000 }), 'jal .-1048576'],
    [encodeJ({ opcode: 0x6f, imm: 0xffffe }), 'j .+1048574'],
    [encodeB({ opcode: 0x63, funct3: 6, rs1: 10, rs2: 11, imm: -4096 }), 'bltu a0,a1,.-4096'],
    [encodeB({ opcode: 0x63, funct3: 5, rs1: 10, imm: 4094 }), 'bgez a0,.+4094'],
    [encodeS({ opcode: 0x23, funct3: 3, rs1: 2, rs2: 1, imm: -2048 }), 'sd ra,-2048(sp)'],
    [encodeI({ opcode: 0x03, funct3: 6, rd: 5, rs1: 6, imm: 2047 }), 'lwu t0,2047(t1)'],
    [encodeI({ opcode: 0x13, funct3: 5, rd: 5, rs1: 6, imm: 0x43f }), 'srai t0,t1,0x3f'],
    [encodeR({ opcode: 0x3b, funct3: 7, rd: 1, rs1: 2, rs2: 3, funct7: 1 }), 'remuw ra,sp,gp'],
    [encodeR({ opcode: 0x2f, funct3: 3, rd: 1, rs1: 2, rs2: 3, funct7: 0x73 }), 'amomaxu.d.aqrl ra,gp,(sp)'],
    [encodeR({ opcode: 0x2f, funct3: 2, rd: 1, rs1: 2, funct7: 0x0a }), 'lr.w.aq ra,(sp)'],
    [encodeI({ opcode: 0x73, funct3: 2, rd: 10, imm: 0xf12 - 0x1000 }), 'csrr a0,marchid'],
    [encodeI({ opcode: 0x73, funct3: 2, rs1: 10, imm: 0x800 - 0x1000 }), 'csrs zisk.keccak,a0'],
    [encodeI({ opcode: 0x73, funct3: 5, rs1: 23, imm: 0x8c0 - 0x1000 }), 'csrwi 0x8c0,23'],
    [0xc0001073, 'unimp'],
    [0x0ff0000f, 'fence'],
    [0x0100000f, 'pause'],
    [0x8330000f, 'fence.tso'],
    [0x0000100f, 'fence.i'],
    [0x00000073, 'ecall'],
    [encodeR({ opcode: 0x53, rd: 1, rs1: 2, rs2: 3, funct3: 7, funct7: 1 }), 'fadd.d f1,f2,f3'],
    [encodeI({ opcode: 0x07, funct3: 3, rd: 1, rs1: 2, imm: -8 }), 'fld f1,-8(sp)'],
  ])('%d', (word, text) => {
    expect(textOf(word)).toBe(text)
  })

  test('floatMnemonic: every instruction of F and D has its name', () => {
    expect(floatMnemonic(encodeR({ opcode: 0x53, funct7: 0x20, rs2: 1 }))).toBe('fcvt.s.d')
    expect(floatMnemonic(encodeR({ opcode: 0x53, funct7: 0x20, rs2: 0 }))).toBeUndefined()
    expect(floatMnemonic(encodeR({ opcode: 0x53, funct7: 0x61, rs2: 3 }))).toBe('fcvt.lu.d')
    expect(floatMnemonic(encodeR({ opcode: 0x53, funct7: 0x79 }))).toBe('fmv.d.x')
    expect(floatMnemonic(encodeR({ opcode: 0x4b, funct7: 1 }))).toBe('fnmsub.d')
    expect(floatMnemonic(encodeR({ opcode: 0x4b, funct7: 2 }))).toBeUndefined()
  })
})
