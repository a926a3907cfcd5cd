import { isColumn, NODE, visitReachable } from '../model/expression.ts'
import type { Air } from '../model/pilout.ts'

/** One column at one row offset: what the prover opens at the point z * w^rowOffset. */
export interface Opening {
  readonly kind: 'witness' | 'fixed' | 'custom'
  readonly column: number
  readonly rowOffset: number
}

const KINDS = { [NODE.witness]: 'witness', [NODE.fixed]: 'fixed', [NODE.custom]: 'custom' } as const

/** Every (column, row offset) that the constraints of an AIR use, by row offset, then kind, then column. */
export function openingsOf(air: Pick<Air, 'expressions' | 'constraints'>): readonly Opening[] {
  const { kinds, a, b } = air.expressions
  const nodes: number[] = []
  visitReachable(
    air.expressions,
    air.constraints.map((constraint) => constraint.expression),
    (id) => {
      if (isColumn(kinds[id]!)) nodes.push(id)
    },
  )
  nodes.sort((x, y) => b[x]! - b[y]! || kinds[x]! - kinds[y]! || a[x]! - a[y]!)
  return nodes.map((id) => ({ kind: KINDS[kinds[id] as keyof typeof KINDS], column: a[id]!, rowOffset: b[id]! }))
}
