/** Plans a column program as a tape of the operations in `kernels/column-ops.ts`. */
import { MOST_TERMS } from '../kernels/column-combine.ts'
import { COLUMN_OP } from '../kernels/column-ops.ts'
import { PLANE } from '../kernels/column-planes.ts'
import { type ChainTerm, chainOps, isChain } from './column-chain.ts'
import type { ColumnProgram, NodeId } from './column-program.ts'
import { type ColumnSums, columnSums, type Term, valuesOf } from './column-sums.ts'
import { type Constant, type PreparedScalars, ScalarTable, type Weight } from './scalar-table.ts'

/** A program as a list of operations: plain data. */
export interface ColumnTape {
  /** Operations as `COLUMN_OP` describes them. */
  readonly words: Int32Array
  readonly scalars: PreparedScalars
  /** Size of the work area that each running instance wants. */
  readonly workBytes: number
}

/** Bytes of an accumulator, and from coordinate to coordinate in it. */
const ACCUMULATOR = 6 * PLANE
const COORDINATE = 2 * PLANE
/** Accumulators of the sum that is computed, and of the output; they begin the work area and are zero at first. */
const [INNER, OUTER] = [0, ACCUMULATOR]
export const ACCUMULATOR_BYTES: number = 2 * ACCUMULATOR
/** Combinations after which an accumulator is packed: each adds less than 2^56 to its halves, which stay below 2^60. */
const COMBINATIONS_PER_PACK = 8

/** Plans a program. @throws {RangeError} when an operand does not come before its user. */
export function planColumns(program: ColumnProgram): ColumnTape {
  return new Planner(program).plan()
}

type Weighted = Extract<Term, { kind: 'weighted' }>

/** A sum that is being added up. */
interface OpenSum {
  readonly accumulator: number
  readonly width: 1 | 3
  /** Base values with weights over the extension that wait for others. */
  readonly weighted: Weighted[]
  /** Scalars that wait for them. */
  readonly constants: Constant[]
  combinations: number
}

class Planner {
  readonly #program: ColumnProgram
  readonly #sums: ColumnSums
  readonly #scalars = new ScalarTable()
  readonly #words: number[] = []
  /** Where the values are that are there. */
  readonly #places = new Map<NodeId, number>()
  /** Operands of terms to come that each value is. */
  readonly #users = new Map<NodeId, number>()
  readonly #free: Record<1 | 3, number[]> = { 1: [], 3: [] }
  #end = ACCUMULATOR_BYTES

  constructor(program: ColumnProgram) {
    this.#program = program
    this.#sums = columnSums(program)
  }

  plan(): ColumnTape {
    const sums = this.#program.outputs.map((node) => this.#outputTerms(node))
    this.#countUsers(sums.flat())
    let coordinate = 0
    for (const [i, node] of this.#program.outputs.entries()) {
      const width = this.#width(node)
      const sum: OpenSum = { accumulator: OUTER, width, weighted: [], constants: [], combinations: 0 }
      // Its terms are added as soon as they are there: they may be many, and are wanted nowhere else.
      for (const term of sums[i]!) {
        for (const id of valuesOf(term)) this.#compute(id)
        this.#addTerm(sum, term)
      }
      this.#close(sum)
      for (let k = 0; k < width; k++) this.#emit(COLUMN_OP.store, coordinate++, OUTER + k * COORDINATE)
    }
    return { words: Int32Array.from(this.#words), scalars: this.#scalars.prepared(), workBytes: this.#end }
  }

  #emit(...words: readonly number[]): void {
    for (const word of words) this.#words.push(word)
  }

  #width(id: NodeId): 1 | 3 {
    return this.#sums.isExt[id]! ? 3 : 1
  }

  /** An output that has other uses is a value, as is a column. */
  #outputTerms(id: NodeId): readonly Term[] {
    const terms = this.#sums.uses[id] === 1 ? this.#sums.termsOf(id) : undefined
    return terms ?? [{ kind: 'value', a: id, negative: false }]
  }

  #countUsers(outputs: readonly Term[]): void {
    const pending = [outputs]
    for (let terms = pending.pop(); terms !== undefined; terms = pending.pop())
      for (const id of terms.flatMap(valuesOf)) {
        const users = this.#users.get(id) ?? 0
        this.#users.set(id, users + 1)
        if (users === 0) pending.push(this.#sums.termsOf(id) ?? [])
      }
  }

  /** Computes a value, what it needs first. */
  #compute(root: NodeId): void {
    const stack = [root]
    while (stack.length > 0) {
      const id = stack[stack.length - 1]!
      const terms = this.#sums.termsOf(id) ?? []
      const missing = this.#places.has(id) ? undefined : terms.flatMap(valuesOf).find((a) => !this.#places.has(a))
      if (missing !== undefined) {
        stack.push(missing)
        continue
      }
      stack.pop()
      if (this.#places.has(id)) continue
      if (this.#sums.termsOf(id) === undefined) this.#load(id)
      else this.#sum(id, terms)
    }
  }

  #load(id: NodeId): void {
    const node = this.#program.nodes[id]!
    if (node.kind !== 'column' && node.kind !== 'extColumn') return
    const place = this.#reserve(id)
    for (let k = 0; k < this.#width(id); k++)
      this.#emit(
        COLUMN_OP.load,
        place + k * PLANE,
        node.column + k,
        node.offset,
        this.#program.strides[node.column + k]!,
      )
  }

  #sum(id: NodeId, terms: readonly Term[]): void {
    if (this.#sumWithoutAccumulator(id, terms)) return
    const sum: OpenSum = { accumulator: INNER, width: this.#width(id), weighted: [], constants: [], combinations: 0 }
    for (const term of terms) this.#addTerm(sum, term)
    this.#close(sum)
    this.#pack(sum, this.#reserve(id))
  }

  /**
   * Computes a value plane by plane, after one operation over the extension at the most; false where that cannot be. An
   * accumulator is read and written for every term.
   */
  #sumWithoutAccumulator(id: NodeId, terms: readonly Term[]): boolean {
    const wide = terms.filter((term) => this.#isWide(term))
    const weighted = wide.filter((term) => term.kind === 'weighted')
    const isCombination = weighted.length > 0 && weighted.length === wide.length
    const [product] = wide
    const isProduct = wide.length === 1 && this.#isExtProduct(product!)
    if (wide.length > 0 && !isProduct && !(isCombination && this.#weightCount(weighted) <= MOST_TERMS)) return false
    const others = terms.filter((term) => !this.#isWide(term) && !(isCombination && term.kind === 'scalar'))
    const chains = Array.from({ length: this.#width(id) }, (_, k) => others.flatMap((term) => this.#chainTerm(term, k)))
    if (wide.length === 0 && !chains.every(isChain)) return false
    const place = this.#reserve(id)
    if (isProduct) this.#emit(COLUMN_OP.extMulTo, place, ...valuesOf(product!).map((a) => this.#places.get(a)!))
    if (isCombination) {
      const constants = terms.flatMap((term) => (term.kind === 'scalar' ? [this.#constant(term)] : []))
      this.#emit(COLUMN_OP.combineTo, place, ...this.#combination(weighted, constants))
    }
    for (const [k, chain] of chains.entries())
      for (const op of chainOps(place + k * PLANE, chain, wide.length > 0)) this.#emit(...op)
    for (const term of terms) this.#release(term)
    return true
  }

  /** Whether a term mixes the coordinates of an element of the extension. */
  #isWide(term: Term): boolean {
    return term.kind === 'weighted' || (term.kind === 'product' && valuesOf(term).some((a) => this.#width(a) === 3))
  }

  #isExtProduct(term: Term): boolean {
    return term.kind === 'product' && !term.negative && valuesOf(term).every((a) => this.#width(a) === 3)
  }

  /** What a term adds to coordinate k. */
  #chainTerm(term: Term, k: number): readonly ChainTerm[] {
    const { negative } = term
    const width = this.#width(term.kind === 'scalar' ? term.scalar : term.a)
    if (k >= width) return []
    if (term.kind === 'scalar')
      return [{ kind: 'scalar', scalar: this.#scalars.single(this.#scalarPlace(term.scalar) + k), negative }]
    const a = this.#places.get(term.a)! + k * PLANE
    if (term.kind === 'product') return [{ kind: 'product', a, b: this.#places.get(term.b)!, negative }]
    if (term.kind === 'scaled')
      return [{ kind: 'scaled', a, b: this.#scalars.single(this.#scalarPlace(term.scalar)), negative }]
    return [{ kind: 'value', a, negative }]
  }

  #pack({ accumulator, width }: OpenSum, place: number): void {
    for (let k = 0; k < width; k++) this.#emit(COLUMN_OP.pack, place + k * PLANE, accumulator + k * COORDINATE)
  }

  #addTerm(sum: OpenSum, term: Term): void {
    const { accumulator } = sum
    const sign = term.negative ? 1 : 0
    const place = (id: NodeId): number => this.#places.get(id)!
    const coordinates = (id: NodeId, add: (accumulator: number, place: number, k: number) => void): void => {
      for (let k = 0; k < this.#width(id); k++) add(accumulator + k * COORDINATE, place(id) + k * PLANE, k)
    }
    switch (term.kind) {
      case 'weighted':
        sum.weighted.push(term)
        if (this.#weightCount(sum.weighted) > MOST_TERMS - 3) this.#combine(sum)
        return
      case 'value':
        coordinates(term.a, (to, a) => this.#emit(COLUMN_OP.add, to, a, sign))
        break
      case 'scaled': {
        const scalar = this.#scalars.single(this.#scalarPlace(term.scalar))
        coordinates(term.a, (to, a) => this.#emit(COLUMN_OP.scale, to, a, scalar, sign))
        break
      }
      case 'scalar': {
        sum.constants.push(this.#constant(term))
        return
      }
      case 'product': {
        const [a, b] = this.#width(term.a) >= this.#width(term.b) ? [term.a, term.b] : [term.b, term.a]
        const wide = this.#width(b) === 3 ? COLUMN_OP.extMul : COLUMN_OP.extScale
        this.#emit(this.#width(a) === 1 ? COLUMN_OP.mul : wide, accumulator, place(a), place(b), sign)
      }
    }
    this.#release(term)
  }

  #scalarPlace(id: NodeId): number {
    const node = this.#program.nodes[id]!
    if (!('scalar' in node)) throw new RangeError(`node ${id}: expected a scalar, got ${node.kind}`)
    return node.scalar
  }

  #constant({ scalar, negative }: Extract<Term, { kind: 'scalar' }>): Constant {
    return { scalar: this.#scalarPlace(scalar), width: this.#width(scalar), negative }
  }

  #weightCount(weighted: readonly Weighted[]): number {
    return weighted.reduce((count, { a }) => count + this.#width(a), 0)
  }

  /** Words of a combination behind its target. */
  #combination(weighted: readonly Weighted[], constants: readonly Constant[]): readonly number[] {
    const coordinates = weighted.flatMap((term) => Array.from({ length: this.#width(term.a) }, (_, k) => ({ term, k })))
    const weights = coordinates.map(
      ({ term: { scalar, negative }, k }): Weight => ({
        scalar: this.#scalarPlace(scalar),
        power: k,
        negative,
      }),
    )
    const places = coordinates.map(({ term, k }) => this.#places.get(term.a)! + k * PLANE)
    return [this.#scalars.combination(weights, constants), places.length, ...places]
  }

  /** Adds all that waits. */
  #close(sum: OpenSum): void {
    this.#combine(sum)
    for (const { scalar, width, negative } of sum.constants)
      for (let k = 0; k < width; k++) {
        const single = this.#scalars.single(scalar + k)
        this.#emit(COLUMN_OP.constant, sum.accumulator + k * COORDINATE, single, negative ? 1 : 0)
      }
  }

  /** Adds the weighted terms that wait. */
  #combine(sum: OpenSum): void {
    const { weighted, accumulator, constants } = sum
    if (weighted.length === 0) return
    this.#emit(COLUMN_OP.combine, accumulator, ...this.#combination(weighted, [...constants]))
    for (const term of weighted) this.#release(term)
    weighted.length = 0
    constants.length = 0
    sum.combinations++
    if (sum.combinations % COMBINATIONS_PER_PACK !== 0) return
    const place = this.#place(3)
    this.#pack(sum, place)
    for (let k = 0; k < 3; k++) this.#emit(COLUMN_OP.add, accumulator + k * COORDINATE, place + k * PLANE, 0)
    this.#free[3].push(place)
  }

  #reserve(id: NodeId): number {
    const place = this.#place(this.#width(id))
    this.#places.set(id, place)
    return place
  }

  #place(width: 1 | 3): number {
    const known = this.#free[width].pop()
    if (known !== undefined) return known
    this.#end += width * PLANE
    return this.#end - width * PLANE
  }

  #release(term: Term): void {
    for (const id of valuesOf(term)) {
      const users = this.#users.get(id)! - 1
      this.#users.set(id, users)
      if (users === 0) this.#free[this.#width(id)].push(this.#places.get(id)!)
    }
  }
}
