/**
 * Where a unit looks at the step counter. A checked block is entered only when enough steps are left to reach the next
 * checked block, call or exit on any path; so a unit never runs over its budget, and stops at most a few blocks early.
 */

import type { FlowStructure } from './flow-structure.ts'
import { MAX_BLOCK_INSTRUCTIONS, type UnitGraph } from './unit-graph.ts'

/** Longest path without a check, in instructions, unless one block is longer. */
const MAX_UNCHECKED_PATH = MAX_BLOCK_INSTRUCTIONS

/** Per block: the steps that must be left on entry, or 0 for a block without a check. */
export function findCheckpoints(graph: UnitGraph, flow: FlowStructure): readonly number[] {
  const isChecked = flow.isLoopHeader.slice()
  for (const entry of flow.successors[0]!) isChecked[entry] = true
  for (const block of flow.order) {
    const { terminator } = graph.blocks[block]!
    if (terminator.kind === 'call')
      for (const target of flow.successors[block]!) if (target >= 0) isChecked[target] = true
  }
  const path = new Array<number>(graph.blocks.length).fill(0)
  for (const block of [...flow.order].reverse()) {
    const length = graph.blocks[block]!.instructions.length
    let longest = 0
    for (const target of flow.successors[block]!) {
      if (target < 0 || isChecked[target]) continue
      if (length + path[target]! > MAX_UNCHECKED_PATH) isChecked[target] = true
      else longest = Math.max(longest, path[target]!)
    }
    path[block] = length + longest
  }
  return path.map((steps, block) => (isChecked[block] ? steps : 0))
}
