import { type ExpressionBuilder, type ExpressionDag, type ExprId, NODE, visitReachable } from '@zisk/air'

/** Rebuilds a leaf in a builder. */
export function copyLeaf(e: ExpressionBuilder, { kinds, a, b, constants }: ExpressionDag, id: ExprId): ExprId {
  const [x, y] = [a[id]!, b[id]!]
  switch (kinds[id]) {
    case NODE.constant:
      return e.constant(constants[x]!)
    case NODE.witness:
      return e.witness(x, y)
    case NODE.fixed:
      return e.fixed(x, y)
    case NODE.custom:
      return e.custom(x, y)
    case NODE.airValue:
      return e.airValue(x)
    case NODE.airGroupValue:
      return e.airGroupValue(x, y)
    case NODE.proofValue:
      return e.proofValue(x)
    case NODE.public:
      return e.public(x)
    default:
      return e.challenge(x)
  }
}

/** Rebuilds expressions in a builder. */
export function copyInto(e: ExpressionBuilder, dag: ExpressionDag, roots: readonly ExprId[]): (id: ExprId) => ExprId {
  const { kinds, a, b } = dag
  const copies = new Map<ExprId, ExprId>()
  visitReachable(dag, roots, (id) => {
    const kind = kinds[id]!
    const [x, y] = [copies.get(a[id]!)!, copies.get(b[id]!)!]
    if (kind === NODE.neg) copies.set(id, e.neg(x))
    else if (kind === NODE.add) copies.set(id, e.add(x, y))
    else if (kind === NODE.sub) copies.set(id, e.sub(x, y))
    else if (kind === NODE.mul) copies.set(id, e.mul(x, y))
    else copies.set(id, copyLeaf(e, dag, id))
  })
  return (id) => copies.get(id)!
}
