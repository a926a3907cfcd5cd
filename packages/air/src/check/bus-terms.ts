/**
 * Bus terms: what the hints named `bus_term` say about the buses of a program.
 *
 * The standard library emits one hint per use of a bus: `@bus_term{name, side, scope, bus, id, ids, multiplicity,
 * tuple}`. A term contributes `multiplicity` copies of the tuple `(id, tuple...)`; assumes carry a negative
 * multiplicity. A run balances when every tuple sums to zero. Trailing zero fields do not count: `(5, 1, 0)` and
 * `(5, 1)` are one tuple. `ids` lists the values of an id that is computed.
 *
 * `@bus{id, name, min_fields, max_fields}` among the hints of the program names a bus id.
 *
 * Programs compiled with pil2's own library are read as well: its `@gsum_debug_data` and `@gsum_debug_data_global` say
 * the same with an unsigned `num_reps`, the list of ids in `opids` and a `type_piop` (0 assumes, 1 proves, 2 free);
 * `@gprod_debug_data` and `@gprod_debug_data_global` are those of its product bus.
 */
import { toFelt } from '@zisk/field'
import { AirError } from '../errors.ts'
import { type ExpressionDag, type ExprId, NODE, nodeDegrees } from '../model/expression.ts'
import type { Hint, HintValue, Pilout, SourceRef } from '../model/pilout.ts'
import { sourceLabel } from '../model/pilout.ts'

/** Name of the hint. */
export const BUS_TERM_HINT = 'bus_term'

/** Names of the hints of pil2's library. */
const PIL2_HINTS: ReadonlySet<string> = new Set([
  'gsum_debug_data',
  'gsum_debug_data_global',
  'gprod_debug_data',
  'gprod_debug_data_global',
])

/** Name of the hint that names a bus. */
const BUS_HINT = 'bus'

/** The role of a term: `free` terms carry a multiplicity of either sign. */
export type BusSide = 'assumes' | 'proves' | 'free'

/**
 * What a tuple balances against: all of a run in the sum, all of a run in the product, or what the same instance puts
 * on its own product (`local`).
 */
export type BusKind = 'sum' | 'product' | 'local'

/** Part of a term: a node of the AIR's DAG (of the program's for scope `global`), or a canonical constant. */
export type TermValue = ExprId | bigint

/** One use of a bus. */
export interface BusTerm {
  readonly name: string
  readonly side: BusSide
  /** Counted in every row, once per instance, or once per run. */
  readonly scope: 'row' | 'instance' | 'global'
  readonly bus: BusKind
  readonly id: TermValue
  /** The values that a computed id may take; absent where the id is a constant. */
  readonly ids?: ReadonlySet<bigint>
  /** Signed: negative for assumes, unless `isNegated` says that the opposite is meant. */
  readonly multiplicity: TermValue
  readonly isNegated: boolean
  readonly tuple: readonly TermValue[]
  readonly source: SourceRef
  readonly trail: readonly SourceRef[]
}

/** The bus terms among the hints of an AIR (with its DAG) or of a program. */
export function busTerms(
  program: Pilout,
  scope: { readonly hints: readonly Hint[]; readonly expressions: ExpressionDag },
): readonly BusTerm[] {
  const { hints, expressions } = scope
  const terms: BusTerm[] = []
  let degrees: Uint32Array | undefined
  for (const hint of hints) {
    if (hint.name === BUS_TERM_HINT) terms.push(readTerm(program, expressions, hint))
    else if (PIL2_HINTS.has(hint.name) && hint.fields['busid'] !== undefined) {
      degrees ??= nodeDegrees(expressions)
      terms.push(readPil2Term(program, expressions, degrees, hint))
    }
  }
  return terms
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
  const read = fieldReader(program, dag, hint)
  const id = read.value('id')
  return {
    name: read.text('name'),
    side: read.word('side', ['assumes', 'proves', 'free']),
    scope: read.word('scope', ['row', 'instance', 'global']),
    bus: hint.fields['bus'] === undefined ? 'sum' : read.word('bus', ['sum', 'product', 'local']),
    id,
    ...allowedIds(read, id, 'ids'),
    multiplicity: read.value('multiplicity'),
    isNegated: false,
    tuple: read.values('tuple'),
    source: hint.source,
    trail: hint.trail,
  }
}

/** The list that a computed id needs: a tuple under an id of the prover's choice could meet any bus. */
function allowedIds(read: FieldReader, id: TermValue, name: string): Pick<BusTerm, 'ids'> {
  return typeof id === 'bigint' ? {} : { ids: new Set(read.constants(name)) }
}

/** In pil2's library a term over constants and air values alone counts once per instance. */
function readPil2Term(program: Pilout, dag: ExpressionDag, degrees: Uint32Array, hint: Hint): BusTerm {
  const read = fieldReader(program, dag, hint)
  const type = read.value('type_piop')
  const side = type === 0n ? 'assumes' : type === 1n ? 'proves' : 'free'
  const id = read.value('busid')
  const multiplicity = read.value('num_reps')
  const tuple = read.values('expressions')
  const isConstant = [id, multiplicity, ...tuple].every((v) => typeof v === 'bigint' || degrees[v] === 0)
  const inAir = !hint.name.endsWith('_global')
  return {
    name: read.text('name_piop'),
    side,
    scope: !inAir ? 'global' : isConstant ? 'instance' : 'row',
    bus: hint.name.startsWith('gprod') ? 'product' : 'sum',
    id,
    ...allowedIds(read, id, 'opids'),
    multiplicity,
    isNegated: side === 'assumes',
    tuple,
    source: hint.source,
    trail: hint.trail,
  }
}

interface FieldReader {
  readonly text: (name: string) => string
  readonly word: <T extends string>(name: string, words: readonly T[]) => T
  readonly value: (name: string) => TermValue
  readonly values: (name: string) => readonly TermValue[]
  /** A list of one constant or more. */
  readonly constants: (name: string) => readonly bigint[]
}

function fieldReader(program: Pilout, dag: ExpressionDag, hint: Hint): FieldReader {
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
  const termValue = (name: string, value: HintValue | undefined): TermValue => {
    if (value?.kind === 'integer') return toFelt(value.value)
    if (value?.kind !== 'expression') throw invalid(name, 'an expression')
    const { expression } = value
    return dag.kinds[expression] === NODE.constant ? dag.constants[dag.a[expression]!]! : expression
  }
  const values = (name: string): readonly TermValue[] => {
    const list = hint.fields[name]
    if (list?.kind !== 'array') throw invalid(name, 'an array')
    return list.items.map((item) => termValue(name, item))
  }
  return {
    text,
    word: (name, words) => {
      const found = words.find((candidate) => candidate === text(name))
      if (found === undefined) throw invalid(name, `one of ${words.join(', ')}`)
      return found
    },
    value: (name) => termValue(name, hint.fields[name]),
    values,
    constants: (name) => {
      const list = values(name).filter((value) => typeof value === 'bigint')
      if (list.length === 0 || list.length !== values(name).length) throw invalid(name, 'a list of constants')
      return list
    },
  }
}
