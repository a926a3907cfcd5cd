/**
 * Straight-line programs over columns: the constraints, bus terms and fixed expressions of an AIR as data, in a form that
 * a generator turns into WebAssembly. A program is plain and serialisable; it names columns and scalars by number, and
 * the caller says at run time where they lie.
 */

/** Number of a node: its place in the list. Operands come before their users. */
export type NodeId = number

/** A value per row, over the base field or the extension. */
export type ColumnNode =
  /** Base column, read `offset` rows further (cyclically). */
  | { readonly kind: 'column'; readonly column: number; readonly offset: number }
  /** Extension column: coordinates are the base columns `column`, `column + 1`, `column + 2`. */
  | { readonly kind: 'extColumn'; readonly column: number; readonly offset: number }
  /** A base scalar, or an extension scalar in the places `scalar`, `scalar + 1`, `scalar + 2` of the table. */
  | { readonly kind: 'scalar' | 'extScalar'; readonly scalar: number }
  | { readonly kind: 'add' | 'sub' | 'mul'; readonly a: NodeId; readonly b: NodeId }
  | { readonly kind: 'neg'; readonly a: NodeId }

export interface ColumnProgram {
  readonly nodes: readonly ColumnNode[]
  /** Bytes from row to row of each base column: 64 in panels, 8 otherwise. */
  readonly strides: readonly number[]
  /** Nodes to store, each one coordinate or, over the extension, three. */
  readonly outputs: readonly NodeId[]
}

/** Whether each node is over the extension. */
export function extensionNodes({ nodes }: ColumnProgram): boolean[] {
  const isExt: boolean[] = []
  for (const node of nodes) {
    switch (node.kind) {
      case 'column':
      case 'scalar':
        isExt.push(false)
        break
      case 'extColumn':
      case 'extScalar':
        isExt.push(true)
        break
      case 'neg':
        isExt.push(isExt[node.a]!)
        break
      default:
        isExt.push(isExt[node.a]! || isExt[node.b]!)
    }
  }
  return isExt
}

/** Operands of a node. */
export function operandsOf(node: ColumnNode): NodeId[] {
  if ('b' in node) return [node.a, node.b]
  return 'a' in node ? [node.a] : []
}
