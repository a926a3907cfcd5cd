/**
 * Splits constraints above the degree limit: a product that would exceed it has a factor replaced by an intermediate
 * column, which gets a constraint of its own.
 */
import { AirError } from '../errors.ts'
import { type ExpressionDag, type ExprId, isColumn, isOperation, NODE, visitReachable } from '../model/expression.ts'
import { ExpressionBuilder, extractDag } from '../model/expression-builder.ts'
import { mapHints, rootsOfHints } from '../model/hints.ts'
import type { Air, Constraint, WitnessColumn } from '../model/pilout.ts'
import { nodeStages, type StageScope, stageWidth } from './stages.ts'

/** Degree that quotients of two pieces (rate 1/2) allow; every profile uses the same constraints. */
export const MAX_CONSTRAINT_DEGREE = 3

/** A column added by {@link reduceDegree}. */
export interface Intermediate {
  /** Index among the witness columns of the reduced AIR. */
  readonly column: number
  /** What the column holds in every row, cyclically; it may use intermediates with a smaller index. */
  readonly expression: ExprId
}

/** An AIR whose constraints respect the degree limit. */
export interface ReducedAir {
  /** The witness columns of the original AIR come first, unchanged. */
  readonly air: Air
  readonly intermediates: readonly Intermediate[]
}

/**
 * Degree of a constraint as the quotient sees it: constraints on some rows only carry one more factor, which selects
 * the rows.
 */
export function effectiveDegree(rows: Constraint['rows'], expressionDegree: number): number {
  return rows.kind === 'everyRow' ? expressionDegree : expressionDegree + 1
}

/**
 * Brings every constraint to degree `maxDegree`.
 *
 * Products are visited operands first. One that is too large materialises the operand (or both) that costs the fewest
 * cells: a column that exists already is free, one over the base field costs 1, one over the extension 3; among equals
 * the factor of the most products wins. Shifted copies of an expression share a column.
 *
 * @throws AirError DEGREE_NOT_REDUCIBLE when `maxDegree` is below 2.
 */
export function reduceDegree(scope: StageScope, air: Air, maxDegree: number = MAX_CONSTRAINT_DEGREE): ReducedAir {
  if (maxDegree < 2)
    throw new AirError({ code: 'DEGREE_NOT_REDUCIBLE', message: `constraints of degree ${maxDegree} cannot multiply` })
  const reduction = new Reduction(scope, air, maxDegree)
  const constraints = reduction.reduceConstraints()
  const { witness, intermediates } = reduction
  const hints = mapHints(air.hints, (id) => reduction.copy(id))
  const all = [...constraints, ...reduction.definitions]
  const roots = [...all.map((c) => c.expression), ...intermediates.map((i) => i.expression), ...rootsOfHints(hints)]
  const { dag, map } = extractDag(reduction.builder.view(), roots)
  return {
    air: {
      ...air,
      witness,
      expressions: dag,
      constraints: all.map((c) => ({ ...c, expression: map(c.expression) })),
      hints: mapHints(hints, map),
    },
    intermediates: intermediates.map((i) => ({ ...i, expression: map(i.expression) })),
  }
}

class Reduction {
  readonly builder: ExpressionBuilder = new ExpressionBuilder()
  readonly witness: WitnessColumn[]
  readonly intermediates: Intermediate[] = []
  readonly definitions: Constraint[] = []
  readonly #scope: StageScope
  readonly #air: Air
  readonly #maxDegree: number
  /** Original node -> the same node in the builder, nothing replaced. */
  readonly #copies = new Map<ExprId, ExprId>()
  /** Original node -> node of bounded degree. */
  readonly #reduced = new Map<ExprId, ExprId>()
  /** Builder node with smallest row offset 0 -> its column. */
  readonly #columns = new Map<ExprId, number>()
  readonly #productUses: Uint32Array
  readonly #owners: Int32Array

  constructor(scope: StageScope, air: Air, maxDegree: number) {
    this.#scope = scope
    this.#air = air
    this.#maxDegree = maxDegree
    this.witness = [...air.witness]
    this.#productUses = productUses(air.expressions)
    this.#owners = firstConstraint(air)
  }

  reduceConstraints(): Constraint[] {
    const { expressions, constraints } = this.#air
    const roots = constraints.map((constraint) => constraint.expression)
    visitReachable(expressions, roots, (id) => this.#reduced.set(id, this.#reduceNode(id)))
    return constraints.map((constraint) => {
      const expression = this.#reduced.get(constraint.expression)!
      if (effectiveDegree(constraint.rows, this.builder.degree(expression)) <= this.#maxDegree)
        return { ...constraint, expression }
      return { ...constraint, expression: this.#materialize(expression, constraint) }
    })
  }

  /** The original node, unreduced. */
  copy(root: ExprId): ExprId {
    visitReachable(this.#air.expressions, [root], (id) => {
      if (!this.#copies.has(id)) this.#copies.set(id, this.#rebuild(id, this.#copies))
    })
    return this.#copies.get(root)!
  }

  #reduceNode(id: ExprId): ExprId {
    const { kinds, a, b } = this.#air.expressions
    if (kinds[id] !== NODE.mul) return this.#rebuild(id, this.#reduced)
    let x = this.#reduced.get(a[id]!)!
    let y = this.#reduced.get(b[id]!)!
    const e = this.builder
    if (e.degree(x) + e.degree(y) > this.#maxDegree) {
      const owner = this.#air.constraints[this.#owners[id]!]!
      const usesX = this.#productUses[a[id]!]!
      const usesY = this.#productUses[b[id]!]!
      const [first, second] = this.#choose({ node: x, uses: usesX }, { node: y, uses: usesY })
      const same = x === y
      if (first || same) x = this.#materialize(x, owner)
      if (second || same) y = same ? x : this.#materialize(y, owner)
    }
    return e.mul(x, y)
  }

  /** Which of two factors become columns so that their product fits, at the least cost. */
  #choose(x: Factor, y: Factor): readonly [boolean, boolean] {
    const e = this.builder
    const options: { pick: readonly [boolean, boolean]; cost: number; uses: number; degree: number }[] = []
    for (const pick of [
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const dx = pick[0] ? 1 : e.degree(x.node)
      const dy = pick[1] ? 1 : e.degree(y.node)
      if (dx + dy > this.#maxDegree) continue
      if ((pick[0] && e.degree(x.node) < 2) || (pick[1] && e.degree(y.node) < 2)) continue
      options.push({
        pick,
        cost: (pick[0] ? this.#cost(x.node) : 0) + (pick[1] ? this.#cost(y.node) : 0),
        uses: Math.max(pick[0] ? x.uses : 0, pick[1] ? y.uses : 0),
        degree: Math.max(pick[0] ? e.degree(x.node) : 0, pick[1] ? e.degree(y.node) : 0),
      })
    }
    options.sort((p, q) => p.cost - q.cost || q.uses - p.uses || q.degree - p.degree)
    return options[0]!.pick
  }

  #cost(node: ExprId): number {
    const { dag, map, offset } = this.#analyse(node)
    if (this.#columns.has(this.builder.shift(node, -offset))) return 0
    return stageWidth(this.#stageOf(dag, map(node)))
  }

  /** The column (at the right row offset) that holds `node`; made, with its constraint, at the first call. */
  #materialize(node: ExprId, owner: Constraint): ExprId {
    const { dag, map, offset } = this.#analyse(node)
    const anchored = this.builder.shift(node, -offset)
    let column = this.#columns.get(anchored)
    if (column === undefined) {
      const stage = Math.max(1, this.#stageOf(dag, map(node)))
      const entry = { name: 'im', index: [this.intermediates.length] }
      column = this.witness.push({ ...entry, stage, source: owner.source }) - 1
      this.#columns.set(anchored, column)
      this.intermediates.push({ column, expression: anchored })
      this.definitions.push({
        ...owner,
        expression: this.builder.sub(this.builder.witness(column), anchored),
        rows: { kind: 'everyRow' },
        label: `im[${entry.index[0]}] holds a factor of: ${owner.label}`,
      })
    }
    return this.builder.witness(column, offset)
  }

  #analyse(node: ExprId): { dag: ExpressionDag; map: (id: ExprId) => ExprId; offset: number } {
    const { dag, map } = this.builder.extract([node])
    let offset = Number.POSITIVE_INFINITY
    for (let id = 0; id < dag.kinds.length; id++) if (isColumn(dag.kinds[id]!)) offset = Math.min(offset, dag.b[id]!)
    return { dag, map, offset }
  }

  #stageOf(dag: ExpressionDag, id: ExprId): number {
    return nodeStages(this.#scope, { witness: this.witness, airValues: this.#air.airValues }, dag)[id]!
  }

  #rebuild(id: ExprId, nodes: ReadonlyMap<ExprId, ExprId>): ExprId {
    const { kinds, a, b, constants } = this.#air.expressions
    const e = this.builder
    const [kind, x, y] = [kinds[id]!, a[id]!, b[id]!]
    if (kind === NODE.constant) return e.constant(constants[x]!)
    if (!isOperation(kind)) return e.leaf(kind, x, y)
    if (kind === NODE.neg) return e.neg(nodes.get(x)!)
    if (kind === NODE.add) return e.add(nodes.get(x)!, nodes.get(y)!)
    if (kind === NODE.sub) return e.sub(nodes.get(x)!, nodes.get(y)!)
    return e.mul(nodes.get(x)!, nodes.get(y)!)
  }
}

interface Factor {
  readonly node: ExprId
  /** Number of products in which the factor occurs. */
  readonly uses: number
}

function productUses(dag: ExpressionDag): Uint32Array {
  const uses = new Uint32Array(dag.kinds.length)
  for (let id = 0; id < dag.kinds.length; id++) {
    if (dag.kinds[id] !== NODE.mul) continue
    uses[dag.a[id]!]!++
    uses[dag.b[id]!]!++
  }
  return uses
}

/** For every node, the first constraint that reaches it (or -1). */
function firstConstraint(air: Air): Int32Array {
  const { kinds, a, b } = air.expressions
  const owners = new Int32Array(kinds.length).fill(-1)
  const claim = (id: ExprId, owner: number): void => {
    if (owners[id] === -1 || owner < owners[id]!) owners[id] = owner
  }
  for (const [i, constraint] of air.constraints.entries()) claim(constraint.expression, i)
  for (let id = kinds.length - 1; id >= 0; id--) {
    if (owners[id] === -1 || !isOperation(kinds[id]!)) continue
    claim(a[id]!, owners[id]!)
    if (kinds[id] !== NODE.neg) claim(b[id]!, owners[id]!)
  }
  return owners
}
