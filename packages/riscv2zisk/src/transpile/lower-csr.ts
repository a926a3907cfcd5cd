/**
 * Zicsr: CSRs as memory words, and ZisK's calls made through them.
 *
 * Source: ZisK v0.18 `core/src/riscv2zisk_context.rs`; unlike there, `csrrwi` writes the same word as the others.
 */

import {
  ADDRESS,
  FCALL_CSR_FIRST,
  FCALL_PARAM_CSR_FIRST,
  FCALL_PARAM_WORDS,
  HALT_CAUSE,
  type MemoryMap,
  OP,
  type RomInstruction,
} from '@zisk/core'
import type { DecodedInstruction } from '../decode/instruction.ts'
import { csrKind } from './csr-access.ts'
import { halt, type Lowering, nop } from './lower-computation.ts'
import {
  csrAddress,
  imm,
  LAST,
  type MicroOp,
  mem,
  microOp,
  type Operand,
  reg,
  sequence,
  toMem,
  toReg,
} from './micro-op.ts'

/** How an instruction changes a CSR. */
type Action = 'write' | 'set' | 'clear'

const haltUnknown = halt(HALT_CAUSE.unknownCsr)
const haltReadOnly = halt(HALT_CAUSE.readOnlyCsr)
const haltPrecompile = halt(HALT_CAUSE.unsupportedPrecompile)

/** csrrw, csrrs, csrrc with a register operand (`immediate` false) or a 5-bit immediate. */
export function csrOp(action: Action, immediate: boolean, memoryMap: MemoryMap): Lowering {
  return (inst) => {
    const isWrite = action === 'write' || (immediate ? inst.imm : inst.rs1) !== 0
    switch (csrKind(inst.csr)) {
      case 'word':
        return isWrite ? readModifyWrite(inst, action, immediate) : readOnly(inst)
      case 'readOnlyWord':
        return isWrite ? haltReadOnly(inst) : readOnly(inst)
      case 'precompile':
        return haltPrecompile(inst)
      case 'profile':
        return nop(inst)
      case 'fcall':
        return action === 'write' && immediate && inst.rd === 0 ? fcall(inst) : haltUnknown(inst)
      case 'fcallParam':
        return action === 'set' && inst.rd === 0 ? fcallParam(inst, immediate) : haltUnknown(inst)
      case 'fcallGet':
        return isWrite ? haltReadOnly(inst) : fcallGet(inst, memoryMap)
      default:
        return haltUnknown(inst)
    }
  }
}

function readOnly(inst: DecodedInstruction): readonly RomInstruction[] {
  const { rd, csr, word } = inst
  if (rd === 0) return nop(inst)
  return [microOp({ op: OP.COPYB, b: mem(csrAddress(csr)), to: toReg(rd), j: [4, 4], riscv: word })]
}

function readModifyWrite(inst: DecodedInstruction, action: Action, immediate: boolean): readonly RomInstruction[] {
  const { rd, rs1, csr } = inst
  const address = csrAddress(csr)
  const operand = immediate ? imm(inst.imm) : reg(rs1)
  if (rd === 0) return sequence(inst, change({ action, immediate, address, operand, old: mem(address) }))
  // rd must keep the old value; when it is the operand too, that waits in memory until the operand was used.
  const aliased = !immediate && rd === rs1
  const read = { op: OP.COPYB, b: mem(address), to: aliased ? toMem(ADDRESS.temp33) : toReg(rd) }
  const changed = change({ action, immediate, address, operand, old: LAST })
  const restore = { op: OP.COPYB, b: mem(ADDRESS.temp33), to: toReg(rd) }
  return sequence(inst, aliased ? [read, ...changed, restore] : [read, ...changed])
}

interface Change {
  readonly action: Action
  readonly immediate: boolean
  readonly address: number
  readonly operand: Operand
  /** The CSR's old value: its memory word, or the result of having just read it. */
  readonly old: Operand
}

function change({ action, immediate, address, operand, old }: Change): Omit<MicroOp, 'j' | 'at' | 'riscv'>[] {
  const to = toMem(address)
  if (action === 'write') return [{ op: OP.COPYB, b: operand, to }]
  if (action === 'set') return [{ op: OP.OR, a: old, b: operand, to }]
  if (immediate) return [{ op: OP.AND, a: old, b: imm(-1 - operand.low), to }]
  return [
    { op: OP.XOR, a: imm(-1), b: operand },
    { op: OP.AND, a: LAST, b: mem(address), to },
  ]
}

/** Starts the function call whose id is spread over the CSR number and the immediate. */
function fcall({ csr, imm: low, word }: DecodedInstruction): readonly RomInstruction[] {
  const id = ((csr - FCALL_CSR_FIRST) << 5) + low
  return [microOp({ op: OP.FCALL, a: imm(id), j: [4, 4], riscv: word })]
}

/** Passes a value, or the address of several words. */
function fcallParam({ csr, imm: value, rs1, word }: DecodedInstruction, immediate: boolean): readonly RomInstruction[] {
  const words = FCALL_PARAM_WORDS[csr - FCALL_PARAM_CSR_FIRST]!
  const b = immediate ? imm(value) : reg(rs1)
  return [microOp({ op: OP.FCALL_PARAM, a: imm(words), b, j: [4, 4], riscv: word })]
}

/** The next result word arrives in the free-input word. */
function fcallGet({ rd, word }: DecodedInstruction, memoryMap: MemoryMap): readonly RomInstruction[] {
  return [microOp({ op: OP.FCALL_GET, b: mem(memoryMap.input.start), to: toReg(rd), j: [4, 4], riscv: word })]
}
