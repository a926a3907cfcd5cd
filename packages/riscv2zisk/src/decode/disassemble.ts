/**
 * RISC-V instructions as assembly text, with the usual pseudo-instructions and ABI register names.
 *
 * Source: RISC-V assembly programmer's manual.
 */

import { csrName } from './csr-names.ts'
import { floatText } from './float-text.ts'
import type { DecodedInstruction } from './instruction.ts'
import { registerName } from './register-names.ts'

const UNIMP = 0xc0001073
const PAUSE = 0x0100000f
const RA = 1

/**
 * Assembly text of an instruction.
 *
 * @param pc address of the instruction; targets of jumps and branches are then absolute, else relative to it
 */
export function disassemble(inst: DecodedInstruction, pc?: number): string {
  const { mnemonic, word } = inst
  const target = () => (pc === undefined ? `.${signed(inst.imm)}` : `0x${(pc + inst.imm).toString(16)}`)
  if (mnemonic === 'illegal') return illegalText(inst)
  if (mnemonic === 'float') return floatText(inst)
  if (word === UNIMP) return 'unimp'
  if (mnemonic.startsWith('csr')) return csrText(inst)
  if (mnemonic.startsWith('amo') || mnemonic.startsWith('lr.') || mnemonic.startsWith('sc.')) return atomicText(inst)
  return pseudoText(inst, target) ?? plainText(inst, target)
}

const signed = (value: number): string => (value < 0 ? `${value}` : `+${value}`)

function illegalText({ word, size }: DecodedInstruction): string {
  if (size === 2) return word === 0 ? 'unimp' : `.half 0x${word.toString(16)}`
  return `.word 0x${word.toString(16)}`
}

/** Shorter names for common special cases, or `undefined`. */
function pseudoText(inst: DecodedInstruction, target: () => string): string | undefined {
  const { imm } = inst
  const rd = registerName(inst.rd)
  const rs1 = registerName(inst.rs1)
  const rs2 = registerName(inst.rs2)
  const hasRs1 = inst.rs1 !== 0
  const hasRs2 = inst.rs2 !== 0
  switch (inst.mnemonic) {
    case 'addi':
      if (inst.rd === 0 && !hasRs1 && imm === 0) return 'nop'
      if (!hasRs1) return `li ${rd},${imm}`
      return imm === 0 ? `mv ${rd},${rs1}` : undefined
    case 'add':
      // The expansion of c.mv.
      return inst.size === 2 && !hasRs1 ? `mv ${rd},${rs2}` : undefined
    case 'addiw':
      return imm === 0 ? `sext.w ${rd},${rs1}` : undefined
    case 'xori':
      return imm === -1 ? `not ${rd},${rs1}` : undefined
    case 'andi':
      return imm === 255 ? `zext.b ${rd},${rs1}` : undefined
    case 'sltiu':
      return imm === 1 ? `seqz ${rd},${rs1}` : undefined
    case 'sltu':
      return hasRs1 ? undefined : `snez ${rd},${rs2}`
    case 'slt':
      if (!hasRs2) return `sltz ${rd},${rs1}`
      return hasRs1 ? undefined : `sgtz ${rd},${rs2}`
    case 'sub':
      return hasRs1 ? undefined : `neg ${rd},${rs2}`
    case 'subw':
      return hasRs1 ? undefined : `negw ${rd},${rs2}`
    case 'beq':
      return hasRs2 ? undefined : `beqz ${rs1},${target()}`
    case 'bne':
      return hasRs2 ? undefined : `bnez ${rs1},${target()}`
    case 'bge':
      if (!hasRs2) return `bgez ${rs1},${target()}`
      return hasRs1 ? undefined : `blez ${rs2},${target()}`
    case 'blt':
      if (!hasRs2) return `bltz ${rs1},${target()}`
      return hasRs1 ? undefined : `bgtz ${rs2},${target()}`
    case 'jal':
      if (inst.rd === 0) return `j ${target()}`
      return inst.rd === RA ? `jal ${target()}` : undefined
    case 'jalr':
      return jalrText(inst)
    default:
      return undefined
  }
}

function jalrText({ rd, rs1, imm }: DecodedInstruction): string {
  if (rd === 0 && rs1 === RA && imm === 0) return 'ret'
  const base = imm === 0 ? registerName(rs1) : `${imm}(${registerName(rs1)})`
  if (rd === 0) return `jr ${base}`
  return rd === RA ? `jalr ${base}` : `jalr ${registerName(rd)},${base}`
}

const WITHOUT_OPERANDS = new Set(['ecall', 'ebreak', 'fence.i'])
const LOADS = new Set(['lb', 'lh', 'lw', 'ld', 'lbu', 'lhu', 'lwu'])
const STORES = new Set(['sb', 'sh', 'sw', 'sd'])
const BRANCHES = new Set(['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'])
const SHIFTS = new Set(['slli', 'srli', 'srai', 'slliw', 'srliw', 'sraiw'])
const IMMEDIATES = new Set([...SHIFTS, 'addi', 'slti', 'sltiu', 'xori', 'ori', 'andi', 'addiw'])

function plainText(inst: DecodedInstruction, target: () => string): string {
  const { mnemonic, imm } = inst
  const rd = registerName(inst.rd)
  const rs1 = registerName(inst.rs1)
  const rs2 = registerName(inst.rs2)
  if (WITHOUT_OPERANDS.has(mnemonic)) return mnemonic
  if (mnemonic === 'fence') return fenceText(inst.word)
  if (mnemonic === 'lui' || mnemonic === 'auipc') return `${mnemonic} ${rd},0x${(imm >>> 12).toString(16)}`
  if (mnemonic === 'jal') return `jal ${rd},${target()}`
  if (LOADS.has(mnemonic)) return `${mnemonic} ${rd},${imm}(${rs1})`
  if (STORES.has(mnemonic)) return `${mnemonic} ${rs2},${imm}(${rs1})`
  if (BRANCHES.has(mnemonic)) return `${mnemonic} ${rs1},${rs2},${target()}`
  if (IMMEDIATES.has(mnemonic)) return `${mnemonic} ${rd},${rs1},${shiftOrImmediate(mnemonic, imm)}`
  return `${mnemonic} ${rd},${rs1},${rs2}`
}

/** Shift amounts are written in hexadecimal. */
function shiftOrImmediate(mnemonic: string, imm: number): string {
  return SHIFTS.has(mnemonic) ? `0x${imm.toString(16)}` : `${imm}`
}

/** Access kinds of fence operands, from bit 3 down. */
const FENCE_SETS = 'iorw'

function fenceText(word: number): string {
  if (word === PAUSE) return 'pause'
  const set = (bits: number) => [...FENCE_SETS].filter((_, i) => ((bits >>> (3 - i)) & 1) === 1).join('') || 'unknown'
  const mode = word >>> 28
  const before = (word >>> 24) & 15
  const after = (word >>> 20) & 15
  if (mode === 8 && before === 3 && after === 3) return 'fence.tso'
  return before === 15 && after === 15 ? 'fence' : `fence ${set(before)},${set(after)}`
}

function atomicText({ mnemonic, word, rd, rs1, rs2 }: DecodedInstruction): string {
  const order = ((word >>> 26) & 1 ? 'aq' : '') + ((word >>> 25) & 1 ? 'rl' : '')
  const name = order === '' ? mnemonic : `${mnemonic}.${order}`
  const address = `(${registerName(rs1)})`
  return mnemonic.startsWith('lr.')
    ? `${name} ${registerName(rd)},${address}`
    : `${name} ${registerName(rd)},${registerName(rs2)},${address}`
}

function csrText(inst: DecodedInstruction): string {
  const { mnemonic, rd } = inst
  const csr = csrName(inst.csr)
  const immediate = mnemonic.endsWith('i')
  const operand = immediate ? `${inst.imm}` : registerName(inst.rs1)
  if (mnemonic === 'csrrs' && inst.rs1 === 0) return `csrr ${registerName(rd)},${csr}`
  // csrrw -> csrw, csrrsi -> csrsi: the old value is not wanted.
  if (rd === 0) return `csr${mnemonic.slice(4)} ${csr},${operand}`
  return `${mnemonic} ${registerName(rd)},${csr},${operand}`
}
