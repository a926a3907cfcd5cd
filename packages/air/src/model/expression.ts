/**
 * Expressions of a compiled PIL program: one flat, topologically ordered DAG per AIR (and one for the global
 * constraints). A node is `(kind, a, b)`; operands always have a smaller index than the node that uses them.
 */

/** Index of a node in its DAG. */
export type ExprId = number

/** Node kinds. The meaning of the two operand words `a` and `b` follows each name. */
export const NODE = {
  /** `a` = index into {@link ExpressionDag.constants}. */
  constant: 0,
  /** `a` = witness column of the AIR, `b` = row offset. */
  witness: 1,
  /** `a` = fixed column of the AIR, `b` = row offset. */
  fixed: 2,
  /** `a` = custom-commit column of the AIR, `b` = row offset. */
  custom: 3,
  /** `a` = air value of the AIR. */
  airValue: 4,
  /** `a` = air group, `b` = its air-group value. */
  airGroupValue: 5,
  /** `a` = proof value. */
  proofValue: 6,
  /** `a` = public. */
  public: 7,
  /** `a` = challenge. */
  challenge: 8,
  /** `a` = operand. */
  neg: 9,
  /** `a` + `b`. */
  add: 10,
  /** `a` - `b`. */
  sub: 11,
  /** `a` * `b`. */
  mul: 12,
} as const

/** Numeric code of a node kind. */
export type NodeKind = (typeof NODE)[keyof typeof NODE]

/** True for the kinds whose operands are nodes. */
export function isOperation(kind: number): boolean {
  return kind >= NODE.neg
}

/** True for the kinds whose second word is a row offset. */
export function isColumn(kind: number): boolean {
  return kind >= NODE.witness && kind <= NODE.custom
}

/** Immutable DAG: three parallel arrays and a pool of canonical field constants. */
export interface ExpressionDag {
  readonly kinds: Uint8Array
  readonly a: Int32Array
  readonly b: Int32Array
  /** Canonical field elements, each once. */
  readonly constants: readonly bigint[]
}

/**
 * Calls `visit` once for every node reachable from `roots`, operands first.
 *
 * Cost is linear in the highest root index, with no recursion, so depth does not matter.
 */
export function visitReachable(dag: ExpressionDag, roots: Iterable<ExprId>, visit: (id: ExprId) => void): void {
  const { kinds, a, b } = dag
  let highest = -1
  const wanted: ExprId[] = []
  for (const root of roots) {
    wanted.push(root)
    if (root > highest) highest = root
  }
  const marked = new Uint8Array(highest + 1)
  for (const root of wanted) marked[root] = 1
  for (let id = highest; id >= 0; id--) {
    if (marked[id] === 0 || !isOperation(kinds[id]!)) continue
    marked[a[id]!] = 1
    if (kinds[id] !== NODE.neg) marked[b[id]!] = 1
  }
  for (let id = 0; id <= highest; id++) if (marked[id] === 1) visit(id)
}

/** Every degree from here on counts as this one. */
const MAX_DEGREE = 2 ** 31

/** Degree of a node from those of its operands; see {@link nodeDegrees}. */
export function degreeOfNode(kind: number, a: number, b: number, degrees: Uint32Array): number {
  if (isColumn(kind)) return 1
  if (kind === NODE.neg) return degrees[a]!
  // Repeated squaring doubles the degree: it must never wrap around to a small one.
  if (kind === NODE.mul) return Math.min(degrees[a]! + degrees[b]!, MAX_DEGREE)
  if (kind === NODE.add || kind === NODE.sub) return Math.max(degrees[a]!, degrees[b]!)
  return 0
}

/**
 * Degree of every node in the columns of the AIR: a column of any kind counts 1, everything that is constant over the
 * rows (constants, publics, air values, challenges) counts 0.
 */
export function nodeDegrees(dag: ExpressionDag): Uint32Array {
  const { kinds, a, b } = dag
  const degrees = new Uint32Array(kinds.length)
  for (let id = 0; id < kinds.length; id++) degrees[id] = degreeOfNode(kinds[id]!, a[id]!, b[id]!, degrees)
  return degrees
}
