/**
 * The order in which a program computes its nodes. Depth first from the outputs, the operand that wants more room first,
 * so that a long sum takes each term right after it is computed instead of keeping all terms until the end.
 */
import { type ColumnProgram, extensionNodes, type NodeId, operandsOf } from './column-program.ts'

/** The nodes that outputs need, operands before their users; an output comes after those before it in the list. */
export function schedule(program: ColumnProgram): NodeId[] {
  const { nodes, outputs } = program
  const operands = operandsInOrder(program)
  const done = new Uint8Array(nodes.length)
  const order: NodeId[] = []
  for (const { node: root } of outputs) {
    const stack = [{ id: root, next: 0 }]
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!
      const operand = done[top.id] === 1 ? undefined : operands[top.id]![top.next++]
      if (operand !== undefined) {
        stack.push({ id: operand, next: 0 })
        continue
      }
      if (done[top.id] === 0) order.push(top.id)
      done[top.id] = 1
      stack.pop()
    }
  }
  return order
}

/** Operands of each node in the order that keeps fewer coordinates alive; leaves are read where they are used. */
function operandsInOrder(program: ColumnProgram): (readonly NodeId[])[] {
  const isExt = extensionNodes(program)
  const room: number[] = []
  const result: (readonly NodeId[])[] = []
  for (const [id, node] of program.nodes.entries()) {
    const own = isExt[id]! ? 3 : 1
    const [a, b] = operandsOf(node)
    if (a === undefined) {
      room.push(0)
      result.push([])
      continue
    }
    const held = (operand: NodeId): number => (room[operand] === 0 ? 0 : isExt[operand]! ? 3 : 1)
    const inOrder = (first: NodeId, second: NodeId): number => Math.max(room[first]!, held(first) + room[second]!, own)
    if (b === undefined) {
      room.push(Math.max(own, room[a]!))
      result.push([a])
    } else {
      const isFirstA = inOrder(a, b) <= inOrder(b, a)
      room.push(isFirstA ? inOrder(a, b) : inOrder(b, a))
      result.push(isFirstA ? [a, b] : [b, a])
    }
  }
  return result
}
