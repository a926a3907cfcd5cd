/**
 * How the stage-2 columns of an AIR are computed, from the hints of the standard library (the names are ZisK's):
 *
 * - `@im_col{reference, numerator, denominator}`: a witness column, in every row numerator / denominator.
 * - `@im_airval{reference, numerator, denominator}`: an air value, once.
 * - `@gsum_col{reference, numerator_air, denominator_air, numerator_direct, denominator_direct, result}`: the running
 *   sum of numerator_air / denominator_air over the rows; its last row plus numerator_direct / denominator_direct is
 *   the air-group value `result`. The numerators may use the columns and air values above.
 * - `@gprod_col{...}`: the same with products in place of sums. Without a `result` the column closes within the
 *   instance and has no direct part.
 */
import { toFelt } from '@zisk/field'
import type { TermValue } from '../check/bus-terms.ts'
import { AirError } from '../errors.ts'
import { type ExprId, NODE } from '../model/expression.ts'
import { type Air, type Hint, type Pilout, sourceLabel } from '../model/pilout.ts'

/** numerator / denominator: nodes of the AIR's DAG or constants. */
export interface Fraction {
  readonly numerator: TermValue
  readonly denominator: TermValue
}

/** A column that adds or multiplies up a fraction over the rows. */
export interface Accumulator {
  readonly kind: 'sum' | 'product'
  readonly column: number
  readonly row: Fraction
  /** Where the total goes, combined with a fraction that counts once; absent when the column closes by itself. */
  readonly total?: {
    readonly direct: Fraction
    /** The air-group value that receives the total: group and position. */
    readonly result: readonly [airGroup: number, value: number]
  }
}

/** Everything stage 2 of an AIR consists of. */
export interface LogUpPlan {
  /** Partial sums and products, in the order in which they can be computed. */
  readonly columns: readonly (Fraction & { readonly column: number })[]
  /** Partial sums that are counted once per instance. */
  readonly airValues: readonly (Fraction & { readonly airValue: number })[]
  /** The running sums and products: none in an AIR that uses no bus. */
  readonly accumulators: readonly Accumulator[]
}

/**
 * Reads the plan of an AIR.
 *
 * @throws AirError PILOUT_MODEL_INVALID when a hint is malformed or a stage-2 column has none.
 */
export function logUpPlan(program: Pilout, air: Air): LogUpPlan {
  const { kinds, a, b } = air.expressions
  const reader = (hint: Hint) => {
    const expression = (name: string): ExprId => {
      const value = hint.fields[name]
      if (value?.kind !== 'expression') throw planError(program, hint, `field ${name} must be an expression`)
      return value.expression
    }
    const termValue = (name: string): TermValue => {
      const value = hint.fields[name]
      if (value?.kind === 'integer') return toFelt(value.value)
      const id = expression(name)
      return kinds[id] === NODE.constant ? air.expressions.constants[a[id]!]! : id
    }
    const reference = (name: string, kind: number): ExprId => {
      const id = expression(name)
      if (kinds[id] !== kind) throw planError(program, hint, `field ${name} names the wrong kind of entry`)
      return id
    }
    const fraction = (suffix: string): Fraction => ({
      numerator: termValue(`numerator${suffix}`),
      denominator: termValue(`denominator${suffix}`),
    })
    return { reference, fraction }
  }
  const named = (name: string): readonly Hint[] => air.hints.filter((hint) => hint.name === name)
  const columns = named('im_col').map((hint) => {
    const { reference, fraction } = reader(hint)
    return { column: a[reference('reference', NODE.witness)]!, ...fraction('') }
  })
  const airValues = named('im_airval').map((hint) => {
    const { reference, fraction } = reader(hint)
    return { airValue: a[reference('reference', NODE.airValue)]!, ...fraction('') }
  })
  const accumulators = (['sum', 'product'] as const).flatMap((kind) =>
    named(kind === 'sum' ? 'gsum_col' : 'gprod_col').map((hint): Accumulator => {
      const { reference, fraction } = reader(hint)
      const column = a[reference('reference', NODE.witness)]!
      const row = fraction('_air')
      if (kind === 'product' && hint.fields['result'] === undefined) return { kind, column, row }
      const result = reference('result', NODE.airGroupValue)
      return { kind, column, row, total: { direct: fraction('_direct'), result: [a[result]!, b[result]!] } }
    }),
  )
  const known = new Set([...columns, ...accumulators].map((entry) => entry.column))
  for (const [column, { stage, name }] of air.witness.entries()) {
    if (stage < 2 || known.has(column)) continue
    throw new AirError({
      code: 'PILOUT_MODEL_INVALID',
      message: `column ${name} of AIR ${air.name} belongs to stage ${stage} and no hint says how to compute it`,
    })
  }
  return { columns, airValues, accumulators }
}

function planError(program: Pilout, hint: Hint, message: string): AirError {
  return new AirError({
    code: 'PILOUT_MODEL_INVALID',
    message: `hint @${hint.name}: ${message}`,
    where: sourceLabel(program, hint.source),
  })
}
