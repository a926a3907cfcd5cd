import { field, toFelt } from '@zisk/field'
import { AirError } from '../errors.ts'
import { evaluateDag } from '../eval/evaluate.ts'
import { compileRowKernel, type RowKernel, type RowSource } from '../eval/row-kernel.ts'
import { type ExprId, NODE } from '../model/expression.ts'
import { extractDag } from '../model/expression-builder.ts'
import { type Air, type Hint, type Pilout, sourceLabel } from '../model/pilout.ts'
import { instanceRows } from './instance-rows.ts'
import { type AirInstance, bindWitness, type ProgramWitness } from './witness.ts'

/**
 * Fills, in place, the columns and air values that hints say how to compute, in the order of the hints:
 *
 * - `@witness_calc{reference, expression}` (PIL `a <== e`): the value of the expression.
 * - `@range_split{reference, value, sel, low_bits}`: the value without its low bits, where sel is not 0.
 *
 * @throws AirError as the checker does; PILOUT_MODEL_INVALID when a hint is malformed.
 */
export function fillHintedColumns(program: Pilout, witness: ProgramWitness): void {
  const filler = new HintFiller(program)
  for (const instance of bindWitness(program, witness))
    filler.fill(instance.definition, instance, instanceRows(instance, witness))
}

/** Fills what hints say, instance by instance; keeps what it compiles for an AIR. */
export class HintFiller {
  readonly #program: Pilout
  readonly #fills: Map<Air, readonly Fill[]> = new Map()

  constructor(program: Pilout) {
    this.#program = program
  }

  fill(air: Air, instance: AirInstance, rows: RowSource): void {
    let fills = this.#fills.get(air)
    if (fills === undefined) {
      fills = air.hints.flatMap((hint) => this.#compile(air, hint))
      this.#fills.set(air, fills)
    }
    for (const fill of fills) fill(instance, rows)
  }

  #compile(air: Air, hint: Hint): readonly Fill[] {
    const name = { witness_calc: 'expression', range_split: 'value' }[hint.name]
    if (name === undefined) return []
    const value = expressionOf(this.#program, hint, name)
    const reference = expressionOf(this.#program, hint, 'reference')
    const selector = hint.fields['sel']
    const outputs = [value, ...(selector?.kind === 'expression' ? [selector.expression] : [])]
    const lowBits = hint.fields['low_bits']
    const shift = lowBits?.kind === 'integer' ? lowBits.value : 0n
    const kind = air.expressions.kinds[reference]
    const index = air.expressions.a[reference]!
    if (kind === NODE.airValue) return [fillAirValue(air, outputs, index, shift)]
    if (kind === NODE.witness) return [fillColumn(air, outputs, index, shift)]
    throw hintError(this.#program, hint, 'field reference must name a witness column or air value')
  }
}

type Fill = (instance: AirInstance, rows: RowSource) => void

/** An air value depends on other values alone. */
function fillAirValue(air: Air, outputs: readonly ExprId[], index: number, shift: bigint): Fill {
  const { dag, map } = extractDag(air.expressions, outputs)
  return (instance, rows) => {
    const values = evaluateDag(dag, field, (kind, a, b) =>
      kind > NODE.custom ? toFelt(rows.value(kind, a, b)) : toFelt(rows.column(kind, a)[b < 0 ? rows.rows + b : b]!),
    )
    const [value, sel] = outputs.map((output) => values[map(output)]!)
    instance.airValues[index] = sel === 0n ? 0n : value! >> shift
  }
}

function fillColumn(air: Air, outputs: readonly ExprId[], index: number, shift: bigint): Fill {
  let kernel: RowKernel | undefined
  return (instance, rows) => {
    kernel ??= compileRowKernel(air.expressions, outputs)
    const column = instance.witness[index]!
    const word = (output: Uint32Array, r: number): bigint =>
      (BigInt(output[2 * r + 1]!) << 32n) + BigInt(output[2 * r]!)
    for (let first = 0; first < instance.rows; first += kernel.blockRows) {
      const count = Math.min(kernel.blockRows, instance.rows - first)
      kernel.run(rows, first, count)
      const value = kernel.output(0)
      const sel = outputs.length > 1 ? kernel.output(1) : undefined
      for (let r = 0; r < count; r++)
        column[first + r] = sel !== undefined && word(sel, r) === 0n ? 0n : word(value, r) >> shift
    }
  }
}

function expressionOf(program: Pilout, hint: Hint, name: string): ExprId {
  const value = hint.fields[name]
  if (value?.kind !== 'expression') throw hintError(program, hint, `field ${name} must be an expression`)
  return value.expression
}

function hintError(program: Pilout, hint: Hint, message: string): AirError {
  return new AirError({
    code: 'PILOUT_MODEL_INVALID',
    message: `hint @${hint.name}: ${message}`,
    where: sourceLabel(program, hint.source),
  })
}
