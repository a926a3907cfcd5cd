/**
 * ZisK instructions as text: `add(x10, 4) -> x10`, with what is not plain continuation behind it.
 */

import { hex } from '../errors.ts'
import { haltCauseName } from '../isa/halt-cause.ts'
import { OP, opcodeByCode } from '../isa/opcodes.ts'
import { type RomInstruction, SOURCE, type Source, STORE } from './instruction.ts'

/**
 * One line of ZisK assembly, without the pc.
 *
 * Operands are registers `xN`, immediates, 8-byte words `[address]`, indirect words `[a + offset]:bytes` and `c`, the
 * previous result. Jumps are `j(with flag, without flag)`; a computed jump is `pc = c + offset`.
 */
export function disassembleRom(inst: RomInstruction): string {
  const name = opcodeByCode(inst.op)?.name ?? `op_${hex(inst.op)}`
  const a = operandText(inst.aSrc, inst.aLow, inst.aHigh, inst.indWidth)
  const b = operandText(inst.bSrc, inst.bLow, inst.bHigh, inst.indWidth)
  if (inst.op === OP.HALT) return `halt(${a}, ${haltCauseName(inst.bLow) ?? b})`
  const store = storeText(inst)
  const link = inst.storePc ? ` = pc${signed(inst.jmpOffset2)}` : ''
  return `${name}(${a}, ${b})${store === '' ? '' : ` -> ${store}${link}`} ${jumpText(inst)}`
}

function operandText(source: Source, low: number, high: number, width: number): string {
  switch (source) {
    case SOURCE.C:
      return 'c'
    case SOURCE.REG:
      return `x${low}`
    case SOURCE.MEM:
      return `[${hex(low)}]`
    case SOURCE.IND:
      return `[a${signed(low)}]:${width}`
    default: {
      const value = BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low))
      return value < 0n ? `-${hex(-value)}` : hex(value)
    }
  }
}

function storeText({ store, storeOffset, indWidth }: RomInstruction): string {
  switch (store) {
    case STORE.REG:
      return `x${storeOffset}`
    case STORE.MEM:
      return `[${hex(storeOffset)}]`
    case STORE.IND:
      return `[a${signed(storeOffset)}]:${indWidth}`
    default:
      return ''
  }
}

function jumpText({ setPc, jmpOffset1, jmpOffset2 }: RomInstruction): string {
  if (setPc) return jmpOffset1 === 0 ? 'pc = c' : `pc = c${signed(jmpOffset1)}`
  return jmpOffset1 === jmpOffset2 ? `j(${jmpOffset1})` : `j(${jmpOffset1}, ${jmpOffset2})`
}

function signed(offset: number): string {
  return offset < 0 ? `${offset}` : `+${offset}`
}
