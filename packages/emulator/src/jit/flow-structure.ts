/**
 * Order and nesting of a unit's blocks: reverse postorder, dominator tree, loop headers and merge points, as the
 * translation to structured code needs them.
 *
 * Source: Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm"; Ramsey, "Beyond Relooper" (ICFP 2022).
 */

import type { UnitGraph } from './unit-graph.ts'

/** A reducible flow graph. Arrays are indexed by block. */
export interface FlowStructure {
  /** Reachable blocks in reverse postorder; the entry is first. */
  readonly order: readonly number[]
  /** Position of a block in `order`. */
  readonly position: readonly number[]
  /** Successors; -1 is an edge that leaves the unit. */
  readonly successors: readonly (readonly number[])[]
  /** Predecessors by terminators, not by routes. */
  readonly predecessors: readonly (readonly number[])[]
  /** Blocks that some edge enters from inside their own loop. */
  readonly isLoopHeader: readonly boolean[]
  /** Blocks with two or more forward edges into them, and those that a route leads to. */
  readonly isMerge: readonly boolean[]
  /** Blocks that a route leads to. */
  readonly isRouted: readonly boolean[]
  /** Merge points whose immediate dominator is this block, latest in `order` first. */
  readonly mergeChildren: readonly (readonly number[])[]
}

/** Edges beside those of the terminators: from a block to blocks that it may route control to. */
export type Routes = ReadonlyMap<number, readonly number[]>

/** Analyses a unit. Edges into the middle of a loop are turned into edges that leave the unit, until none is left. */
export function analyseFlow(graph: UnitGraph): FlowStructure {
  const successors = graph.blocks.map((block) => [...block.successors])
  for (;;) {
    const shape = shapeOf(successors)
    if (!cutIrreducibleEdges(shape, successors))
      return structure(shape, successors, predecessorsOf(shape.order, successors), NO_ROUTES)
  }
}

/** The structure of the same graph with routes added, which must not lead into the middle of a loop. */
export function addRoutes(flow: FlowStructure, routes: Routes): FlowStructure {
  const all = flow.successors.map((targets, block) => [...targets, ...(routes.get(block) ?? [])])
  return structure(shapeOf(all), flow.successors, flow.predecessors, routes)
}

const NO_ROUTES: Routes = new Map()

interface Shape {
  readonly order: readonly number[]
  readonly position: readonly number[]
  readonly predecessors: readonly (readonly number[])[]
  readonly immediateDominator: readonly number[]
}

function shapeOf(successors: readonly (readonly number[])[]): Shape {
  const order = reversePostorder(successors)
  const position = invert(order, successors.length)
  const predecessors = predecessorsOf(order, successors)
  return { order, position, predecessors, immediateDominator: dominators(order, position, predecessors) }
}

function reversePostorder(successors: readonly (readonly number[])[]): number[] {
  const seen = new Array<boolean>(successors.length).fill(false)
  const next = new Array<number>(successors.length).fill(0)
  const postorder: number[] = []
  const stack = [0]
  seen[0] = true
  while (stack.length > 0) {
    const block = stack.at(-1)!
    // The last successor first: of two ways the first one then comes earlier in reverse postorder.
    const at = successors[block]!.length - 1 - next[block]!++
    if (at < 0) {
      postorder.push(block)
      stack.pop()
      continue
    }
    const successor = successors[block]![at]!
    if (successor < 0 || seen[successor]) continue
    seen[successor] = true
    stack.push(successor)
  }
  return postorder.reverse()
}

function invert(order: readonly number[], length: number): number[] {
  const position = new Array<number>(length).fill(-1)
  for (const [at, block] of order.entries()) position[block] = at
  return position
}

function predecessorsOf(order: readonly number[], successors: readonly (readonly number[])[]): number[][] {
  const predecessors: number[][] = successors.map(() => [])
  for (const block of order) {
    for (const successor of new Set(successors[block]!)) if (successor >= 0) predecessors[successor]!.push(block)
  }
  return predecessors
}

function dominators(
  order: readonly number[],
  position: readonly number[],
  predecessors: readonly (readonly number[])[],
): number[] {
  const dominator = new Array<number>(position.length).fill(-1)
  dominator[order[0]!] = order[0]!
  for (let changed = true; changed; ) {
    changed = false
    for (const block of order.slice(1)) {
      let common = -1
      for (const predecessor of predecessors[block]!) {
        if (dominator[predecessor]! < 0) continue
        common = common < 0 ? predecessor : intersect(common, predecessor)
      }
      if (dominator[block] === common) continue
      dominator[block] = common
      changed = true
    }
  }
  return dominator

  function intersect(x: number, y: number): number {
    let [left, right] = [x, y]
    while (left !== right) {
      while (position[left]! > position[right]!) left = dominator[left]!
      while (position[right]! > position[left]!) right = dominator[right]!
    }
    return left
  }
}

function dominates(outer: number, inner: number, position: readonly number[], dominator: readonly number[]): boolean {
  let block = inner
  while (position[block]! > position[outer]!) block = dominator[block]!
  return block === outer
}

/** Cuts retreating edges to blocks that do not dominate their source; returns whether there were any. */
function cutIrreducibleEdges({ order, position, immediateDominator }: Shape, successors: number[][]): boolean {
  let cut = false
  for (const block of order) {
    for (const [at, successor] of successors[block]!.entries()) {
      if (successor < 0 || position[successor]! > position[block]!) continue
      if (dominates(successor, block, position, immediateDominator)) continue
      successors[block]![at] = -1
      cut = true
    }
  }
  return cut
}

function structure(
  shape: Shape,
  successors: readonly (readonly number[])[],
  predecessors: readonly (readonly number[])[],
  routes: Routes,
): FlowStructure {
  const { order, position, immediateDominator } = shape
  const isBack = (from: number, to: number): boolean => position[to]! <= position[from]!
  const isLoopHeader = predecessors.map((sources, block) => sources.some((source) => isBack(source, block)))
  const isMerge = predecessors.map((sources, block) => sources.filter((source) => !isBack(source, block)).length > 1)
  const isRouted = successors.map(() => false)
  for (const target of [...routes.values()].flat()) isRouted[target] = isMerge[target] = true
  const mergeChildren: number[][] = successors.map(() => [])
  for (const block of [...order].reverse()) if (isMerge[block]) mergeChildren[immediateDominator[block]!]!.push(block)
  return { order, position, successors, predecessors, isLoopHeader, isMerge, isRouted, mergeChildren }
}
