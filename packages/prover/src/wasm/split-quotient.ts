/**
 * (rest + d (q1 + q2 + ..)) / d, as the standard library writes what a row adds to a running sum, is rest / d + q1 + q2
 * + ..: sums of columns that are there anyhow, in place of products over the extension.
 */
import { type ExpressionBuilder, type ExpressionDag, type ExprId, isOperation, NODE, visitReachable } from '@zisk/air'
import { copyInto } from './copy-expression.ts'

/** A numerator that is divided by the denominator, and columns that are added to the quotient. */
export interface SplitQuotient {
  readonly rest: ExprId
  readonly denominator: ExprId
  readonly columns: readonly number[]
}

/** The sum of `rest` and of columns times factors. */
interface Linear {
  readonly rest: ExprId
  readonly factors: ReadonlyMap<number, ExprId>
}

/**
 * Splits a quotient; nodes of the result are the builder's. Nothing when a summand is used in another way, or none is.
 *
 * @param isSummand Whether a witness column is one of those that may be added.
 */
export function splitQuotient(
  e: ExpressionBuilder,
  dag: ExpressionDag,
  { numerator, denominator }: { readonly numerator: ExprId; readonly denominator: ExprId },
  isSummand: (column: number) => boolean,
): SplitQuotient | undefined {
  const { kinds, a, b } = dag
  const node = copyInto(e, dag, [numerator, denominator])
  const divisor = node(denominator)
  const [zero, one] = [e.constant(0n), e.constant(1n)]
  const forms = new Map<ExprId, Linear | undefined>()
  visitReachable(dag, [numerator, denominator], (id) => {
    const kind = kinds[id]!
    if (!isOperation(kind)) {
      const isOne = kind === NODE.witness && isSummand(a[id]!)
      // In another row it is not the value that is added.
      if (isOne) forms.set(id, b[id] === 0 ? { rest: zero, factors: new Map([[a[id]!, one]]) } : undefined)
      else forms.set(id, { rest: node(id), factors: new Map() })
      return
    }
    const x = forms.get(a[id]!)
    const y = kind === NODE.neg ? x : forms.get(b[id]!)
    forms.set(id, x && y && combine(e, kind, x, y))
  })
  const form = forms.get(numerator)
  if (form === undefined || forms.get(denominator)?.factors.size !== 0) return undefined
  const columns = [...form.factors.keys()]
  if (columns.length === 0 || columns.some((column) => form.factors.get(column) !== divisor)) return undefined
  return { rest: form.rest, denominator: divisor, columns }
}

function combine(e: ExpressionBuilder, kind: number, x: Linear, y: Linear): Linear | undefined {
  if (kind === NODE.mul) {
    const [factor, form] = x.factors.size === 0 ? [x.rest, y] : [y.rest, x]
    if (x.factors.size > 0 && y.factors.size > 0) return undefined
    return mapped(form, (value) => e.mul(value, factor))
  }
  if (kind === NODE.neg) return mapped(x, (value) => e.neg(value))
  const join = (p: ExprId, q: ExprId): ExprId => (kind === NODE.add ? e.add(p, q) : e.sub(p, q))
  const factors = new Map(x.factors)
  for (const [column, factor] of y.factors) factors.set(column, join(factors.get(column) ?? e.constant(0n), factor))
  return { rest: join(x.rest, y.rest), factors }
}

function mapped({ rest, factors }: Linear, change: (value: ExprId) => ExprId): Linear {
  return { rest: change(rest), factors: new Map([...factors].map(([column, factor]) => [column, change(factor)])) }
}
