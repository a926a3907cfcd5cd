import type { FieldOps } from '@zisk/field'
import { type ExpressionDag, isOperation, NODE } from '../model/expression.ts'

/** Value of a leaf: its node kind and its two operand words (see `NODE`). */
export type LeafValue<T> = (kind: number, a: number, b: number) => T

/**
 * Evaluates every node of a DAG, in order, over any field: base elements (one row), extension elements (a point outside
 * the domain), or symbols. The result is indexed by node.
 */
export function evaluateDag<T>(dag: ExpressionDag, ops: FieldOps<T>, leaf: LeafValue<T>): T[] {
  const { kinds, a, b, constants } = dag
  const values = new Array<T>(kinds.length)
  for (let id = 0; id < kinds.length; id++) {
    const kind = kinds[id]!
    const x = a[id]!
    const y = b[id]!
    if (!isOperation(kind)) values[id] = kind === NODE.constant ? ops.fromInteger(constants[x]!) : leaf(kind, x, y)
    else if (kind === NODE.neg) values[id] = ops.neg(values[x]!)
    else if (kind === NODE.add) values[id] = ops.add(values[x]!, values[y]!)
    else if (kind === NODE.sub) values[id] = ops.sub(values[x]!, values[y]!)
    else values[id] = ops.mul(values[x]!, values[y]!)
  }
  return values
}
