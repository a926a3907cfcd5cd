/**
 * A decoded RISC-V instruction. Compressed instructions decode to the instruction that they abbreviate.
 */

type Rv64i =
  | 'lui'
  | 'auipc'
  | 'jal'
  | 'jalr'
  | 'beq'
  | 'bne'
  | 'blt'
  | 'bge'
  | 'bltu'
  | 'bgeu'
  | 'lb'
  | 'lh'
  | 'lw'
  | 'ld'
  | 'lbu'
  | 'lhu'
  | 'lwu'
  | 'sb'
  | 'sh'
  | 'sw'
  | 'sd'
  | 'addi'
  | 'slti'
  | 'sltiu'
  | 'xori'
  | 'ori'
  | 'andi'
  | 'slli'
  | 'srli'
  | 'srai'
  | 'addiw'
  | 'slliw'
  | 'srliw'
  | 'sraiw'
  | 'add'
  | 'sub'
  | 'sll'
  | 'slt'
  | 'sltu'
  | 'xor'
  | 'srl'
  | 'sra'
  | 'or'
  | 'and'
  | 'addw'
  | 'subw'
  | 'sllw'
  | 'srlw'
  | 'sraw'
  | 'fence'
  | 'ecall'
  | 'ebreak'
type Zifencei = 'fence.i'
type Zicsr = 'csrrw' | 'csrrs' | 'csrrc' | 'csrrwi' | 'csrrsi' | 'csrrci'
type Multiply =
  | 'mul'
  | 'mulh'
  | 'mulhsu'
  | 'mulhu'
  | 'div'
  | 'divu'
  | 'rem'
  | 'remu'
  | 'mulw'
  | 'divw'
  | 'divuw'
  | 'remw'
  | 'remuw'
type AtomicName =
  | 'lr'
  | 'sc'
  | 'amoswap'
  | 'amoadd'
  | 'amoxor'
  | 'amoand'
  | 'amoor'
  | 'amomin'
  | 'amomax'
  | 'amominu'
  | 'amomaxu'
type Atomic = `${AtomicName}.${'w' | 'd'}`

/** Name of an instruction in the RISC-V specification; `float` is any of F and D, `illegal` any other encoding. */
export type Mnemonic = Rv64i | Zifencei | Zicsr | Multiply | Atomic | 'float' | 'illegal'

/** One instruction with its fields; fields that its format lacks are 0. */
export interface DecodedInstruction {
  readonly mnemonic: Mnemonic
  /** The encoding, 16 or 32 bits. */
  readonly word: number
  /** Bytes of the encoding. */
  readonly size: 2 | 4
  readonly rd: number
  readonly rs1: number
  readonly rs2: number
  /**
   * Immediate, sign-extended: the operand, address offset or jump offset in bytes; the whole 32-bit value for `lui` and
   * `auipc`; the shift amount; the 5-bit operand of `csrr?i`.
   */
  readonly imm: number
  /** CSR number of Zicsr instructions. */
  readonly csr: number
}

/** Fields of {@link DecodedInstruction} that a decoder sets. */
interface Fields {
  readonly word: number
  readonly size: 2 | 4
  readonly rd?: number
  readonly rs1?: number
  readonly rs2?: number
  readonly imm?: number
  readonly csr?: number
}

/** Completes a decoded instruction: every one has the same shape. */
export function instruction(
  mnemonic: Mnemonic,
  { word, size, rd = 0, rs1 = 0, rs2 = 0, imm = 0, csr = 0 }: Fields,
): DecodedInstruction {
  return { mnemonic, word, size, rd, rs1, rs2, imm, csr }
}

/** An encoding that no supported extension defines. */
export function illegal(word: number, size: 2 | 4): DecodedInstruction {
  return instruction('illegal', { word, size })
}

/** Register fields of 32-bit instructions. */
export const rdOf = (word: number): number => (word >>> 7) & 31
export const rs1Of = (word: number): number => (word >>> 15) & 31
export const rs2Of = (word: number): number => (word >>> 20) & 31
export const funct3Of = (word: number): number => (word >>> 12) & 7
export const funct7Of = (word: number): number => word >>> 25
