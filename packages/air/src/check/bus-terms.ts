/**
 * Bus terms: what the hints named `bus_term` say about the buses of a program.
 *
 * The standard library emits one hint per use of a bus: `@bus_term{name, side, scope, id, multiplicity, tuple}`.
 * A term contributes `multiplicity` copies of the tuple `(id, tuple...)`; assumes carry a negative multiplicity. A run
 * balances when every tuple sums to zero. Trailing zero fields do not count: `(5, 1, 0)` and `(5, 1)` are one tuple.
 *
 * `@bus{id, name, min_fields, max_fields}` among the hints of the program names a bus id.
 */
import { toFelt } from '@zisk/field'
import { AirError } from '../errors.ts'
import { type ExpressionDag, type ExprId, NODE } from '../model/expression.ts'
import type { Hint, HintValue, Pilout, SourceRef } from '../model/pilout.ts'
import { sourceLabel } from '../model/pilout.ts'

/** Name of the hint. */
export const BUS_TERM_HINT = 'bus_term'

/** Name of the hint that names a bus. */
const BUS_HINT = 'bus'

/** The role of a term: `free` terms carry a multiplicity of either sign. */
export type BusSide = 'assumes' | 'proves' | 'free'

/** Part of a term: a node of the AIR's DAG (of the program's for scope `global`), or a canonical constant. */
export type TermValue = ExprId | bigint

/** One use of a bus. */
export interface BusTerm {
  readonly name: string
  readonly side: BusSide
  /** Counted in every row, once per instance, or once per run. */
  readonly scope: 'row' | 'instance' | 'global'
  readonly id: TermValue
  /** Signed: negative for assumes. */
  readonly multiplicity: TermValue
  readonly tuple: readonly TermValue[]
  readonly source: SourceRef
  readonly trail: readonly SourceRef[]
}

/** The bus terms among the hints of an AIR (with its DAG) or of a program. */
export function busTerms(
  program: Pilout,
  scope: { readonly hints: readonly Hint[]; readonly expressions: ExpressionDag },
): readonly BusTerm[] {
  return scope.hints
    .filter((hint) => hint.name === BUS_TERM_HINT)
    .map((hint) => readTerm(program, scope.expressions, hint))
}

/** Names of the buses that the program declares, by id. */
export function busNames(program: Pilout): ReadonlyMap<bigint, string> {
  const names = new Map<bigint, string>()
  for (const { name, fields } of program.hints) {
    const { id, name: text } = fields as Readonly<Record<'id' | 'name', HintValue | undefined>>
    if (name === BUS_HINT && id?.kind === 'integer' && text?.kind === 'string') names.set(toFelt(id.value), text.value)
  }
  return names
}

function readTerm(program: Pilout, dag: ExpressionDag, hint: Hint): BusTerm {
  const invalid = (name: string, expected: string): AirError =>
    new AirError({
      code: 'PILOUT_MODEL_INVALID',
      message: `hint @${hint.name}: field ${name} must be ${expected}`,
      where: sourceLabel(program, hint.source),
    })
  const text = (name: string): string => {
    const value = hint.fields[name]
    if (value?.kind !== 'string') throw invalid(name, 'a string')
    return value.value
  }
  const word = <T extends string>(name: string, words: readonly T[]): T => {
    const found = words.find((candidate) => candidate === text(name))
    if (found === undefined) throw invalid(name, `one of ${words.join(', ')}`)
    return found
  }
  const termValue = (name: string, value: HintValue | undefined): TermValue => {
    if (value?.kind === 'integer') return toFelt(value.value)
    if (value?.kind !== 'expression') throw invalid(name, 'an expression')
    const { expression } = value
    return dag.kinds[expression] === NODE.constant ? dag.constants[dag.a[expression]!]! : expression
  }
  const tuple = hint.fields['tuple']
  if (tuple?.kind !== 'array') throw invalid('tuple', 'an array')
  return {
    name: text('name'),
    side: word('side', ['assumes', 'proves', 'free']),
    scope: word('scope', ['row', 'instance', 'global']),
    id: termValue('id', hint.fields['id']),
    multiplicity: termValue('multiplicity', hint.fields['multiplicity']),
    tuple: tuple.items.map((item) => termValue('tuple', item)),
    source: hint.source,
    trail: hint.trail,
  }
}
