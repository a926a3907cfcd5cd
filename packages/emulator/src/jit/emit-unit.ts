/**
 * Translates a unit to one WebAssembly function: blocks nest by the dominator tree, loops become `loop`, forward merges
 * become the end of a `block`.
 *
 * Source: Ramsey, "Beyond Relooper" (ICFP 2022).
 */

import { type InstructionTable, SOURCE, STORE } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'
import { type AddressCheck, analyseAddresses } from './address-facts.ts'
import { findCheckpoints } from './checkpoints.ts'
import { emitAddressCheck } from './emit-address.ts'
import { emitInstruction, type PushFlag, plainOperandA } from './emit-instruction.ts'
import { emitEntryChoice, emitHeaderRoutes, type RouteContext } from './emit-routes.ts'
import { TerminatorWriter } from './emit-terminator.ts'
import { addRoutes, analyseFlow, type FlowStructure } from './flow-structure.ts'
import type { JitVariant } from './layout.ts'
import { NarrowValues } from './narrow-values.ts'
import { analyseRegisters, type BlockRegisters } from './register-flow.ts'
import { planRoutes, routeEdges } from './routes.ts'
import { type NarrowAccesses, UNIT_TYPE, UnitCode } from './unit-code.ts'
import type { Block, UnitGraph } from './unit-graph.ts'
import { W } from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'

/** What a unit is compiled against. */
export interface UnitContext {
  readonly table: InstructionTable
  readonly memory: GuestMemory
  readonly variant: JitVariant
  /** Table slot of the unit at a pc, whether or not it is compiled. */
  readonly slotOf: (pc: number) => number
  /** Whether the access at a pc has been seen to fail its check. */
  readonly goesEverywhere: (pc: number) => boolean
}

/** A unit as a function. */
export interface EmittedUnit {
  readonly function: WasmFunction
  /** Instructions in it. */
  readonly instructionCount: number
  /** pcs at which it can be entered: its own first. */
  readonly entryPcs: readonly number[]
}

/** Compiles a unit. */
export function emitUnit(graph: UnitGraph, context: UnitContext): EmittedUnit {
  const writer = new UnitWriter(graph, context)
  const { unit } = writer
  const code = writer.write()
  return {
    function: { type: UNIT_TYPE, i32Locals: unit.i32Locals, i64Locals: unit.i64Locals, code },
    instructionCount: writer.instructionCount,
    entryPcs: writer.entryPcs,
  }
}

class UnitWriter {
  readonly unit: UnitCode
  readonly #graph: UnitGraph
  readonly #context: UnitContext
  readonly #flow: FlowStructure
  readonly #registers: readonly (BlockRegisters | undefined)[]
  readonly #checkpoints: readonly number[]
  readonly #checks: readonly (readonly (AddressCheck | undefined)[])[]
  readonly #terminators: TerminatorWriter
  readonly #routes: RouteContext
  /** Depth of the construct that a branch to a loop header or merge point names. */
  readonly #labels = new Map<number, number>()

  constructor(graph: UnitGraph, context: UnitContext) {
    this.#graph = graph
    this.#context = context
    const direct = analyseFlow(graph)
    this.#checkpoints = findCheckpoints(graph, direct)
    const own = graph.blocks[0]!.successors[0]!
    const entries = direct.order.filter(
      (block) => this.#checkpoints[block]! > 0 && (block !== own || direct.isLoopHeader[block]),
    )
    const plan = planRoutes(direct, entries)
    this.#flow = addRoutes(direct, routeEdges(plan))
    this.#registers = analyseRegisters(graph, this.#flow, context.table)
    this.#checks = analyseAddresses(graph, this.#flow, { ...context, recordsWords: context.variant === 'trace' })
    let used = 0
    for (const registers of this.#registers) used |= (registers?.liveIn ?? 0) | (registers?.dirtyBefore.at(-1) ?? 0)
    this.unit = new UnitCode(used, context.slotOf(graph.entry), context.variant, narrowAccesses(graph))
    this.#terminators = new TerminatorWriter(this.unit, context)
    this.#routes = {
      plan,
      pcOf: (block) => graph.blocks[block]!.pc,
      branchTo: (block) => this.unit.branch(W.BR, this.#labels.get(block)!),
      loadFor: (block) => this.unit.load(this.#registers[block]!.liveIn),
    }
  }

  /** pcs at which the unit can be entered. */
  get entryPcs(): readonly number[] {
    return [this.#graph.entry, ...[...this.#routes.plan.nodes.keys()].map((block) => this.#graph.blocks[block]!.pc)]
  }

  get instructionCount(): number {
    return this.#flow.order.reduce((sum, block) => sum + this.#graph.blocks[block]!.instructions.length, 0)
  }

  write(): ReturnType<UnitCode['finish']> {
    this.unit.reloadTrace()
    this.#writeTree(0)
    return this.unit.finish()
  }

  /** A block with everything that it dominates. */
  #writeTree(block: number): void {
    const { unit } = this
    const isLoop = this.#flow.isLoopHeader[block]!
    if (isLoop) this.#labels.set(block, unit.open(W.LOOP))
    const merges = this.#flow.mergeChildren[block]!
    for (const merge of merges) this.#labels.set(merge, unit.open(W.BLOCK))
    this.#writeBlock(block)
    for (const merge of [...merges].reverse()) {
      unit.end()
      this.#writeTree(merge)
    }
    if (isLoop) unit.end()
  }

  #writeBlock(at: number): void {
    const { unit } = this
    const block = this.#graph.blocks[at]!
    const registers = this.#registers[at]!
    const needed = this.#checkpoints[at]!
    if (needed > 0) {
      unit.code.localGet(unit.remaining)
      unit.code.i32(needed)
      unit.code.op(W.I32_LT_S)
      unit.leaveIf({ pc: block.pc, dirty: registers.dirtyBefore[0]!, steps: 0, reason: 'other' }, () =>
        emitHeaderRoutes(unit, at, this.#routes),
      )
    }
    if (at === 0) {
      emitEntryChoice(unit, this.#graph.entry, this.#routes)
      unit.load(registers.liveIn)
    }
    let pushFlag: PushFlag = () => {}
    const narrow = new NarrowValues()
    for (const [i, inst] of block.instructions.entries()) {
      pushFlag = this.#writeInstruction(at, registers, i, narrow.areOperandsNarrow(inst))
      narrow.step(inst)
    }
    this.#writeTerminator(at, block, registers, pushFlag)
  }

  #writeInstruction(at: number, registers: BlockRegisters, i: number, isNarrow: boolean): PushFlag {
    const { unit } = this
    const block = this.#graph.blocks[at]!
    const inst = block.instructions[i]!
    const leave = { pc: inst.pc, dirty: registers.dirtyBefore[i]!, steps: i }
    const check = this.#checks[at]![i]
    const access = check
      ? emitAddressCheck(
          unit,
          {
            inst,
            base: plainOperandA(unit, inst),
            check,
            leave: { ...leave, reason: check.region === 'everywhere' ? 'other' : 'miss' },
          },
          this.#context.memory,
        )
      : undefined
    return emitInstruction(unit, {
      inst,
      keepsC: registers.keepsC[i]!,
      isNarrow,
      access,
      wants: i === block.instructions.length - 1 ? wantedBy(block) : 'nothing',
      onResult: () => {
        if (i === block.instructions.length - 1 && wantedBy(block) === 'result') {
          this.#terminators.takeTarget(inst, { ...leave, reason: 'other' })
        }
      },
    })
  }

  #writeTerminator(at: number, block: Block, registers: BlockRegisters, pushFlag: PushFlag): void {
    const { unit } = this
    const { terminator, targets } = block
    const successors = this.#flow.successors[at]!
    const dirty = registers.dirtyBefore.at(-1)!
    const steps = block.instructions.length
    switch (terminator.kind) {
      case 'jump':
        unit.advance(steps)
        this.#writeEdge(at, 0, dirty)
        return
      case 'interpret':
        unit.advance(steps)
        this.#terminators.exitToInterpreter(targets[0]!, dirty)
        return
      case 'branch':
        unit.advance(steps)
        if (targets[0] === targets[1] || (successors[0]! >= 0 && successors[0] === successors[1])) {
          this.#writeEdge(at, 0, dirty)
          return
        }
        this.#writeBranch(at, pushFlag, dirty)
        return
      case 'computed':
        unit.advance(steps)
        this.#terminators.computedExit(terminator.isReturn, dirty)
        return
      case 'call': {
        unit.advance(steps)
        this.#terminators.call(block, terminator.callee, dirty)
        const next = successors[0]!
        if (next < 0) {
          this.#terminators.exitTo(targets[0]!, 0)
          return
        }
        unit.load(this.#registers[next]!.liveIn)
        this.#writeEdge(at, 0, 0)
        return
      }
    }
  }

  #writeBranch(at: number, pushFlag: PushFlag, dirty: number): void {
    const { unit } = this
    const whenFlag = this.#labelOf(at, 0)
    const otherwise = this.#labelOf(at, 1)
    pushFlag()
    if (whenFlag !== undefined) {
      unit.branch(W.BR_IF, whenFlag)
      this.#writeEdge(at, 1, dirty)
      return
    }
    if (otherwise !== undefined) {
      unit.code.op(W.I32_EQZ)
      unit.branch(W.BR_IF, otherwise)
      this.#writeEdge(at, 0, dirty)
      return
    }
    unit.open(W.IF)
    this.#writeEdge(at, 0, dirty)
    unit.end()
    this.#writeEdge(at, 1, dirty)
  }

  /** Depth of the construct that an edge branches to, when it is a mere branch. */
  #labelOf(at: number, edge: number): number | undefined {
    const target = this.#flow.successors[at]![edge]!
    if (target < 0) return undefined
    const isBack = this.#flow.position[target]! <= this.#flow.position[at]!
    return isBack || this.#flow.isMerge[target] ? this.#labels.get(target) : undefined
  }

  #writeEdge(at: number, edge: number, dirty: number): void {
    const target = this.#flow.successors[at]![edge]!
    const label = this.#labelOf(at, edge)
    if (label !== undefined) this.unit.branch(W.BR, label)
    else if (target >= 0) this.#writeTree(target)
    else this.#terminators.exitTo(this.#graph.blocks[at]!.targets[edge]!, dirty)
  }
}

function narrowAccesses(graph: UnitGraph): NarrowAccesses {
  const narrow = graph.blocks.flatMap((block) => block.instructions).filter(({ indWidth }) => indWidth < 8)
  return {
    reads: narrow.some(({ bSrc }) => bSrc === SOURCE.IND),
    writes: narrow.some(({ store }) => store === STORE.IND),
  }
}

function wantedBy(block: Block): 'nothing' | 'result' | 'flag' {
  switch (block.terminator.kind) {
    case 'branch':
      return 'flag'
    case 'computed':
      return 'result'
    case 'call':
      return block.terminator.callee === undefined ? 'result' : 'nothing'
    default:
      return 'nothing'
  }
}
