import { field } from '@zisk/field'
import type { ExpressionDag, ExprId } from '../model/expression.ts'
import { NODE } from '../model/expression.ts'
import { extractDag } from '../model/expression-builder.ts'
import { evaluateDag } from './evaluate.ts'
import type { RowKernel } from './row-kernel.ts'

const BLOCK_ROWS = 64

/** A row kernel that evaluates node by node: for expressions too long to be one function. */
export function interpretRows(dag: ExpressionDag, outputs: readonly ExprId[]): RowKernel {
  const part = extractDag(dag, outputs)
  const roots = outputs.map(part.map)
  const results = roots.map(() => new Uint32Array(2 * BLOCK_ROWS))
  return {
    blockRows: BLOCK_ROWS,
    run: (source, first, count) => {
      for (let r = 0; r < count; r++) {
        const values = evaluateDag(part.dag, field, (kind, a, b) => {
          if (kind > NODE.custom) return source.value(kind, a, b)
          const column = source.column(kind, a)
          return column[(((first + r + b) % column.length) + column.length) % column.length]!
        })
        for (const [i, root] of roots.entries()) {
          results[i]![2 * r] = Number(values[root]! & 0xffff_ffffn)
          results[i]![2 * r + 1] = Number(values[root]! >> 32n)
        }
      }
    },
    output: (position) => results[position]!,
  }
}
