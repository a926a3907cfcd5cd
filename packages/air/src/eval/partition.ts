import { type ExpressionDag, type ExprId, isOperation, NODE } from '../model/expression.ts'

/** A share of the outputs that becomes one function, with the nodes it has to compute in order. */
export interface OutputGroup {
  /** Positions in the list of outputs. */
  readonly outputs: readonly number[]
  /** Nodes that the outputs reach, operands first. */
  readonly nodes: readonly ExprId[]
}

/**
 * Splits outputs into consecutive groups of at most `maxNodes` nodes each (one output may exceed it alone), so that a
 * generated function stays within what an engine optimises well. Nodes shared by groups are computed in each.
 */
export function partitionOutputs(
  dag: ExpressionDag,
  outputs: readonly ExprId[],
  maxNodes: number,
): readonly OutputGroup[] {
  const groups: OutputGroup[] = []
  let members: number[] = []
  let nodes = new Set<ExprId>()
  for (const [position, root] of outputs.entries()) {
    let added = collect(dag, root, nodes)
    if (members.length > 0 && nodes.size + added.length > maxNodes) {
      groups.push({ outputs: members, nodes: sorted(nodes) })
      members = []
      nodes = new Set()
      added = collect(dag, root, nodes)
    }
    for (const id of added) nodes.add(id)
    members.push(position)
  }
  if (members.length > 0) groups.push({ outputs: members, nodes: sorted(nodes) })
  return groups
}

function sorted(nodes: ReadonlySet<ExprId>): readonly ExprId[] {
  return [...nodes].sort((x, y) => x - y)
}

/** Nodes that `root` reaches and `known` lacks. */
function collect(dag: ExpressionDag, root: ExprId, known: ReadonlySet<ExprId>): readonly ExprId[] {
  const found = new Set<ExprId>()
  const stack = [root]
  while (stack.length > 0) {
    const id = stack.pop()!
    if (known.has(id) || found.has(id)) continue
    found.add(id)
    if (!isOperation(dag.kinds[id]!)) continue
    stack.push(dag.a[id]!)
    if (dag.kinds[id] !== NODE.neg) stack.push(dag.b[id]!)
  }
  return [...found]
}

/**
 * Registers for a straight line of nodes: `slots[i]` is the register of `nodes[i]`, free again after the node that uses
 * it last. The register of a node differs from those of its operands.
 */
export function allocateSlots(
  dag: ExpressionDag,
  nodes: readonly ExprId[],
): { readonly slots: readonly number[]; readonly count: number } {
  const lastUse = new Map<ExprId, number>()
  for (const [at, id] of nodes.entries()) {
    if (!isOperation(dag.kinds[id]!)) continue
    lastUse.set(dag.a[id]!, at)
    if (dag.kinds[id] !== NODE.neg) lastUse.set(dag.b[id]!, at)
  }
  const slotOf = new Map<ExprId, number>()
  const free: number[] = []
  let count = 0
  const slots = nodes.map((id, at) => {
    const slot = free.pop() ?? count++
    slotOf.set(id, slot)
    if (isOperation(dag.kinds[id]!)) {
      const operands = dag.kinds[id] === NODE.neg ? [dag.a[id]!] : [dag.a[id]!, dag.b[id]!]
      for (const operand of new Set(operands)) if (lastUse.get(operand) === at) free.push(slotOf.get(operand)!)
    }
    return slot
  })
  return { slots, count }
}
