/**
 * Unit of compilation: the control-flow graph of the instructions that direct jumps reach from one entry pc. Calls are
 * not followed, but their continuations are.
 */

import { type InstructionTable, type RomInstruction, SOURCE } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'
import { flowOf, isCompilable, isLinking, isLinkRegister } from './instruction-kind.ts'
import { KnownValues } from './known-values.ts'

/**
 * How control leaves a block after its last instruction.
 * - `jump`: to `targets[0]`.
 * - `branch`: to `targets[0]` when the last instruction raises the flag, else to `targets[1]`.
 * - `call`: to `callee` (`undefined`: computed), and from there usually back to `targets[0]`.
 * - `computed`: to `c + jmpOffset1` of the last instruction.
 * - `interpret`: the instruction at `targets[0]` is not compiled.
 */
export type Terminator =
  | { readonly kind: 'jump' }
  | { readonly kind: 'branch' }
  | { readonly kind: 'call'; readonly callee: number | undefined }
  | { readonly kind: 'computed'; readonly isReturn: boolean }
  | { readonly kind: 'interpret' }

/** Straight-line code. */
export interface Block {
  readonly pc: number
  readonly instructions: readonly RomInstruction[]
  readonly terminator: Terminator
  /** pcs that the terminator names. */
  readonly targets: readonly number[]
  /** Index of the block at each target, or -1 when the target lies outside the unit. */
  readonly successors: readonly number[]
}

/** A control-flow graph. Block 0 is empty and goes to the block of the entry, which may lie in a loop. */
export interface UnitGraph {
  readonly entry: number
  readonly blocks: readonly Block[]
}

/** What bounds a unit. */
export interface UnitScope {
  readonly table: InstructionTable
  readonly memory: GuestMemory
  /** Whether a jump to this pc should leave the unit: other functions are units of their own. */
  readonly isBoundary: (pc: number) => boolean
  readonly maxInstructions: number
}

/** Longest block: longer straight-line code is cut, so that the step counter is checked often enough. */
export const MAX_BLOCK_INSTRUCTIONS = 128

interface Draft {
  instructions: RomInstruction[]
  terminator: Terminator
  targets: number[]
}

/** Discovers the unit of an entry pc at which there is an instruction. */
export function buildUnitGraph(entry: number, scope: UnitScope): UnitGraph {
  const drafts = new Map<number, Draft>()
  const owner = new Map<number, number>()
  const queue = [entry]
  const known = new Set(queue)
  let budget = scope.maxInstructions
  for (let head = 0; head < queue.length; head++) {
    const pc = queue[head]!
    if (budget <= 0 && pc !== entry) continue
    splitBlockAt(pc)
    const draft = scan(pc, scope, (next) => drafts.has(next) || known.has(next))
    drafts.set(pc, draft)
    for (const inst of draft.instructions) owner.set(inst.pc, pc)
    budget -= draft.instructions.length
    if (draft.terminator.kind === 'interpret') continue
    for (const target of draft.targets) enqueue(target)
  }
  return link(entry, drafts)

  function enqueue(pc: number): void {
    if (known.has(pc) || scope.table.rowOf(pc) < 0 || (pc !== entry && scope.isBoundary(pc))) return
    known.add(pc)
    queue.push(pc)
  }

  /** Ends the block that runs through `pc` just before it; what follows is scanned again without known values. */
  function splitBlockAt(pc: number): void {
    const start = owner.get(pc)
    const draft = start === undefined ? undefined : drafts.get(start)
    if (draft === undefined) return
    const cut = draft.instructions.findIndex((inst) => inst.pc === pc)
    if (cut <= 0) return
    budget += draft.instructions.length - cut
    draft.instructions.length = cut
    draft.terminator = { kind: 'jump' }
    draft.targets = [pc]
  }
}

/** Reads straight-line code from `pc` up to a jump, another block, or an instruction that is not compiled. */
function scan(pc: number, scope: UnitScope, isBlock: (pc: number) => boolean): Draft {
  const { table, memory } = scope
  const values = new KnownValues()
  const instructions: RomInstruction[] = []
  const end = (terminator: Terminator, targets: number[]): Draft => ({ instructions, terminator, targets })
  for (let next = pc; ; ) {
    const row = table.rowOf(next)
    if (row < 0) return end({ kind: 'interpret' }, [next])
    if (instructions.length > 0 && isBlock(next)) return end({ kind: 'jump' }, [next])
    if (instructions.length === MAX_BLOCK_INSTRUCTIONS) return end({ kind: 'jump' }, [next])
    const inst = table.at(row)
    if (!isCompilable(inst, memory)) return end({ kind: 'interpret' }, [next])
    instructions.push(inst)
    if (inst.setPc) return end(...afterSetPc(inst, values, instructions))
    const flow = flowOf(inst)
    if (flow.kind === 'branch') return end({ kind: 'branch' }, [inst.pc + inst.jmpOffset1, inst.pc + inst.jmpOffset2])
    const following = row + 1 < table.length ? table.columns.pc[row + 1]! : -1
    if (flow.pc !== following) {
      if (isLinking(inst)) return end({ kind: 'call', callee: flow.pc }, [inst.pc + inst.jmpOffset2])
      return end({ kind: 'jump' }, [flow.pc])
    }
    values.step(inst)
    next = flow.pc
  }
}

function afterSetPc(
  inst: RomInstruction,
  values: KnownValues,
  instructions: readonly RomInstruction[],
): [Terminator, number[]] {
  const c = values.result(inst)
  const target = c === undefined || c >> 32n !== 0n ? undefined : Number(c) + inst.jmpOffset1
  if (isLinking(inst)) return [{ kind: 'call', callee: target }, [inst.pc + inst.jmpOffset2]]
  if (target !== undefined) return [{ kind: 'jump' }, [target]]
  return [{ kind: 'computed', isReturn: !inst.storePc && readsLinkRegister(instructions) }, []]
}

/** Whether the jump address comes from a link register: in the last instruction or, through `c`, in the one before. */
function readsLinkRegister(instructions: readonly RomInstruction[]): boolean {
  const last = instructions.at(-1)!
  const source = last.aSrc === SOURCE.C || last.bSrc === SOURCE.C ? (instructions.at(-2) ?? last) : last
  return (
    (source.aSrc === SOURCE.REG && isLinkRegister(source.aLow)) ||
    (source.bSrc === SOURCE.REG && isLinkRegister(source.bLow))
  )
}

/** The unit without the blocks from which there is no way back to the entry: just the loops around it. */
export function restrictToLoops(graph: UnitGraph): UnitGraph {
  const predecessors: number[][] = graph.blocks.map(() => [])
  for (const [block, { successors }] of graph.blocks.entries()) {
    for (const successor of successors) if (successor >= 0) predecessors[successor]!.push(block)
  }
  const isInLoop = graph.blocks.map(() => false)
  const entry = graph.blocks[0]!.successors[0]!
  const queue = predecessors[entry]!.filter((block) => block !== 0)
  for (const block of queue) {
    if (isInLoop[block]) continue
    isInLoop[block] = true
    queue.push(...predecessors[block]!)
  }
  if (!isInLoop[entry]) return graph
  const keep = (target: number): number => (target >= 0 && isInLoop[target] ? target : -1)
  return {
    entry: graph.entry,
    blocks: graph.blocks.map((block) => ({ ...block, successors: block.successors.map(keep) })),
  }
}

function link(entry: number, drafts: ReadonlyMap<number, Draft>): UnitGraph {
  const index = new Map<number, number>([[entry, 1]])
  for (const pc of drafts.keys()) if (!index.has(pc)) index.set(pc, index.size + 1)
  const start = {
    pc: entry,
    instructions: [],
    terminator: { kind: 'jump' },
    targets: [entry],
    successors: [1],
  } as const
  const blocks: Block[] = [start]
  for (const [pc, at] of index) {
    const { instructions, terminator, targets } = drafts.get(pc)!
    const isInside = terminator.kind !== 'interpret'
    blocks[at] = {
      pc,
      instructions,
      terminator,
      targets,
      successors: targets.map((target) => (isInside ? (index.get(target) ?? -1) : -1)),
    }
  }
  return { entry, blocks }
}
