import { AirError } from '../errors.ts'
import type { RowSource } from '../eval/row-kernel.ts'
import { NODE } from '../model/expression.ts'
import type { BoundInstance, ProgramWitness } from './witness.ts'

/** The columns and values of an instance, as kernels and the interpreter read them. */
export function instanceRows(instance: BoundInstance, witness: ProgramWitness): RowSource {
  return {
    rows: instance.rows,
    column: (kind, index) => {
      const columns = kind === NODE.fixed ? instance.fixed : kind === NODE.custom ? instance.custom : instance.witness
      return columns[index]!
    },
    value: (kind, a) => {
      if (kind === NODE.airValue) return instance.airValues[a]!
      return globalValue(witness, kind, a)
    },
  }
}

/** Value of a leaf that is the same in all instances, in the base field. */
export function globalValue(witness: ProgramWitness, kind: number, a: number): bigint {
  if (kind === NODE.public) return witness.publics[a]!
  if (kind === NODE.proofValue) return witness.proofValues[a]!
  throw new AirError({ code: 'PILOUT_MODEL_INVALID', message: `leaf of kind ${kind} has no value before stage 2` })
}

/** Value of a leaf in one row; row offsets wrap around. */
export function leafAt(source: RowSource, row: number): (kind: number, a: number, b: number) => bigint {
  return (kind, a, b) => {
    if (kind > NODE.custom) return source.value(kind, a, b)
    const column = source.column(kind, a)
    return column[(((row + b) % column.length) + column.length) % column.length]!
  }
}
