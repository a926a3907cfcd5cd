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
  type LogUpPlan,
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

/** A column that is computed in a wave. */
export interface WaveColumn {
  readonly column: number
  readonly accumulate?: Accumulator['kind']
  /** Position among the program's outputs; absent when the numerator is 1. */
  readonly numerator?: number
  /** Absent when the numerator is all there is. */
  readonly denominator?: number
}

/** Columns whose numerators and denominators one program computes. */
export interface Stage2Wave {
  /** The AIR that leaves of the program belong to. */
  readonly air: Air
  readonly compiled: CompiledExpression
  readonly columns: readonly WaveColumn[]
}

/** What is computed in one go over all rows. */
export interface Stage2Pass {
  readonly waves: readonly Stage2Wave[]
  /** Running sums and products whose totals are known after the pass. */
  readonly accumulators: readonly Accumulator[]
}

/** Everything that is known of stage 2 before there are rows. */
export interface Stage2Program {
  readonly plan: LogUpPlan
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
  readonly numerator: TermValue
  readonly denominator: TermValue
  readonly accumulator?: Accumulator
}

const ZERO: TermValue = toFelt(0n)
const ONE: TermValue = toFelt(1n)

/** Plans stage 2 of an AIR and compiles its programs. */
export function stage2Program(program: Pilout, original: Air, reduced: ReducedAir): Stage2Program {
  const plan = logUpPlan(program, original)
  const entries: Entry[] = [
    ...plan.columns.map((entry) => ({ ...entry, air: original })),
    ...plan.accumulators.map((accumulator) => {
      return { column: accumulator.column, ...accumulator.row, air: original, accumulator }
    }),
    ...reduced.intermediates.flatMap(({ column, expression }) =>
      reduced.air.witness[column]!.stage === 2
        ? [{ column, air: reduced.air, numerator: expression, denominator: ONE }]
        : [],
    ),
  ]
  const places = new Map<number, { readonly pass: number; readonly wave: number; readonly isSum: boolean }>()
  const passes: Entry[][][] = []
  let totalsAfter = 0
  for (const entry of entries) {
    let [pass, wave] = [0, 0]
    const notBefore = (other: { readonly pass: number; readonly wave: number }): void => {
      if (other.pass < pass || (other.pass === pass && other.wave <= wave)) return
      pass = other.pass
      wave = other.wave
    }
    for (const { column, offset } of stage2Leaves(entry)) {
      const place = places.get(column)
      if (place === undefined) throw new RangeError(`column ${column} is used before it is computed`)
      const isSameRow = offset === 0 && !place.isSum
      notBefore(isSameRow ? { pass: place.pass, wave: place.wave + 1 } : { pass: place.pass + 1, wave: 0 })
    }
    if (usesTotals(entry)) notBefore({ pass: totalsAfter, wave: 0 })
    // Programs are of one AIR each.
    while (passes[pass]?.[wave]?.some(({ air }) => air !== entry.air)) wave++
    if (entry.accumulator !== undefined) totalsAfter = Math.max(totalsAfter, pass + 1)
    places.set(entry.column, { pass, wave, isSum: entry.accumulator !== undefined })
    passes[pass] ??= []
    passes[pass]![wave] ??= []
    passes[pass]![wave]!.push(entry)
  }
  const passOf = new Map([...places].map(([column, { pass }]) => [column, pass]))
  return {
    plan,
    passOf,
    hasZeroDenominator: entries.some(({ denominator }) => denominator === ZERO),
    passes: passes.map((waves, pass) => ({
      waves: waves.map((members) => compileWave(members, (column) => passOf.get(column) === pass)),
      accumulators: waves.flat().flatMap(({ accumulator }) => accumulator ?? []),
    })),
  }
}

function nodesOf({ numerator, denominator }: Entry): ExprId[] {
  return [numerator, denominator].filter((value) => typeof value === 'number')
}

/** The columns of stage 2 that an entry uses, and in which rows. */
function stage2Leaves(entry: Entry): { readonly column: number; readonly offset: number }[] {
  const { expressions, witness } = entry.air
  const { kinds, a, b } = expressions
  const leaves: { readonly column: number; readonly offset: number }[] = []
  visitReachable(expressions, nodesOf(entry), (id) => {
    const column = a[id]!
    if (kinds[id] === NODE.witness && witness[column]!.stage === 2) leaves.push({ column, offset: b[id]! })
  })
  return leaves
}

function usesTotals(entry: Entry): boolean {
  const { expressions } = entry.air
  let found = false
  visitReachable(expressions, nodesOf(entry), (id) => {
    found ||= expressions.kinds[id] === NODE.airGroupValue
  })
  return found
}

/** @param isInPass Whether a column of stage 2 is computed in the same pass: its values are at hand, not in a panel. */
function compileWave(entries: readonly Entry[], isInPass: (column: number) => boolean): Stage2Wave {
  const [{ air }] = entries as readonly [Entry]
  const e = new ExpressionBuilder()
  const node = copyInto(e, air.expressions, entries.flatMap(nodesOf))
  const outputs: ExprId[] = []
  const columns = entries.map(({ column, numerator, denominator, accumulator }): WaveColumn => {
    const common = { column, ...(accumulator === undefined ? {} : { accumulate: accumulator.kind }) }
    const output = (id: ExprId): number => outputs.push(id) - 1
    const above = typeof numerator === 'bigint' ? e.constant(numerator) : node(numerator)
    if (typeof denominator === 'bigint') {
      const scale = denominator === ZERO ? ZERO : inv(denominator)
      return { ...common, numerator: output(scale === ONE ? above : e.mul(above, e.constant(scale))) }
    }
    const below = node(denominator)
    if (typeof numerator !== 'bigint' || numerator === ZERO)
      return { ...common, numerator: output(above), denominator: output(below) }
    // c / d as 1 / (d / c), which costs nothing in a sum with weights.
    const scaled = numerator === ONE ? below : e.mul(below, e.constant(inv(numerator)))
    return { ...common, denominator: output(scaled) }
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
  return { air, compiled, columns }
}
