/**
 * The columns of stage 2 of an AIR in the order in which they are computed. A *pass* goes over all rows once; it is
 * followed by another where a column is read in other rows than the one that is computed, or is a running sum. Within a
 * pass, a block of rows takes *waves*: a wave uses values of the waves before it.
 */
import {
  type Accumulator,
  type Air,
  ExpressionBuilder,
  type ExpressionDag,
  type ExprId,
  extractDag,
  type Fraction,
  logUpPlan,
  NODE,
  type Pilout,
  type ReducedAir,
  type TermValue,
  visitReachable,
} from '@zisk/air'
import { inv, toFelt } from '@zisk/field'
import { type CompiledExpression, compileExpression } from './column-program.ts'
import { copyInto } from './copy-expression.ts'
import { ROW_BYTES } from './extension.ts'
import { splitQuotient } from './split-quotient.ts'

/** A column that is computed in a wave. */
export interface WaveColumn {
  readonly column: number
  /** Position among the program's outputs; absent when the numerator is 1. */
  readonly numerator?: number
  /** Absent when the numerator is all there is. */
  readonly denominator?: number
}

/** Columns whose numerators and denominators one program computes. */
export interface Stage2Wave {
  readonly compiled: CompiledExpression
  readonly columns: readonly WaveColumn[]
}

/** What is computed in one go over all rows. */
export interface Stage2Pass {
  readonly waves: readonly Stage2Wave[]
  /** Running sums and products, whose totals are known after the pass. */
  readonly accumulators: readonly PassAccumulator[]
}

/** A running sum or product over what a wave computes and columns of the same pass, which are added to it. */
export interface PassAccumulator {
  readonly kind: Accumulator['kind']
  readonly column: number
  readonly addends: readonly number[]
  /** Where the total goes, combined with a fraction that counts once. */
  readonly total?: { readonly direct: ScalarFraction; readonly airGroupValue: number }
}

/** A fraction over values that are the same in all rows. */
export interface ScalarFraction extends Fraction {
  /** What its nodes are of. */
  readonly dag: ExpressionDag
}

/** Everything that is known of stage 2 before there are rows: plain data. */
export interface Stage2Program {
  /** Air values in the order in which they can be computed. */
  readonly airValues: readonly { readonly airValue: number; readonly value: ScalarFraction }[]
  readonly passes: readonly Stage2Pass[]
  /** The pass that computes each column. */
  readonly passOf: ReadonlyMap<number, number>
  /** Whether some denominator is the constant zero. */
  readonly hasZeroDenominator: boolean
}

/** A column to be computed, before it has a place. */
interface Entry {
  readonly column: number
  readonly air: Air
  /** What numerator and denominator are nodes of. */
  readonly dag: ExpressionDag
  readonly numerator: TermValue
  readonly denominator: TermValue
  readonly accumulator?: PassAccumulator
}

const ZERO: TermValue = toFelt(0n)
const ONE: TermValue = toFelt(1n)

/** Plans stage 2 of an AIR and compiles its programs. */
export function stage2Program(program: Pilout, original: Air, reduced: ReducedAir): Stage2Program {
  const plan = logUpPlan(program, original)
  const places = new Places()
  const passes: Entry[][][] = []
  const add = (entry: Entry): void => {
    const split = splitAccumulator(entry, places)
    const chosen = split !== undefined && places.isTogether(split) ? split : entry
    let { pass, wave } = places.of(chosen)
    // The leaves of a program are of one AIR.
    while (passes[pass]?.[wave]?.some(({ air }) => air !== entry.air)) wave++
    places.set(chosen, pass, wave)
    passes[pass] ??= []
    passes[pass]![wave] ??= []
    passes[pass]![wave]!.push(chosen)
  }
  const ofOriginal = { air: original, dag: original.expressions }
  for (const entry of plan.columns) add({ ...entry, ...ofOriginal })
  for (const { kind, column, row, total } of plan.accumulators) {
    const sum: PassAccumulator = {
      kind,
      column,
      addends: [],
      ...(total && { total: { direct: scalarFraction(original, total.direct), airGroupValue: total.result[1] } }),
    }
    add({ column, ...row, ...ofOriginal, accumulator: sum })
  }
  const { air, intermediates } = reduced
  for (const { column, expression } of intermediates)
    if (air.witness[column]!.stage === 2)
      add({ column, air, dag: air.expressions, numerator: expression, denominator: ONE })
  const entries = passes.flat(2)
  const { passOf } = places
  return {
    airValues: plan.airValues.map(({ airValue, ...value }) => ({ airValue, value: scalarFraction(original, value) })),
    passOf,
    hasZeroDenominator: entries.some(({ denominator }) => denominator === ZERO),
    passes: passes.map((waves, pass) => ({
      waves: waves.map((members) => compileWave(members, (column) => passOf.get(column) === pass)),
      accumulators: waves.flat().flatMap(({ accumulator }) => accumulator ?? []),
    })),
  }
}

function scalarFraction({ expressions }: Air, { numerator, denominator }: Fraction): ScalarFraction {
  const nodes = [numerator, denominator].filter((value) => typeof value === 'number')
  const { dag, map } = extractDag(expressions, nodes)
  const value = (term: TermValue): TermValue => (typeof term === 'number' ? map(term) : toFelt(term))
  return { dag, numerator: value(numerator), denominator: value(denominator) }
}

/** Where columns are computed. */
class Places {
  readonly #waves = new Map<number, { readonly pass: number; readonly wave: number; readonly isSum: boolean }>()
  /** Passes after which all totals so far are known. */
  #totals = 0

  get passOf(): ReadonlyMap<number, number> {
    return new Map([...this.#waves].map(([column, { pass }]) => [column, pass]))
  }

  /** Whether a column is there and no running sum. */
  isPlain(column: number): boolean {
    return this.#waves.get(column)?.isSum === false
  }

  /** The first wave in which everything is there that an entry uses. */
  of(entry: Entry): { readonly pass: number; readonly wave: number } {
    let [pass, wave] = [0, 0]
    const notBefore = (otherPass: number, otherWave: number): void => {
      if (otherPass < pass || (otherPass === pass && otherWave <= wave)) return
      pass = otherPass
      wave = otherWave
    }
    const { leaves, usesTotals } = stage2Leaves(entry)
    for (const { column, offset } of leaves) {
      const place = this.#waves.get(column)
      if (place === undefined) throw new RangeError(`column ${column} is used before it is computed`)
      if (offset === 0 && !place.isSum) notBefore(place.pass, place.wave + 1)
      else notBefore(place.pass + 1, 0)
    }
    if (usesTotals) notBefore(this.#totals, 0)
    for (const addend of entry.accumulator?.addends ?? []) notBefore(this.#waves.get(addend)!.pass, 0)
    return { pass, wave }
  }

  /** Whether everything that is added to an entry is computed in the same pass. */
  isTogether(entry: Entry): boolean {
    const { pass } = this.of(entry)
    return entry.accumulator!.addends.every((addend) => this.#waves.get(addend)!.pass === pass)
  }

  set({ column, accumulator }: Entry, pass: number, wave: number): void {
    this.#waves.set(column, { pass, wave, isSum: accumulator !== undefined })
    if (accumulator !== undefined) this.#totals = Math.max(this.#totals, pass + 1)
  }
}

/** A running sum whose row is a quotient and columns that are added to it, if it can be written so. */
function splitAccumulator(entry: Entry, places: Places): Entry | undefined {
  const { dag, numerator, denominator, accumulator } = entry
  if (accumulator?.kind !== 'sum' || typeof numerator === 'bigint' || typeof denominator === 'bigint') return undefined
  const e = new ExpressionBuilder()
  const split = splitQuotient(e, dag, { numerator, denominator }, (column) => places.isPlain(column))
  if (split === undefined) return undefined
  const { dag: own, map } = e.extract([split.rest, split.denominator])
  return {
    ...entry,
    dag: own,
    numerator: map(split.rest),
    denominator: map(split.denominator),
    accumulator: { ...accumulator, addends: split.columns },
  }
}

function nodesOf({ numerator, denominator }: Entry): ExprId[] {
  return [numerator, denominator].filter((value) => typeof value === 'number')
}

/** The columns of stage 2 that an entry uses, and in which rows; whether it uses totals. */
function stage2Leaves(entry: Entry): {
  readonly leaves: readonly { readonly column: number; readonly offset: number }[]
  readonly usesTotals: boolean
} {
  const { dag, air } = entry
  const leaves: { readonly column: number; readonly offset: number }[] = []
  let usesTotals = false
  visitReachable(dag, nodesOf(entry), (id) => {
    const column = dag.a[id]!
    usesTotals ||= dag.kinds[id] === NODE.airGroupValue
    if (dag.kinds[id] === NODE.witness && air.witness[column]!.stage === 2) leaves.push({ column, offset: dag.b[id]! })
  })
  return { leaves, usesTotals }
}

/** @param isInPass Whether a column of stage 2 is computed in the same pass: its values are at hand, not in a panel. */
function compileWave(entries: readonly Entry[], isInPass: (column: number) => boolean): Stage2Wave {
  const [{ air }] = entries as readonly [Entry]
  const e = new ExpressionBuilder()
  const outputs: ExprId[] = []
  const columns = entries.map((entry): WaveColumn => {
    const { column, dag, numerator, denominator } = entry
    const node = copyInto(e, dag, nodesOf(entry))
    const output = (id: ExprId): number => outputs.push(id) - 1
    const above = typeof numerator === 'bigint' ? e.constant(numerator) : node(numerator)
    if (typeof denominator === 'bigint') {
      const scale = denominator === ZERO ? ZERO : inv(denominator)
      return { column, numerator: output(scale === ONE ? above : e.mul(above, e.constant(scale))) }
    }
    const below = node(denominator)
    if (typeof numerator !== 'bigint' || numerator === ZERO)
      return { column, numerator: output(above), denominator: output(below) }
    // c / d as 1 / (d / c), which costs nothing in a sum with weights.
    const scaled = numerator === ONE ? below : e.mul(below, e.constant(inv(numerator)))
    return { column, denominator: output(scaled) }
  })
  const { dag, map }: { dag: ExpressionDag; map: (id: ExprId) => ExprId } = e.extract(outputs)
  const compiled = compileExpression(dag, outputs.map(map), {
    isExt: (kind, a) => {
      if (kind === NODE.witness) return air.witness[a]!.stage === 2
      if (kind === NODE.airValue) return air.airValues[a]!.stage === 2
      return kind === NODE.airGroupValue || kind === NODE.challenge
    },
    stride: (kind, a) => (kind === NODE.witness && !(air.witness[a]!.stage === 2 && isInPass(a)) ? ROW_BYTES : 8),
  })
  return { compiled, columns }
}
