/**
 * Further entries of a unit. A unit can be entered not only at its beginning but at every block that looks at the step
 * counter: where it may have been left. Entering a block inside a loop would make the loop irreducible; instead control
 * enters each loop around the block by its header, which passes it on.
 */

import type { FlowStructure, Routes } from './flow-structure.ts'

/** A block to which control is passed on: an entry, with the entries in its loop when it is a loop header. */
export interface RouteNode {
  readonly block: number
  /** Number of this entry. */
  readonly entry: number
  /** First number after those of the entries inside. */
  readonly end: number
  readonly inner: readonly RouteNode[]
}

/** All further entries of a unit, from its beginning. */
export interface RoutePlan {
  /** Nodes that the beginning of the unit passes control to. */
  readonly outer: readonly RouteNode[]
  /** Node of each entry, by block. */
  readonly nodes: ReadonlyMap<number, RouteNode>
}

/** Plans the routes to the given blocks, among which are all loop headers. */
export function planRoutes(flow: FlowStructure, entries: readonly number[]): RoutePlan {
  const loopOf = innermostLoops(flow)
  const inside = new Map<number, number[]>()
  for (const block of entries) {
    const loop = loopOf[block]!
    const siblings = inside.get(loop)
    if (siblings === undefined) inside.set(loop, [block])
    else siblings.push(block)
  }
  const nodes = new Map<number, RouteNode>()
  let count = 0
  const build = (block: number): RouteNode => {
    const entry = count++
    const inner = (inside.get(block) ?? []).map(build)
    const node = { block, entry, end: count, inner }
    nodes.set(block, node)
    return node
  }
  return { outer: (inside.get(NO_LOOP) ?? []).map(build), nodes }
}

/** The edges of a plan; those from the beginning leave block 0. */
export function routeEdges({ outer, nodes }: RoutePlan): Routes {
  const edges = new Map<number, readonly number[]>([[0, outer.map(({ block }) => block)]])
  for (const { block, inner } of nodes.values()) {
    if (inner.length > 0)
      edges.set(
        block,
        inner.map((node) => node.block),
      )
  }
  return edges
}

const NO_LOOP = -1

/** Per block the header of the innermost loop around it, not counting a loop that it heads itself. */
function innermostLoops(flow: FlowStructure): number[] {
  const loopOf = new Array<number>(flow.position.length).fill(NO_LOOP)
  // Inner headers come later in the order: they claim their blocks first.
  for (const header of [...flow.order].reverse()) {
    if (!flow.isLoopHeader[header]) continue
    const seen = new Set([header])
    const queue = flow.predecessors[header]!.filter((source) => flow.position[source]! >= flow.position[header]!)
    for (const block of queue) {
      if (seen.has(block)) continue
      seen.add(block)
      if (loopOf[block] === NO_LOOP) loopOf[block] = header
      queue.push(...flow.predecessors[block]!)
    }
  }
  return loopOf
}
