/**
 * Rewrites expressions so that challenges multiply base columns instead of extension values: `a (x + a (y + a z))`, which
 * takes two products of extension elements, becomes `a x + a^2 y + a^3 z`, three cheap ones over precomputed powers.
 * And `x (1 - y)` becomes `x - x y`, a sum of what is there anyhow and a product.
 */
import {
  ExpressionBuilder,
  type ExpressionDag,
  type ExprId,
  isColumn,
  isOperation,
  NODE,
  visitReachable,
} from '@zisk/air'
import { copyLeaf } from './copy-expression.ts'

/** A sum: base-field nodes with scalar weights, extension nodes as they are, a scalar. All nodes of the new builder. */
interface LinearForm {
  readonly base: Map<ExprId, ExprId>
  readonly ext: ExprId[]
  constant: ExprId
}

/** The same outputs with scalars distributed over sums of base-field values. */
export function distributeScalars(
  dag: ExpressionDag,
  outputs: readonly ExprId[],
  isExtLeaf: (kind: number, a: number) => boolean,
): { readonly dag: ExpressionDag; readonly outputs: readonly ExprId[] } {
  const { kinds, a, b } = dag
  const e = new ExpressionBuilder()
  const zero = e.constant(0n)
  const isExt = new Map<ExprId, boolean>()
  const isScalar = new Map<ExprId, boolean>()
  const copies = new Map<ExprId, ExprId>()
  const forms = new Map<ExprId, LinearForm>()

  /** The node in the new builder; a sum is written out when somebody needs its value. */
  const nodeOf = (id: ExprId): ExprId => {
    const known = copies.get(id)
    if (known !== undefined) return known
    const { base, ext, constant } = forms.get(id)!
    const products = [...base].map(([node, weight]) => e.mul(node, weight))
    const sum = [...products, ...ext, constant].reduce((x, y) => e.add(x, y))
    copies.set(id, sum)
    return sum
  }
  const formOf = (id: ExprId): LinearForm => {
    const known = forms.get(id)
    if (known !== undefined) return known
    const node = nodeOf(id)
    if (isScalar.get(id)!) return { base: new Map(), ext: [], constant: node }
    if (isExt.get(id)!) return { base: new Map(), ext: [node], constant: zero }
    return { base: new Map([[node, e.constant(1n)]]), ext: [], constant: zero }
  }
  const scaled = ({ base, ext, constant }: LinearForm, factor: ExprId): LinearForm => ({
    base: new Map([...base].map(([node, weight]) => [node, e.mul(weight, factor)])),
    ext: ext.map((node) => e.mul(node, factor)),
    constant: e.mul(constant, factor),
  })
  const uses = operandUses(dag, outputs)
  /** A form to write to: that of a node itself where nothing else will ask for it, else a copy. */
  const ownForm = (id: ExprId): LinearForm => {
    const form = formOf(id)
    if (uses[id] === 1 && forms.delete(id)) return form
    return { base: new Map(form.base), ext: [...form.ext], constant: form.constant }
  }
  // Into the first operand: the combination of n constraints is a chain of n sums, each with all columns before it.
  const sum = (first: ExprId, y: LinearForm): LinearForm => {
    const x = ownForm(first)
    for (const [node, weight] of y.base) x.base.set(node, e.add(x.base.get(node) ?? zero, weight))
    x.ext.push(...y.ext)
    x.constant = e.add(x.constant, y.constant)
    return x
  }
  const negated = ({ base, ext, constant }: LinearForm): LinearForm => ({
    base: new Map([...base].map(([node, weight]) => [node, e.neg(weight)])),
    ext: ext.map((node) => e.neg(node)),
    constant: e.neg(constant),
  })

  visitReachable(dag, outputs, (id) => {
    const kind = kinds[id]!
    const [x, y] = [a[id]!, b[id]!]
    if (!isOperation(kind)) {
      isScalar.set(id, !isColumn(kind))
      isExt.set(id, kind !== NODE.constant && isExtLeaf(kind, x))
      copies.set(id, copyLeaf(e, dag, id))
      return
    }
    const operands = kind === NODE.neg ? [x] : [x, y]
    const wide = operands.some((operand) => isExt.get(operand)!)
    const scalar = operands.every((operand) => isScalar.get(operand)!)
    isExt.set(id, wide)
    isScalar.set(id, scalar)
    if (!wide || scalar) {
      const [factor, negated] = scalar ? [] : complementFactors(dag, uses, id)
      if (factor !== undefined && negated !== undefined) {
        const whole = nodeOf(factor)
        copies.set(id, e.sub(whole, e.mul(whole, nodeOf(negated))))
      } else copies.set(id, combine(e, kind, operands.map(nodeOf)))
      return
    }
    if (kind === NODE.neg) forms.set(id, negated(formOf(x)))
    else if (kind === NODE.add) forms.set(id, sum(x, formOf(y)))
    else if (kind === NODE.sub) forms.set(id, sum(x, negated(formOf(y))))
    else {
      const [factor, other] = isScalar.get(x)! ? [x, y] : [y, x]
      const form = isScalar.get(factor)! ? formOf(other) : undefined
      // A sum with an extension value in it is multiplied as a whole: one product instead of one for each.
      if (form !== undefined && form.ext.length === 0) forms.set(id, scaled(form, nodeOf(factor)))
      else copies.set(id, e.mul(nodeOf(x), nodeOf(y)))
    }
  })
  const roots = outputs.map(nodeOf)
  const { dag: rewritten, map } = e.extract(roots)
  return { dag: rewritten, outputs: roots.map(map) }
}

/** How often each node is an operand or an output. */
function operandUses({ kinds, a, b }: ExpressionDag, outputs: readonly ExprId[]): Uint32Array {
  const uses = new Uint32Array(kinds.length)
  for (const output of outputs) uses[output]!++
  for (let id = 0; id < kinds.length; id++) {
    if (!isOperation(kinds[id]!)) continue
    uses[a[id]!]!++
    if (kinds[id] !== NODE.neg) uses[b[id]!]!++
  }
  return uses
}

function combine(e: ExpressionBuilder, kind: number, operands: readonly ExprId[]): ExprId {
  const [x, y] = operands as [ExprId, ExprId]
  if (kind === NODE.neg) return e.neg(x)
  if (kind === NODE.add) return e.add(x, y)
  return kind === NODE.sub ? e.sub(x, y) : e.mul(x, y)
}

/** x and y of a product x (1 - y), when nothing else uses the difference. */
function complementFactors(
  { kinds, a, b, constants }: ExpressionDag,
  uses: Uint32Array,
  id: ExprId,
): readonly [ExprId, ExprId] | readonly [] {
  if (kinds[id] !== NODE.mul) return []
  const isComplement = (x: ExprId): boolean =>
    kinds[x] === NODE.sub && uses[x] === 1 && kinds[a[x]!] === NODE.constant && constants[a[a[x]!]!] === 1n
  const [x, y] = [a[id]!, b[id]!]
  if (isComplement(y)) return [x, b[y]!]
  return isComplement(x) ? [y, b[x]!] : []
}
