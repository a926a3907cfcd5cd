/** Which functions look at the stack before they use it, so that none can run over its end. */

import type { WasmModule } from './module.ts'

/** What functions that do not check may take together, one calling the other: a quarter of what every check leaves. */
const UNCHECKED_BYTES = 8192

/** What is known of a defined function. */
export interface StackUse {
  /** What it calls: indexes of functions, and -1 for a call through the table, which may reach every function in it. */
  readonly calls: ReadonlySet<number>
  /** Estimate of its frame. */
  readonly frameBytes: number
}

/**
 * Indexes of functions that have to check the stack: those that lie on a circle of calls, and as many others as it takes
 * to keep every chain of calls without a check short.
 */
export function stackCheckers(module: WasmModule, functions: readonly StackUse[]): Set<number> {
  const first = module.imports.length
  const table = new Set(module.elements.flatMap(({ functions }) => functions))
  // The table is one more node, behind all functions.
  const tableNode = functions.length
  const edges = functions.map(({ calls }) =>
    [...calls].flatMap((callee) => (callee === -1 ? [tableNode] : callee >= first ? [callee - first] : [])),
  )
  edges.push([...table].flatMap((callee) => (callee >= first ? [callee - first] : [])))
  const checkers = new Set<number>()
  /** Bytes from a function on until a check. */
  const unchecked = new Float64Array(edges.length)
  for (const component of components(edges)) {
    const [node] = component as [number]
    const isCircle = component.length > 1 || edges[node]!.includes(node)
    const below = edges[node]!.reduce((most, callee) => Math.max(most, unchecked[callee]!), 0)
    const bytes = (functions[node]?.frameBytes ?? 0) + below
    // The table itself cannot check; each of its functions does where the table lies on a circle.
    if (isCircle || (node !== tableNode && bytes > UNCHECKED_BYTES)) for (const one of component) checkers.add(one)
    else unchecked[node] = bytes
  }
  checkers.delete(tableNode)
  return new Set([...checkers].map((node) => node + first))
}

/** Strongly connected components, each behind those that it leads to: Tarjan's algorithm without recursion. */
function components(edges: readonly (readonly number[])[]): number[][] {
  const order = new Int32Array(edges.length).fill(-1)
  const low = new Int32Array(edges.length)
  const open: number[] = []
  const isOpen = new Uint8Array(edges.length)
  const found: number[][] = []
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
    const component = open.splice(open.lastIndexOf(node))
    for (const one of component) isOpen[one] = 0
    found.push(component)
  }
}
