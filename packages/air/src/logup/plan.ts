/**
 * How the stage-2 columns of an AIR are computed, from the hints of the standard library (the names are ZisK's):
 *
 * - `@im_col{reference, numerator, denominator}`: a witness column, in every row numerator / denominator.
 * - `@im_airval{reference, numerator, denominator}`: an air value, once.
 * - `@gsum_col{reference, numerator_air, denominator_air, numerator_direct, denominator_direct, result}`: the running
 *   sum of numerator_air / denominator_air over the rows; its last row plus numerator_direct / denominator_direct is
 *   the air-group value `result`. The numerators may use the columns and air values above.
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

/** Everything stage 2 of an AIR consists of. */
export interface LogUpPlan {
  /** Partial sums, in the order in which they can be computed. */
  readonly columns: readonly (Fraction & { readonly column: number })[]
  /** Partial sums that are counted once per instance. */
  readonly airValues: readonly (Fraction & { readonly airValue: number })[]
  /** The running sum; absent in an AIR that uses no bus. */
  readonly sum?: {
    readonly column: number
    readonly row: Fraction
    readonly direct: Fraction
    /** The air-group value that receives the total: group and position. */
    readonly result: readonly [airGroup: number, value: number]
  }
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
  const sums = named('gsum_col').map((hint) => {
    const { reference, fraction } = reader(hint)
    const result = reference('result', NODE.airGroupValue)
    return {
      column: a[reference('reference', NODE.witness)]!,
      row: fraction('_air'),
      direct: fraction('_direct'),
      result: [a[result]!, b[result]!] as const,
    }
  })
  const known = new Set([...columns, ...sums].map((entry) => entry.column))
  for (const [column, { stage, name }] of air.witness.entries()) {
    if (stage < 2 || known.has(column)) continue
    throw new AirError({
      code: 'PILOUT_MODEL_INVALID',
      message: `column ${name} of AIR ${air.name} belongs to stage ${stage} and no hint says how to compute it`,
    })
  }
  const sum = sums[0]
  return { columns, airValues, ...(sum === undefined ? {} : { sum }) }
}

function planError(program: Pilout, hint: Hint, message: string): AirError {
  return new AirError({
    code: 'PILOUT_MODEL_INVALID',
    message: `hint @${hint.name}: ${message}`,
    where: sourceLabel(program, hint.source),
  })
}
