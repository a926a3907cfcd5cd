import { AirError } from '../errors.ts'
import { compileRowKernel } from '../eval/row-kernel.ts'
import { type ExprId, NODE } from '../model/expression.ts'
import { type Hint, type Pilout, sourceLabel } from '../model/pilout.ts'
import { instanceRows } from './instance-rows.ts'
import { type BoundInstance, bindWitness, type ProgramWitness } from './witness.ts'

/**
 * Fills, in place, the columns and air values that hints say how to compute, in the order of the hints:
 *
 * - `@witness_calc{reference, expression}` (PIL `a <== e`): the value of the expression.
 * - `@range_split{reference, value, sel, low_bits}`: the value without its low bits, where sel is not 0.
 *
 * @throws AirError as the checker does; PILOUT_MODEL_INVALID when a hint is malformed.
 */
export function fillHintedColumns(program: Pilout, witness: ProgramWitness): void {
  for (const instance of bindWitness(program, witness)) {
    const { definition: air } = instance
    for (const hint of air.hints) {
      if (hint.name === 'witness_calc')
        fill(program, witness, instance, hint, expressionOf(program, hint, 'expression'))
      else if (hint.name === 'range_split') fill(program, witness, instance, hint, expressionOf(program, hint, 'value'))
    }
  }
}

function fill(program: Pilout, witness: ProgramWitness, instance: BoundInstance, hint: Hint, value: ExprId): void {
  const { definition: air } = instance
  const reference = expressionOf(program, hint, 'reference')
  const selector = hint.fields['sel']
  const outputs = [value, ...(selector?.kind === 'expression' ? [selector.expression] : [])]
  const lowBits = hint.fields['low_bits']
  const shift = lowBits?.kind === 'integer' ? lowBits.value : 0n
  const kernel = compileRowKernel(air.expressions, outputs)
  const rows = instanceRows(instance, witness)
  const kind = air.expressions.kinds[reference]
  const index = air.expressions.a[reference]!
  const word = (output: number, r: number): bigint =>
    (BigInt(kernel.output(output)[2 * r + 1]!) << 32n) + BigInt(kernel.output(output)[2 * r]!)
  const at = (r: number): bigint => (outputs.length > 1 && word(1, r) === 0n ? 0n : word(0, r) >> shift)
  if (kind === NODE.airValue) {
    kernel.run(rows, 0, 1)
    instance.airValues[index] = at(0)
    return
  }
  if (kind !== NODE.witness) throw hintError(program, hint, 'field reference must name a witness column or air value')
  const column = instance.witness[index]!
  for (let first = 0; first < instance.rows; first += kernel.blockRows) {
    const count = Math.min(kernel.blockRows, instance.rows - first)
    kernel.run(rows, first, count)
    for (let r = 0; r < count; r++) column[first + r] = at(r)
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
