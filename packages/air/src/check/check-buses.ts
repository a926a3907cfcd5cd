/** Counts every bus as a multiset: exact, with the origin of every tuple that does not balance. */
import { field, P } from '@zisk/field'
import { signedFelt } from '../analysis/format-expression.ts'
import { evaluateDag } from '../eval/evaluate.ts'
import { compileRowKernel, type RowKernel } from '../eval/row-kernel.ts'
import type { ExprId } from '../model/expression.ts'
import { extractDag } from '../model/expression-builder.ts'
import type { Air, Pilout } from '../model/pilout.ts'
import { type BusKind, type BusTerm, busNames, busTerms, type TermValue } from './bus-terms.ts'
import { type FailureSink, originOf } from './check-constraints.ts'
import { globalValue, instanceRows } from './instance-rows.ts'
import type { BusFailure, BusOrigin } from './report.ts'
import { hashWords, TupleTable } from './tuple-table.ts'
import type { BoundInstance, ProgramWitness } from './witness.ts'

/** Tuples held at a time unless told otherwise: about 1 GiB for wide tuples. */
export const DEFAULT_TUPLES_PER_PASS: number = 1 << 23
/** Contributions shown of each side of an unbalanced tuple. */
const MAX_ORIGINS = 4
/** Unbalanced tuples among which the nearest of the other sign is sought. */
const MAX_NEAREST = 256

/** The bus terms of an AIR, compiled. */
export interface BusKernel {
  readonly terms: readonly BusTerm[]
  readonly kernel: RowKernel
  /** Output of each expression that a term names. */
  readonly outputs: ReadonlyMap<ExprId, number>
}

/** Compiles the terms of an AIR. */
export function compileBuses(program: Pilout, air: Air): BusKernel {
  const terms = busTerms(program, air)
  const outputs = new Map<ExprId, number>()
  for (const term of terms)
    for (const value of [term.id, term.multiplicity, ...term.tuple])
      if (typeof value === 'number' && !outputs.has(value)) outputs.set(value, outputs.size)
  return { terms, kernel: compileRowKernel(air.expressions, [...outputs.keys()]), outputs }
}

/** Called for each contribution: the tuple is `words[0..count)` with the bus id first, trailing zeros removed. */
export type TupleVisitor = (visit: {
  readonly term: BusTerm
  readonly instance: BoundInstance | undefined
  readonly row: number
  readonly words: Uint32Array
  readonly count: number
  readonly low: number
  readonly high: number
}) => void

/** Tuples that balance against each other. */
export interface BusScope {
  readonly program: Pilout
  readonly witness: ProgramWitness
  readonly instances: readonly BoundInstance[]
  readonly kernelOf: (instance: BoundInstance) => BusKernel
  readonly bus: BusKind
}

/** The scopes in which the tuples of a run balance: its sum, its product, and the local product of each instance. */
export function busScopes(run: Omit<BusScope, 'bus'>): readonly BusScope[] {
  const { program, instances, kernelOf } = run
  const uses = (instance: BoundInstance, bus: BusKind): boolean =>
    kernelOf(instance).terms.some((term) => term.bus === bus)
  const hasProduct =
    instances.some((instance) => uses(instance, 'product')) ||
    busTerms(program, program).some(({ bus }) => bus === 'product')
  return [
    { ...run, bus: 'sum' },
    ...(hasProduct ? [{ ...run, bus: 'product' as const }] : []),
    ...instances.flatMap((instance) =>
      uses(instance, 'local') ? [{ ...run, instances: [instance], bus: 'local' as const }] : [],
    ),
  ]
}

/** Visits every contribution to a scope with a multiplicity other than zero, the program's own included. */
export function visitTuples(scope: BusScope, visitor: TupleVisitor): void {
  const { program, witness, instances, kernelOf, bus } = scope
  if (bus !== 'local') visitGlobalTerms(program, witness, bus, visitor)
  const counted: TupleVisitor = (visit) => {
    if ((visit.low | visit.high) !== 0) visitor(visit)
  }
  const kernels = new Map<BusKernel, Pick<BusKernel, 'terms' | 'kernel' | 'outputs'>>()
  const ofScope = (instance: BoundInstance): Pick<BusKernel, 'terms' | 'kernel' | 'outputs'> => {
    const kernel = kernelOf(instance)
    const known = kernels.get(kernel) ?? { ...kernel, terms: kernel.terms.filter((term) => term.bus === bus) }
    kernels.set(kernel, known)
    return known
  }
  visitInstances(witness, instances, ofScope, counted)
}

/** Visits the contributions of all instances, those with multiplicity zero included. */
export function visitInstances(
  witness: ProgramWitness,
  instances: readonly BoundInstance[],
  kernelOf: (instance: BoundInstance) => Pick<BusKernel, 'terms' | 'kernel' | 'outputs'>,
  visitor: TupleVisitor,
): void {
  for (const instance of instances) {
    const { terms, kernel, outputs } = kernelOf(instance)
    if (terms.length === 0) continue
    const rows = instanceRows(instance, witness)
    const constants = new Map<bigint, Uint32Array>()
    const words = (value: TermValue): Uint32Array => {
      if (typeof value === 'number') return kernel.output(outputs.get(value)!)
      const known = constants.get(value) ?? repeated(value, Math.min(kernel.blockRows, instance.rows))
      constants.set(value, known)
      return known
    }
    for (let first = 0; first < instance.rows; first += kernel.blockRows) {
      const count = Math.min(kernel.blockRows, instance.rows - first)
      kernel.run(rows, first, count)
      for (const term of terms) {
        if (term.scope === 'row') visitBlock({ term, instance, first, count, words, visitor })
        else if (first === 0) visitBlock({ term, instance, first: -1, count: 1, words, visitor })
      }
    }
  }
}

/** Visits a term in the rows of a block; `words` gives the values of a part of the term in those rows. */
function visitBlock(block: {
  readonly term: BusTerm
  readonly instance: BoundInstance
  readonly first: number
  readonly count: number
  readonly words: (value: TermValue) => Uint32Array
  readonly visitor: TupleVisitor
}): void {
  const { term, instance, first, count, words: reader, visitor } = block
  const fields = [term.id, ...term.tuple].map(reader)
  const multiplicity = term.isNegated ? negated(reader(term.multiplicity), count) : reader(term.multiplicity)
  const words = new Uint32Array(2 * fields.length)
  const scoped = term.scope === 'row'
  for (let r = 0; r < count; r++) {
    const low = multiplicity[2 * r]!
    const high = multiplicity[2 * r + 1]!
    let length = 0
    for (let k = 0; k < fields.length; k++) {
      const lowWord = fields[k]![2 * r]!
      const highWord = fields[k]![2 * r + 1]!
      words[2 * k] = lowWord
      words[2 * k + 1] = highWord
      if ((lowWord | highWord) !== 0) length = 2 * k + 2
    }
    visitor({ term, instance, row: scoped ? first + r : -1, words, count: length, low, high })
  }
}

/** The opposite of the first `count` field elements. */
function negated(values: Uint32Array, count: number): Uint32Array {
  const words = new Uint32Array(2 * count)
  for (let r = 0; r < count; r++) {
    const [low, high] = [values[2 * r]!, values[2 * r + 1]!]
    if ((low | high) === 0) continue
    // p - x, with p = (0xffffffff, 1)
    words[2 * r] = 1 - low
    words[2 * r + 1] = 0xffff_ffff - high - (low > 1 ? 1 : 0)
  }
  return words
}

function repeated(value: bigint, count: number): Uint32Array {
  const words = new Uint32Array(2 * count)
  for (let r = 0; r < count; r++) {
    words[2 * r] = Number(value & 0xffff_ffffn)
    words[2 * r + 1] = Number(value >> 32n)
  }
  return words
}

/** Visits what the program itself contributes. */
export function visitGlobalTerms(program: Pilout, witness: ProgramWitness, bus: BusKind, visitor: TupleVisitor): void {
  for (const term of busTerms(program, program)) {
    if (term.bus !== bus) continue
    const evaluate = (value: TermValue): bigint => {
      if (typeof value === 'bigint') return value
      const { dag, map } = extractDag(program.expressions, [value])
      return evaluateDag(dag, field, (kind, a) => globalValue(witness, kind, a))[map(value)]!
    }
    const multiplicity = evaluate(term.multiplicity)
    const fields = [term.isNegated ? field.neg(multiplicity) : multiplicity, ...[term.id, ...term.tuple].map(evaluate)]
    const all = Uint32Array.from(fields.flatMap((v) => [Number(v & 0xffff_ffffn), Number(v >> 32n)]))
    const [low, high] = [all[0]!, all[1]!]
    if ((low | high) === 0) continue
    const words = all.subarray(2)
    let count = words.length
    while (count > 0 && (words[count - 1]! | words[count - 2]!) === 0) count -= 2
    visitor({ term, instance: undefined, row: -1, words, count, low, high })
  }
}

/**
 * Balances the tuples of a scope. When there are more than `tuplesPerPass` tuples they are counted in several passes,
 * each over the share of the tuples that a hash assigns to it.
 *
 * @returns The number of tuples counted.
 */
export function checkBuses(
  scope: BusScope,
  options: { readonly failures: FailureSink<BusFailure>; readonly tuplesPerPass: number },
): number {
  const { failures, tuplesPerPass } = options
  const estimate = scope.instances.reduce((sum, i) => sum + i.rows * scope.kernelOf(i).terms.length, 0)
  const passes = Math.ceil(estimate / tuplesPerPass) || 1
  let counted = 0
  const unbalanced = new Unbalanced(scope.program)
  for (let pass = 0; pass < passes; pass++) {
    const table = new TupleTable()
    visitTuples(scope, ({ words, count, low, high }) => {
      const hash = hashWords(words, count)
      if ((hash >>> 8) % passes !== pass) return
      counted++
      table.add(table.entry(words, count, hash), low, high)
    })
    for (const entry of table.unbalanced()) unbalanced.insert(table.tuple(entry), table.multiplicity(entry))
  }
  if (unbalanced.size > 0) {
    visitTuples(scope, (visit) => unbalanced.observe(visit))
    for (const failure of unbalanced.failures()) failures.add(() => failure)
  }
  return counted
}

interface UnbalancedTuple {
  readonly key: readonly bigint[]
  readonly net: bigint
  proved: bigint
  assumed: bigint
  readonly origins: BusOrigin[]
  readonly names: Set<string>
}

/** The tuples that do not balance, with what contributes to them. */
class Unbalanced {
  readonly #program: Pilout
  readonly #table: TupleTable = new TupleTable()
  readonly #tuples: UnbalancedTuple[] = []

  constructor(program: Pilout) {
    this.#program = program
  }

  get size(): number {
    return this.#tuples.length
  }

  insert(key: readonly bigint[], net: bigint): void {
    const words = Uint32Array.from(key.flatMap((v) => [Number(v & 0xffff_ffffn), Number(v >> 32n)]))
    this.#table.entry(words, words.length, hashWords(words, words.length))
    this.#tuples.push({ key, net, proved: 0n, assumed: 0n, origins: [], names: new Set() })
  }

  observe({ term, instance, row, words, count, low, high }: Parameters<TupleVisitor>[0]): void {
    const entry = this.#table.find(words, count, hashWords(words, count))
    if (entry === undefined) return
    const tuple = this.#tuples[entry]!
    const multiplicity = signedFelt((BigInt(high) << 32n) + BigInt(low))
    if (multiplicity > 0n) tuple.proved += multiplicity
    else tuple.assumed -= multiplicity
    tuple.names.add(term.name)
    if (tuple.origins.filter((o) => o.multiplicity > 0n === multiplicity > 0n).length >= MAX_ORIGINS) return
    tuple.origins.push({
      side: term.side,
      instance: instance === undefined ? 'global' : instance.label,
      row,
      multiplicity,
      ...originOf(this.#program, term),
    })
  }

  failures(): readonly BusFailure[] {
    const ordered = [...this.#tuples].sort(compareTuples)
    const declared = busNames(this.#program)
    return ordered.map((tuple) => {
      const nearest = this.#nearest(tuple)
      return {
        kind: 'bus',
        bus: declared.get(tuple.key[0] ?? 0n) ?? [...tuple.names].sort().join(' / '),
        id: tuple.key[0] ?? 0n,
        tuple: tuple.key.slice(1),
        proved: tuple.proved,
        assumed: tuple.assumed,
        origins: tuple.origins,
        ...(nearest === undefined ? {} : { nearest }),
      }
    })
  }

  #nearest(tuple: UnbalancedTuple): BusFailure['nearest'] {
    const positive = tuple.net <= P / 2n
    let best: BusFailure['nearest']
    for (const other of this.#tuples.slice(0, MAX_NEAREST)) {
      if (other.key[0] !== tuple.key[0] || other.net <= P / 2n === positive) continue
      const width = Math.max(tuple.key.length, other.key.length)
      const differs: number[] = []
      for (let i = 1; i < width; i++) if ((tuple.key[i] ?? 0n) !== (other.key[i] ?? 0n)) differs.push(i - 1)
      if (best === undefined || differs.length < best.differs.length) best = { tuple: other.key.slice(1), differs }
    }
    return best
  }
}

function compareTuples(x: UnbalancedTuple, y: UnbalancedTuple): number {
  for (let i = 0; i < Math.max(x.key.length, y.key.length); i++) {
    const [a, b] = [x.key[i] ?? 0n, y.key[i] ?? 0n]
    if (a !== b) return a < b ? -1 : 1
  }
  return 0
}
