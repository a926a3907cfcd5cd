/** Everything that is worked out from the constraints and bus terms of an AIR before there are rows. */
import { type Air, type ExpressionDag, type ExprId, extractDag, type Pilout, type ReducedAir } from '@zisk/air'
import { type QuotientProgram, quotientProgram } from './quotient-program.ts'
import { type Stage2Program, stage2Program } from './stage2-program.ts'

/** Columns of stage 1 that degree reduction adds, in the order in which they can be computed. */
export interface Stage1Intermediates {
  readonly dag: ExpressionDag
  readonly columns: readonly { readonly column: number; readonly expression: ExprId }[]
}

/** Programs of an AIR, for every instance and proof: plain data, which the setup cache keeps. */
export interface AirPrograms {
  readonly stage1: Stage1Intermediates
  readonly stage2: Stage2Program
  readonly quotient: QuotientProgram
}

/** Compiles the programs of an AIR: as compiled from PIL, after degree reduction, and as the verifying key has it. */
export function airPrograms(
  program: Pilout,
  { original, reduced, verified }: { readonly original: Air; readonly reduced: ReducedAir; readonly verified: Air },
): AirPrograms {
  const { air, intermediates } = reduced
  const first = intermediates.filter(({ column }) => air.witness[column]!.stage === 1)
  const { dag, map } = extractDag(
    air.expressions,
    first.map(({ expression }) => expression),
  )
  return {
    stage1: { dag, columns: first.map(({ column, expression }) => ({ column, expression: map(expression) })) },
    stage2: stage2Program(program, original, reduced),
    quotient: quotientProgram(verified, program.challenges.length),
  }
}
