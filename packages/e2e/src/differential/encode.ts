/** Encoders of RISC-V instruction formats, for programs that tests build themselves. */

const reg = (index: number): number => index & 31

export const rType = (opcode: number, funct3: number, funct7: number, rd: number, rs1: number, rs2: number): number =>
  (opcode | (reg(rd) << 7) | (funct3 << 12) | (reg(rs1) << 15) | (reg(rs2) << 20) | (funct7 << 25)) >>> 0

/** @param imm -2048..2047 */
export const iType = (opcode: number, funct3: number, rd: number, rs1: number, imm: number): number =>
  (opcode | (reg(rd) << 7) | (funct3 << 12) | (reg(rs1) << 15) | ((imm & 0xfff) << 20)) >>> 0

/** @param imm -2048..2047 */
export const sType = (opcode: number, funct3: number, rs1: number, rs2: number, imm: number): number =>
  (opcode | ((imm & 31) << 7) | (funct3 << 12) | (reg(rs1) << 15) | (reg(rs2) << 20) | (((imm >> 5) & 0x7f) << 25)) >>>
  0

/** @param imm even, -4096..4094 */
export const bType = (funct3: number, rs1: number, rs2: number, imm: number): number =>
  (0x63 |
    (((imm >> 11) & 1) << 7) |
    (((imm >> 1) & 15) << 8) |
    (funct3 << 12) |
    (reg(rs1) << 15) |
    (reg(rs2) << 20) |
    (((imm >> 5) & 0x3f) << 25) |
    (((imm >> 12) & 1) << 31)) >>>
  0

/** @param imm20 the upper 20 bits, 0..2^20-1 */
export const uType = (opcode: number, rd: number, imm20: number): number =>
  (opcode | (reg(rd) << 7) | (imm20 << 12)) >>> 0

/** @param imm even, -2^20..2^20-2 */
export const jType = (rd: number, imm: number): number =>
  (0x6f |
    (reg(rd) << 7) |
    (((imm >> 12) & 0xff) << 12) |
    (((imm >> 11) & 1) << 20) |
    (((imm >> 1) & 0x3ff) << 21) |
    (((imm >> 20) & 1) << 31)) >>>
  0

export const addi = (rd: number, rs1: number, imm: number): number => iType(0x13, 0, rd, rs1, imm)
export const ld = (rd: number, rs1: number, imm: number): number => iType(0x03, 3, rd, rs1, imm)
export const sd = (rs2: number, rs1: number, imm: number): number => sType(0x23, 3, rs1, rs2, imm)
export const jalr = (rd: number, rs1: number, imm: number): number => iType(0x67, 0, rd, rs1, imm)
export const auipc = (rd: number, imm20: number): number => uType(0x17, rd, imm20)
export const ECALL = 0x0000_0073

/** `lui` + `addi` of an address below 2^32 that is sign-extended by lui, then cleared above bit 31. */
export function loadAddress(rd: number, address: number): readonly number[] {
  const low = (address << 20) >> 20
  const high = ((address - low) / 4096) & 0xfffff
  const words = [uType(0x37, rd, high), addi(rd, rd, low)]
  // slli 32, srli 32
  return address - low >= 0x8000_0000 ? [...words, iType(0x13, 1, rd, rd, 32), iType(0x13, 5, rd, rd, 32)] : words
}
