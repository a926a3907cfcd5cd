/**
 * Whether each rule of an AIR is needed: with one constraint or one lookup left out, a forger looks for a row that keeps
 * all others and says something false. For AIRs whose constraints look at one row alone.
 */
import { busTerms, type ExpressionDag, evaluateDag, extractDag, NODE, nodeStages, type Pilout } from '@zisk/air'
import { add, field, inv, mul, neg, P, sub } from '@zisk/field'
import { keyOf, type RowJudge } from './judge-row.ts'
import { seededRandom } from './seeded-random.ts'

/** What to try. */
export interface DropOptions {
  readonly air: string
  /** Honest rows to start from. */
  readonly rows: readonly number[]
  readonly seed: number
  /** Starts per rule. */
  readonly attempts: number
  /** Whether what a row puts on buses without a table is true: signed multiplicity by `id,field,...`. */
  readonly isTrueRow: (tuples: ReadonlyMap<string, bigint>) => boolean
}

/** A rule, and the false row that only it refuses. */
export interface DroppedRule {
  /** Text of a constraint or name of the bus of a lookup, and its position, as `TEXT #0`. */
  readonly rule: string
  /** Cells of the row that differ from an honest one; absent when none was found. */
  readonly cells: Readonly<Record<string, bigint>> | undefined
}

/** Steps that take a cell to another root of a constraint of higher degree. */
const STEPS: readonly bigint[] = [1n, P - 1n, 2n ** 16n, P - 2n ** 16n, 2n ** 32n, P - 2n ** 32n]
/** Repairs in a row before the forger starts again. */
const MAX_REPAIRS = 9

/** Leaves each rule of an AIR out in turn. */
export function dropRules(program: Pilout, judge: RowJudge, options: DropOptions): readonly DroppedRule[] {
  const forger = new Forger(program, judge, options)
  return forger.rules.map((rule, i) => ({ rule: rule.name, cells: forger.search(i) }))
}

interface Rule {
  readonly name: string
  readonly isLookup: boolean
  /** Expressions that the rule looks at; a constraint has one. */
  readonly nodes: readonly number[]
  /** Columns that it depends on. */
  readonly columns: readonly number[]
  readonly holds: (values: readonly bigint[]) => boolean
}

class Forger {
  readonly rules: readonly Rule[]
  readonly #options: DropOptions
  readonly #dag: ExpressionDag
  readonly #cones = new Map<number, ExpressionDag>()
  readonly #labels: readonly string[]
  readonly #witness: readonly (BigUint64Array | undefined)[]
  readonly #says: (values: readonly bigint[]) => ReadonlyMap<string, bigint>
  readonly #random: () => number

  constructor(program: Pilout, judge: RowJudge, options: DropOptions) {
    const { airGroup, air: index, labels, witness } = judge.instanceOf(options.air)
    const air = program.airGroups[airGroup]!.airs[index]!
    this.#options = options
    this.#labels = labels
    this.#witness = witness
    this.#random = seededRandom(options.seed)
    const stages = nodeStages(program, air, air.expressions)
    const constraints = air.constraints.filter(({ expression }) => stages[expression]! < 2)
    const terms = busTerms(program, air).filter(({ scope }) => scope === 'row')
    const termNodes = terms.flatMap(({ id, multiplicity, tuple }) =>
      [id, multiplicity, ...tuple].filter((value) => typeof value === 'number'),
    )
    const { dag, map } = extractDag(air.expressions, [...constraints.map(({ expression }) => expression), ...termNodes])
    this.#dag = dag
    const columns = columnsOf(dag)
    const rules: Rule[] = constraints.map(({ label, expression }, i) => {
      const node = map(expression)
      return {
        name: `${label} #${i}`,
        isLookup: false,
        nodes: [node],
        columns: columns[node]!,
        holds: (values) => values[node] === 0n,
      }
    })
    const others: ((values: readonly bigint[]) => { key: string; multiplicity: bigint })[] = []
    for (const [t, term] of terms.entries()) {
      const at = (value: bigint | number) => {
        const node = typeof value === 'number' ? map(value) : undefined
        return (values: readonly bigint[]): bigint => (node === undefined ? (value as bigint) : values[node]!)
      }
      const [id, multiplicity, tuple] = [at(term.id), at(term.multiplicity), term.tuple.map(at)]
      const read = (values: readonly bigint[]) => ({
        key: keyOf(
          id(values),
          tuple.map((get) => get(values)),
        ),
        multiplicity: multiplicity(values),
      })
      const ids = term.ids ?? (typeof term.id === 'bigint' ? new Set([term.id]) : new Set<bigint>())
      if (![...ids].some((value) => judge.isTable(value))) {
        others.push(read)
        continue
      }
      const nodes = term.tuple.filter((value) => typeof value === 'number').map(map)
      const holds = (values: readonly bigint[]): boolean => {
        const { key, multiplicity: times } = read(values)
        return times === 0n || judge.isInTable(key)
      }
      const support = [...new Set(nodes.flatMap((node) => columns[node]!))]
      rules.push({ name: `${term.name} #${t}`, isLookup: true, nodes, columns: support, holds })
    }
    this.rules = rules
    this.#says = (values) => {
      const said = new Map<string, bigint>()
      for (const read of others) {
        const { key, multiplicity } = read(values)
        if (multiplicity !== 0n) said.set(key, add(said.get(key) ?? 0n, multiplicity))
      }
      return said
    }
  }

  /** A false row that keeps all rules but one. */
  search(dropped: number): Readonly<Record<string, bigint>> | undefined {
    const { rows, attempts, isTrueRow } = this.#options
    for (let attempt = 0; attempt < attempts; attempt++) {
      const row = rows[attempt % rows.length]!
      const cells = this.#witness.map((column) => column?.[row] ?? 0n)
      const touched = new Set<number>()
      this.#change(cells, touched, this.rules[dropped]!)
      for (let repairs = 0; repairs <= MAX_REPAIRS; repairs++) {
        const values = this.#evaluate(cells)
        const broken = this.rules.filter((rule, i) => i !== dropped && !rule.holds(values))
        if (broken.length === 0) {
          if (isTrueRow(this.#says(values))) break
          return Object.fromEntries([...touched].map((column) => [this.#labels[column]!, cells[column]!]))
        }
        if (!this.#repair(cells, touched, broken[this.#random() % broken.length]!)) break
      }
    }
    return undefined
  }

  /** Changes a cell that a rule looks at. */
  #change(cells: bigint[], touched: Set<number>, { columns }: Rule): void {
    const column = columns[this.#random() % columns.length]!
    const from = cells[column]!
    const options = [...STEPS.map((step) => from + step), 1n - from, 2n, 256n, from + 256n, from ^ 1n, from ^ 0x8000n]
    // Fractions: integers again after the powers of two by which parts of a number count.
    options.push(
      ...[1n, 16n, 19n].map((bits) => inv(2n ** bits)),
      from - inv(2n ** 24n),
      BigInt(this.#random() % 65536),
    )
    cells[column] = ((options[this.#random() % options.length]! % P) + P) % P
    touched.add(column)
  }

  /** Makes a broken rule hold by another cell: one in which it is linear, or one that a small step puts right. */
  #repair(cells: bigint[], touched: Set<number>, rule: Rule): boolean {
    const free = rule.columns.filter((column) => !touched.has(column))
    if (free.length === 0) return false
    const column = free[this.#random() % free.length]!
    const from = cells[column]!
    touched.add(column)
    const node = rule.nodes[this.#random() % rule.nodes.length]!
    const at = (value: bigint): bigint => {
      cells[column] = value
      return this.#valueOf(node, cells)
    }
    const [before, zero, one, two] = [at(from), at(0n), at(1n), at(2n)]
    const slope = sub(one, zero)
    if (slope !== 0n && sub(two, one) === slope) {
      // A constraint wants 0; a lookup what is left of its value, or something small.
      const small = [before % 65536n, before % 32768n, before % 256n, 0n, 1n, BigInt(this.#random() % 65536)]
      const wanted = rule.isLookup ? small[this.#random() % small.length]! : 0n
      cells[column] = mul(add(neg(zero), wanted), inv(slope))
      return true
    }
    for (const step of STEPS) {
      cells[column] = add(from, step)
      if (rule.holds(this.#evaluate(cells))) return true
    }
    cells[column] = from
    return false
  }

  /** Value of one node, by what lies below it alone. */
  #valueOf(node: number, cells: readonly bigint[]): bigint {
    let cone = this.#cones.get(node)
    if (cone === undefined) {
      cone = extractDag(this.#dag, [node]).dag
      this.#cones.set(node, cone)
    }
    return this.#evaluate(cells, cone).at(-1)!
  }

  #evaluate(cells: readonly bigint[], dag: ExpressionDag = this.#dag): readonly bigint[] {
    return evaluateDag(dag, field, (kind, a, b) => {
      if (kind === NODE.witness && b === 0) return cells[a]!
      throw new RangeError(`${this.#options.air} looks beyond the columns of one row`)
    })
  }
}

/** The witness columns below each node. */
function columnsOf({ kinds, a, b }: ExpressionDag): number[][] {
  const sets: Set<number>[] = []
  for (let id = 0; id < kinds.length; id++) {
    const kind = kinds[id]!
    if (kind === NODE.witness) sets.push(new Set([a[id]!]))
    else if (kind === NODE.constant) sets.push(new Set())
    else sets.push(new Set([...(sets[a[id]!] ?? []), ...(kind === NODE.neg ? [] : (sets[b[id]!] ?? []))]))
  }
  return sets.map((set) => [...set])
}
