/**
 * RISC-V encodings from fields, for tests; written from the format diagrams, independently of the decoder.
 */

interface Fields {
  readonly opcode: number
  readonly rd?: number
  readonly funct3?: number
  readonly rs1?: number
  readonly rs2?: number
  readonly funct7?: number
  readonly imm?: number
}

export function encodeR({ opcode, rd = 0, funct3 = 0, rs1 = 0, rs2 = 0, funct7 = 0 }: Fields): number {
  return ((funct7 << 25) | (rs2 << 20) | (rs1 << 15) | (funct3 << 12) | (rd << 7) | opcode) >>> 0
}

export function encodeI({ opcode, rd = 0, funct3 = 0, rs1 = 0, imm = 0 }: Fields): number {
  return (((imm & 0xfff) << 20) | (rs1 << 15) | (funct3 << 12) | (rd << 7) | opcode) >>> 0
}

export function encodeS({ opcode, funct3 = 0, rs1 = 0, rs2 = 0, imm = 0 }: Fields): number {
  return encodeR({ opcode, rd: imm & 31, funct3, rs1, rs2, funct7: (imm >> 5) & 127 })
}

export function encodeB({ opcode, funct3 = 0, rs1 = 0, rs2 = 0, imm = 0 }: Fields): number {
  const rd = (imm & 0x1e) | ((imm >> 11) & 1)
  const funct7 = (((imm >> 12) & 1) << 6) | ((imm >> 5) & 0x3f)
  return encodeR({ opcode, rd, funct3, rs1, rs2, funct7 })
}

export function encodeU({ opcode, rd = 0, imm = 0 }: Fields): number {
  return ((imm & 0xffff_f000) | (rd << 7) | opcode) >>> 0
}

export function encodeJ({ opcode, rd = 0, imm = 0 }: Fields): number {
  const bits = (((imm >> 20) & 1) << 31) | (((imm >> 1) & 0x3ff) << 21) | (((imm >> 11) & 1) << 20) | (imm & 0xff000)
  return (bits | (rd << 7) | opcode) >>> 0
}
