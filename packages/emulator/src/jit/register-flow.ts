/**
 * Which guest registers a unit must load, and which it must write back, block by block. A set of registers is a mask of
 * 32 bits; bit 0, free because x0 is never an operand, stands for `c`, the result of the previous instruction.
 *
 * `c` counts as written only where somebody reads it: the next instruction of the program, or code that the compiler
 * does not see.
 */

import { type InstructionTable, OP, type RomInstruction, SOURCE, STORE } from '@zisk/core'
import type { FlowStructure } from './flow-structure.ts'
import { isIndirect } from './instruction-kind.ts'
import type { Block, UnitGraph } from './unit-graph.ts'

/** The bit of `c`. */
export const C_REGISTER = 0

/** Register sets of one block. */
export interface BlockRegisters {
  /** Per instruction: whether its `c` must be kept. */
  readonly keepsC: readonly boolean[]
  /** Per instruction and, last, for the terminator: registers that may differ from memory before it. */
  readonly dirtyBefore: readonly number[]
  /** Registers whose local must be right when the block starts. */
  readonly liveIn: number
}

/** Whether the instruction reads the result of the one before it. */
export function readsC(inst: RomInstruction): boolean {
  return inst.aSrc === SOURCE.C || inst.bSrc === SOURCE.C
}

/** Whether the value of operand a matters. */
export function usesA(inst: RomInstruction): boolean {
  if (isIndirect(inst)) return true
  return ![OP.FLAG, OP.COPYB, OP.SIGNEXTEND_B, OP.SIGNEXTEND_H, OP.SIGNEXTEND_W].some((op) => op === inst.op)
}

/** Computes the register sets of every reachable block; others get `undefined`. */
export function analyseRegisters(
  graph: UnitGraph,
  flow: FlowStructure,
  table: InstructionTable,
): readonly (BlockRegisters | undefined)[] {
  const count = graph.blocks.length
  const keepsC = graph.blocks.map((block) => keptResults(block, table))
  const writes = graph.blocks.map((block, at) => block.instructions.map((inst, i) => writeMask(inst, keepsC[at]![i]!)))
  const allWrites = writes.map((masks) => masks.reduce((all, mask) => all | mask, 0))

  const dirtyIn = new Int32Array(count)
  untilStable(flow.order, (block) => {
    const before = dirtyIn[block]!
    let dirty = before
    for (const source of flow.predecessors[block]!) {
      if (graph.blocks[source]!.terminator.kind !== 'call') dirty |= dirtyIn[source]! | allWrites[source]!
    }
    dirtyIn[block] = dirty
    return dirty !== before
  })

  const exposed = graph.blocks.map((block, at) => exposedReads(block, writes[at]!))
  const liveIn = new Int32Array(count)
  untilStable([...flow.order].reverse(), (block) => {
    const before = liveIn[block]!
    let live = 0
    if (graph.blocks[block]!.terminator.kind !== 'call') {
      for (const target of flow.successors[block]!) if (target >= 0) live |= liveIn[target]!
    }
    // Whatever is dirty will be written back somewhere.
    liveIn[block] = before | dirtyIn[block]! | exposed[block]! | (live & ~allWrites[block]!)
    return liveIn[block] !== before
  })

  return graph.blocks.map((_block, at) => {
    if (flow.position[at]! < 0) return undefined
    const dirtyBefore = [dirtyIn[at]!]
    for (const mask of writes[at]!) dirtyBefore.push(dirtyBefore.at(-1)! | mask)
    return { keepsC: keepsC[at]!, dirtyBefore, liveIn: liveIn[at]! }
  })
}

/** Registers in a mask, ascending. */
export function registersOf(mask: number): number[] {
  const registers: number[] = []
  for (let register = 0; register < 32; register++) if ((mask >>> register) & 1) registers.push(register)
  return registers
}

function untilStable(order: readonly number[], update: (block: number) => boolean): void {
  for (let changed = true; changed; ) {
    changed = false
    for (const block of order) if (update(block)) changed = true
  }
}

/** For every instruction of a block whether something reads its `c`. */
function keptResults(block: Block, table: InstructionTable): boolean[] {
  const { instructions, terminator, targets } = block
  return instructions.map((_inst, i) => {
    const next = instructions[i + 1]
    if (next !== undefined) return readsC(next)
    if (terminator.kind === 'computed') return true
    const targetReads = (pc: number): boolean => {
      const row = table.rowOf(pc)
      return row >= 0 && readsC(table.at(row))
    }
    if (terminator.kind === 'call') return terminator.callee === undefined || targetReads(terminator.callee)
    return targets.some(targetReads)
  })
}

function writeMask(inst: RomInstruction, keepsC: boolean): number {
  return (inst.store === STORE.REG ? 1 << inst.storeOffset : 0) | (keepsC ? 1 << C_REGISTER : 0)
}

function readMask(inst: RomInstruction): number {
  let mask = readsC(inst) ? 1 << C_REGISTER : 0
  if (inst.aSrc === SOURCE.REG && usesA(inst)) mask |= 1 << inst.aLow
  if (inst.bSrc === SOURCE.REG && inst.op !== OP.FLAG) mask |= 1 << inst.bLow
  return mask
}

/** Registers that a block reads before it writes them. */
function exposedReads(block: Block, writes: readonly number[]): number {
  let exposed = 0
  let written = 0
  for (const [i, inst] of block.instructions.entries()) {
    exposed |= readMask(inst) & ~written
    written |= writes[i]!
  }
  return exposed
}
