import { toFelt } from '@zisk/field'
import {
  degreeOfNode,
  type ExpressionDag,
  type ExprId,
  isColumn,
  isOperation,
  NODE,
  type NodeKind,
  visitReachable,
} from './expression.ts'

/**
 * Builds hash-consed expressions: equal sub-expressions are one node, constants fold, neutral operands vanish.
 *
 * One builder serves a whole program: a column leaf names only its index, so the nodes of two AIRs may coincide; each
 * AIR later keeps what its own constraints and hints reach ({@link ExpressionBuilder.extract}).
 */
export class ExpressionBuilder {
  #kinds: Uint8Array = new Uint8Array(1024)
  #a: Int32Array = new Int32Array(1024)
  #b: Int32Array = new Int32Array(1024)
  #degrees: Uint32Array = new Uint32Array(1024)
  #size = 0
  /** Open-addressing table of node ids + 1. */
  #slots: Int32Array = new Int32Array(4096)
  readonly #constants: bigint[] = []
  readonly #constantIds = new Map<bigint, ExprId>()
  /** Per offset: node -> shifted node. */
  readonly #shifts = new Map<number, Map<ExprId, ExprId>>()
  #shiftWork = 0

  /** Number of nodes made so far. */
  get size(): number {
    return this.#size
  }

  /** A field constant; any integer, reduced modulo the prime. */
  constant(value: bigint): ExprId {
    const reduced = toFelt(value)
    const known = this.#constantIds.get(reduced)
    if (known !== undefined) return known
    const id = this.#intern(NODE.constant, this.#constants.length, 0)
    this.#constants.push(reduced)
    this.#constantIds.set(reduced, id)
    return id
  }

  /** A leaf other than a constant, by kind and operand words. */
  leaf(kind: number, a: number, b: number): ExprId {
    return this.#intern(kind as NodeKind, a, b)
  }

  witness(column: number, rowOffset = 0): ExprId {
    return this.#intern(NODE.witness, column, rowOffset)
  }

  fixed(column: number, rowOffset = 0): ExprId {
    return this.#intern(NODE.fixed, column, rowOffset)
  }

  custom(column: number, rowOffset = 0): ExprId {
    return this.#intern(NODE.custom, column, rowOffset)
  }

  airValue(index: number): ExprId {
    return this.#intern(NODE.airValue, index, 0)
  }

  airGroupValue(airGroup: number, index: number): ExprId {
    return this.#intern(NODE.airGroupValue, airGroup, index)
  }

  proofValue(index: number): ExprId {
    return this.#intern(NODE.proofValue, index, 0)
  }

  public(index: number): ExprId {
    return this.#intern(NODE.public, index, 0)
  }

  challenge(index: number): ExprId {
    return this.#intern(NODE.challenge, index, 0)
  }

  add(x: ExprId, y: ExprId): ExprId {
    const cx = this.constantValue(x)
    const cy = this.constantValue(y)
    if (cx !== undefined && cy !== undefined) return this.constant(cx + cy)
    if (cx === 0n) return y
    if (cy === 0n) return x
    return x <= y ? this.#intern(NODE.add, x, y) : this.#intern(NODE.add, y, x)
  }

  sub(x: ExprId, y: ExprId): ExprId {
    if (x === y) return this.constant(0n)
    const cx = this.constantValue(x)
    const cy = this.constantValue(y)
    if (cx !== undefined && cy !== undefined) return this.constant(cx - cy)
    if (cy === 0n) return x
    if (cx === 0n) return this.neg(y)
    return this.#intern(NODE.sub, x, y)
  }

  mul(x: ExprId, y: ExprId): ExprId {
    const cx = this.constantValue(x)
    const cy = this.constantValue(y)
    if (cx !== undefined && cy !== undefined) return this.constant(cx * cy)
    if (cx === 0n || cy === 0n) return this.constant(0n)
    if (cx === 1n) return y
    if (cy === 1n) return x
    return x <= y ? this.#intern(NODE.mul, x, y) : this.#intern(NODE.mul, y, x)
  }

  neg(x: ExprId): ExprId {
    const cx = this.constantValue(x)
    if (cx !== undefined) return this.constant(-cx)
    if (this.#kinds[x] === NODE.neg) return this.#a[x]!
    return this.#intern(NODE.neg, x, 0)
  }

  /** The same expression `rowOffset` rows later: every column in it moves (PIL `x'`, `'x`). */
  shift(root: ExprId, rowOffset: number): ExprId {
    if (rowOffset === 0) return root
    let memo = this.#shifts.get(rowOffset)
    if (memo === undefined) {
      memo = new Map()
      this.#shifts.set(rowOffset, memo)
    }
    const done = memo
    const stack = [root]
    while (stack.length > 0) {
      const id = stack[stack.length - 1]!
      if (done.has(id)) {
        stack.pop()
        continue
      }
      const kind = this.#kinds[id]!
      const a = this.#a[id]!
      const b = this.#b[id]!
      if (!isOperation(kind)) {
        this.#shiftWork++
        done.set(id, isColumn(kind) ? this.leaf(kind, a, b + rowOffset) : id)
        stack.pop()
        continue
      }
      const sa = done.get(a)
      const sb = kind === NODE.neg ? sa : done.get(b)
      if (sa === undefined) stack.push(a)
      if (sb === undefined && kind !== NODE.neg) stack.push(b)
      if (sa === undefined || sb === undefined) continue
      stack.pop()
      this.#shiftWork++
      if (kind === NODE.neg) done.set(id, this.neg(sa))
      else if (kind === NODE.add) done.set(id, this.add(sa, sb))
      else if (kind === NODE.sub) done.set(id, this.sub(sa, sb))
      else done.set(id, this.mul(sa, sb))
    }
    return done.get(root)!
  }

  /** Nodes that `shift` has moved so far, for callers that bound the work. */
  get shiftWork(): number {
    return this.#shiftWork
  }

  /** Node kind. */
  kind(id: ExprId): NodeKind {
    return this.#kinds[id]! as NodeKind
  }

  /** The two operand words of a node; see `NODE` for their meaning. */
  operands(id: ExprId): readonly [a: number, b: number] {
    return [this.#a[id]!, this.#b[id]!]
  }

  /** Value of a constant node, else undefined. */
  constantValue(id: ExprId): bigint | undefined {
    return this.#kinds[id] === NODE.constant ? this.#constants[this.#a[id]!] : undefined
  }

  /** Degree in the columns (witness, fixed and custom count 1, everything else 0): PIL's `degree()`. */
  degree(id: ExprId): number {
    return this.#degrees[id]!
  }

  /** View of everything built so far; valid until the next node is made. */
  view(): ExpressionDag {
    return {
      kinds: this.#kinds.subarray(0, this.#size),
      a: this.#a.subarray(0, this.#size),
      b: this.#b.subarray(0, this.#size),
      constants: this.#constants,
    }
  }

  /** Copies what `roots` reach into a DAG of its own; `map` translates the ids. */
  extract(roots: Iterable<ExprId>): { dag: ExpressionDag; map: (id: ExprId) => ExprId } {
    return extractDag(this.view(), roots)
  }

  #intern(kind: NodeKind, a: number, b: number): ExprId {
    const mask = this.#slots.length - 1
    let slot = hash(kind, a, b) & mask
    for (;;) {
      const entry = this.#slots[slot]!
      if (entry === 0) break
      const id = entry - 1
      if (this.#kinds[id] === kind && this.#a[id] === a && this.#b[id] === b) return id
      slot = (slot + 1) & mask
    }
    const id = this.#size
    if (id === this.#kinds.length) this.#grow()
    this.#kinds[id] = kind
    this.#a[id] = a
    this.#b[id] = b
    this.#degrees[id] = degreeOfNode(kind, a, b, this.#degrees)
    this.#size = id + 1
    this.#slots[slot] = id + 1
    if (this.#size * 2 > this.#slots.length) this.#rehash()
    return id
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2
    const kinds = new Uint8Array(capacity)
    kinds.set(this.#kinds)
    this.#kinds = kinds
    const a = new Int32Array(capacity)
    a.set(this.#a)
    this.#a = a
    const b = new Int32Array(capacity)
    b.set(this.#b)
    this.#b = b
    const degrees = new Uint32Array(capacity)
    degrees.set(this.#degrees)
    this.#degrees = degrees
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let id = 0; id < this.#size; id++) {
      let slot = hash(this.#kinds[id]!, this.#a[id]!, this.#b[id]!) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = id + 1
    }
    this.#slots = slots
  }
}

/** Copies what `roots` reach into a DAG of its own, in the same relative order; `map` translates the ids. */
export function extractDag(
  source: ExpressionDag,
  roots: Iterable<ExprId>,
): { dag: ExpressionDag; map: (id: ExprId) => ExprId } {
  const kept: ExprId[] = []
  visitReachable(source, roots, (id) => kept.push(id))
  const newIds = new Map<ExprId, ExprId>()
  const kinds = new Uint8Array(kept.length)
  const a = new Int32Array(kept.length)
  const b = new Int32Array(kept.length)
  const constants: bigint[] = []
  kept.forEach((id, position) => {
    const kind = source.kinds[id]!
    newIds.set(id, position)
    kinds[position] = kind
    if (kind === NODE.constant) {
      a[position] = constants.length
      constants.push(source.constants[source.a[id]!]!)
    } else if (isOperation(kind)) {
      a[position] = newIds.get(source.a[id]!)!
      b[position] = kind === NODE.neg ? 0 : newIds.get(source.b[id]!)!
    } else {
      a[position] = source.a[id]!
      b[position] = source.b[id]!
    }
  })
  return { dag: { kinds, a, b, constants }, map: (id) => newIds.get(id)! }
}

function hash(kind: number, a: number, b: number): number {
  let h = Math.imul(a, 0x9e37_79b1) ^ Math.imul(b, 0x85eb_ca77) ^ Math.imul(kind, 0xc2b2_ae3d)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b_3c6d)
  return (h ^ (h >>> 13)) >>> 0
}
