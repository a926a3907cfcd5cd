/**
 * A column program as sums. A node that is used once, by a sum, is a part of that sum; what else has operands is a value
 * that is computed once: so products are added up before any carry is fixed.
 */
import { type ColumnNode, type ColumnProgram, extensionNodes, type NodeId, operandsOf } from './column-program.ts'

/** A term of a sum; operands are values. */
export type Term = { readonly negative: boolean } & (
  | { readonly kind: 'value'; readonly a: NodeId }
  | { readonly kind: 'scalar'; readonly scalar: NodeId }
  /** A value times a scalar over the base field. */
  | { readonly kind: 'scaled'; readonly a: NodeId; readonly scalar: NodeId }
  /** A value times a scalar over the extension. */
  | { readonly kind: 'weighted'; readonly a: NodeId; readonly scalar: NodeId }
  | { readonly kind: 'product'; readonly a: NodeId; readonly b: NodeId }
)

/** Sums of a program, and what the planner asks about its nodes. */
export interface ColumnSums {
  readonly isExt: readonly boolean[]
  /** Operands of terms and outputs that each node is. */
  readonly uses: Uint32Array
  /** The terms of a value or of an output; undefined for a column. */
  readonly termsOf: (id: NodeId) => readonly Term[] | undefined
}

export function isScalar(node: ColumnNode): boolean {
  return 'scalar' in node
}

/** The values among the operands of a term. */
export function valuesOf(term: Term): readonly NodeId[] {
  if (term.kind === 'scalar') return []
  return term.kind === 'product' ? [term.a, term.b] : [term.a]
}

/** Takes a program apart. @throws {RangeError} when an operand does not come before its user. */
export function columnSums(program: ColumnProgram): ColumnSums {
  const { nodes } = program
  for (const [id, node] of nodes.entries())
    for (const operand of operandsOf(node))
      if (!(operand >= 0 && operand < id))
        throw new RangeError(`node ${id}: expected operands before it, got ${operand}`)
  const isExt = extensionNodes(program)
  const uses = usesOf(program)
  const known = new Map<NodeId, readonly Term[]>()
  const isPart = (id: NodeId): boolean => uses[id] === 1 && operandsOf(nodes[id]!).length > 0
  const product = (a: NodeId, b: NodeId, negative: boolean): Term => {
    const [scalar, value] = isScalar(nodes[a]!) ? [a, b] : [b, a]
    if (!isScalar(nodes[scalar]!)) return { kind: 'product', a, b, negative }
    return { kind: isExt[scalar]! ? 'weighted' : 'scaled', a: value, scalar, negative }
  }
  const collect = (root: NodeId): Term[] => {
    const terms: Term[] = []
    const stack = [{ id: root, negative: false }]
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { id, negative } = top
      const node = nodes[id]!
      if (isScalar(node)) terms.push({ kind: 'scalar', scalar: id, negative })
      else if (!('a' in node) || (id !== root && !isPart(id))) terms.push({ kind: 'value', a: id, negative })
      else if (node.kind === 'neg') stack.push({ id: node.a, negative: !negative })
      else if (node.kind === 'mul') terms.push(product(node.a, node.b, negative))
      else stack.push({ id: node.b, negative: negative !== (node.kind === 'sub') }, { id: node.a, negative })
    }
    return terms
  }
  return {
    isExt,
    uses,
    termsOf: (id) => {
      if (nodes[id]!.kind === 'column' || nodes[id]!.kind === 'extColumn') return undefined
      const terms = known.get(id) ?? collect(id)
      known.set(id, terms)
      return terms
    },
  }
}

/** How often each node is an operand of a node that outputs need, or an output. */
function usesOf({ nodes, outputs }: ColumnProgram): Uint32Array {
  const uses = new Uint32Array(nodes.length)
  for (const node of outputs) uses[node]!++
  for (let id = nodes.length - 1; id >= 0; id--)
    if (uses[id]! > 0) for (const operand of operandsOf(nodes[id]!)) uses[operand]!++
  return uses
}
