/** Sums of one coordinate as chains of the pairs in `kernels/column-pairs.ts`. */
import { COLUMN_OP } from '../kernels/column-ops.ts'
import { type PairHead, type PairTail, pairShape } from '../kernels/column-pairs.ts'

/** A term of one coordinate: places of planes, and of prepared scalars. */
export type ChainTerm = { readonly negative: boolean } & (
  | { readonly kind: 'value'; readonly a: number }
  | { readonly kind: 'product' | 'scaled'; readonly a: number; readonly b: number }
  | { readonly kind: 'scalar'; readonly scalar: number }
)

/** Whether {@link chainOps} can begin with these: scalars alone are no column. */
export function isChain(terms: readonly ChainTerm[]): boolean {
  return terms.some(({ kind }) => kind !== 'scalar')
}

/** The operations that put the sum into a plane, or add it to what is there. */
export function chainOps(plane: number, terms: readonly ChainTerm[], isAdded: boolean): readonly (readonly number[])[] {
  const products = terms.filter(({ kind }) => kind === 'product' || kind === 'scaled')
  const others = terms.filter(({ kind }) => kind === 'value' || kind === 'scalar')
  const sum: ChainTerm = { kind: 'value', a: plane, negative: false }
  const ops: (readonly number[])[] = []
  if (!isAdded) {
    const head =
      products.shift() ??
      others.splice(
        others.findIndex(({ kind }) => kind === 'value'),
        1,
      )[0]!
    ops.push(pairOp(plane, head, others.shift()))
  }
  for (const term of products) ops.push(pairOp(plane, term, sum))
  for (const term of others) ops.push(pairOp(plane, sum, term))
  return ops
}

function pairOp(plane: number, head: ChainTerm, tail: ChainTerm | undefined): readonly number[] {
  const shape = pairShape(
    head.kind as PairHead,
    head.negative,
    (tail?.kind ?? 'none') as PairTail,
    tail?.negative ?? false,
  )
  const a = head.kind === 'scalar' ? 0 : head.a
  const b = 'b' in head ? head.b : 0
  const c = tail?.kind === 'scalar' ? tail.scalar : tail?.kind === 'value' ? tail.a : 0
  return [COLUMN_OP.pair, plane, shape, a, b, c]
}
