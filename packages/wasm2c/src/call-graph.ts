/** Which functions can call themselves, on whatever way: only those can use up the stack. */

import type { WasmModule } from './module.ts'

/**
 * Indexes of functions that lie on a circle of calls. A call through the table may reach every function in it.
 *
 * @param calls for each defined function what it calls: indexes, and -1 for a call through the table
 */
export function recursiveFunctions(module: WasmModule, calls: readonly ReadonlySet<number>[]): Set<number> {
  const first = module.imports.length
  const table = new Set(module.elements.flatMap(({ functions }) => functions))
  // The table is one more node, behind all functions.
  const tableNode = calls.length
  const edges = calls.map((callees) =>
    [...callees].flatMap((callee) => (callee === -1 ? [tableNode] : callee >= first ? [callee - first] : [])),
  )
  edges.push([...table].flatMap((callee) => (callee >= first ? [callee - first] : [])))
  return new Set(nodesOnCircles(edges).flatMap((node) => (node === tableNode ? [] : [node + first])))
}

/** Tarjan's algorithm without recursion: nodes of components with a circle. */
function nodesOnCircles(edges: readonly (readonly number[])[]): number[] {
  const order = new Int32Array(edges.length).fill(-1)
  const low = new Int32Array(edges.length)
  const open: number[] = []
  const isOpen = new Uint8Array(edges.length)
  const found: number[] = []
  let next = 0
  for (let root = 0; root < edges.length; root++) {
    if (order[root] !== -1) continue
    const path = [{ node: root, edge: 0 }]
    while (path.length > 0) {
      const top = path.at(-1)!
      const { node } = top
      if (top.edge === 0) {
        order[node] = low[node] = next++
        open.push(node)
        isOpen[node] = 1
      }
      const to = edges[node]![top.edge++]
      if (to === undefined) {
        if (low[node] === order[node]) closeComponent(node)
        path.pop()
        const above = path.at(-1)?.node
        if (above !== undefined) low[above] = Math.min(low[above]!, low[node]!)
      } else if (order[to] === -1) path.push({ node: to, edge: 0 })
      else if (isOpen[to] === 1) low[node] = Math.min(low[node]!, order[to]!)
    }
  }
  return found

  function closeComponent(node: number): void {
    const component = open.splice(open.indexOf(node))
    for (const one of component) isOpen[one] = 0
    if (component.length > 1 || edges[node]!.includes(node)) found.push(...component)
  }
}
