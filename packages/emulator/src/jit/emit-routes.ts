/**
 * The way from the beginning of a unit to the block at which it is entered. While control is on this way, the step
 * counter is negative and its value saved: so the look at the counter in a loop header, which is there anyway, is what
 * makes the header pass control on.
 */

import type { RouteNode, RoutePlan } from './routes.ts'
import type { UnitCode } from './unit-code.ts'
import { W } from './wasm-code.ts'

/** A unit's routes and how to follow them. */
export interface RouteContext {
  readonly plan: RoutePlan
  readonly pcOf: (block: number) => number
  /** Emits the branch to a block. */
  readonly branchTo: (block: number) => void
  /** Loads the registers that a block needs. */
  readonly loadFor: (block: number) => void
}

const ON_THE_WAY = -1

/** At the beginning: sets out for another entry when the pc is not the unit's own. */
export function emitEntryChoice(unit: UnitCode, ownPc: number, context: RouteContext): void {
  const nodes = [...context.plan.nodes.values()]
  if (nodes.length === 0) return
  const { code } = unit
  code.localGet(unit.pc)
  code.i32(ownPc)
  code.op(W.I32_NE)
  unit.open(W.IF)
  const byPc = nodes.map(({ block, entry }) => ({ pc: context.pcOf(block), entry })).sort((x, y) => x.pc - y.pc)
  chooseEntry(unit, byPc)
  code.localGet(unit.remaining)
  code.localSet(unit.savedRemaining)
  code.i32(ON_THE_WAY)
  code.localSet(unit.remaining)
  emitPassingOn(unit, context.plan.outer, context)
  code.op(W.UNREACHABLE)
  unit.end()
}

/** Finds the number of the entry at the pc by bisection. */
function chooseEntry(unit: UnitCode, byPc: readonly { readonly pc: number; readonly entry: number }[]): void {
  const { code } = unit
  const middle = byPc.length >> 1
  if (middle === 0) {
    code.i32(byPc[0]!.entry)
    code.localSet(unit.entry)
    return
  }
  code.localGet(unit.pc)
  code.i32(byPc[middle]!.pc)
  code.op(W.I32_LT_U)
  unit.open(W.IF)
  chooseEntry(unit, byPc.slice(0, middle))
  code.op(W.ELSE)
  chooseEntry(unit, byPc.slice(middle))
  unit.end()
}

/** In a loop header whose step counter was found low: passes control on if it is on the way to a block inside. */
export function emitHeaderRoutes(unit: UnitCode, header: number, context: RouteContext): void {
  const inner = context.plan.nodes.get(header)?.inner ?? []
  if (inner.length === 0) return
  unit.code.localGet(unit.remaining)
  unit.code.i32(0)
  unit.code.op(W.I32_LT_S)
  unit.open(W.IF)
  emitPassingOn(unit, inner, context)
  unit.code.op(W.UNREACHABLE)
  unit.end()
}

function emitPassingOn(unit: UnitCode, nodes: readonly RouteNode[], context: RouteContext): void {
  const { code } = unit
  for (const node of nodes) {
    code.localGet(unit.entry)
    code.i32(node.end)
    code.op(W.I32_LT_U)
    unit.open(W.IF)
    if (node.inner.length > 0) {
      code.localGet(unit.entry)
      code.i32(node.entry)
      code.op(W.I32_EQ)
      unit.open(W.IF)
      arrive(unit, node, context)
      unit.end()
    } else {
      arrive(unit, node, context)
    }
    context.branchTo(node.block)
    unit.end()
  }
}

function arrive(unit: UnitCode, { block }: RouteNode, context: RouteContext): void {
  unit.code.localGet(unit.savedRemaining)
  unit.code.localSet(unit.remaining)
  context.loadFor(block)
}
