/**
 * The compiled PIL program ("pilout"): what `pilc` emits and what setup, prover, verifier, witness generators and the
 * checker read. Plain data; everything but a lazy fixed column survives the codec unchanged.
 */
import type { ExpressionDag, ExprId } from './expression.ts'
import type { FixedContent } from './fixed-column.ts'

/** Position in a PIL source file. Lines and columns count from 1. */
export interface SourceRef {
  /** Index into {@link Pilout.files}. */
  readonly file: number
  readonly line: number
  readonly column: number
}

/** A declared name. Arrays are declared element by element: `a[2][3]` is six entries with two indexes each. */
export interface NamedEntry {
  readonly name: string
  /** Position in the declared array; empty for a scalar. */
  readonly index: readonly number[]
}

/** `name[i][j]`, the PIL spelling of an entry. */
export function entryLabel(entry: NamedEntry): string {
  return entry.name + entry.index.map((i) => `[${i}]`).join('')
}

/** Witness column. Stage 1 is over the base field; from stage 2 on a column is over the cubic extension. */
export interface WitnessColumn extends NamedEntry {
  readonly stage: number
  /** `bits(n)` or `bits(n, signed)`: a packing hint that constrains nothing. */
  readonly bits?: { readonly size: number; readonly signed: boolean }
  readonly source?: SourceRef
}

/** Column of an AIR whose contents belong to the AIR, not to the instance. */
export interface FixedColumn extends NamedEntry {
  readonly content: FixedContent
  readonly source?: SourceRef
}

/** Column whose contents are supplied with the statement, bound by a Merkle root among the publics. */
export interface CustomColumn extends NamedEntry {
  /** Index into {@link Air.customCommits}. */
  readonly commit: number
  readonly source?: SourceRef
}

/** A group of custom columns with one Merkle root. */
export interface CustomCommit {
  readonly name: string
  readonly stage: number
  /** Indexes of the publics that hold the root. */
  readonly publics: readonly number[]
}

/** One value per instance, per air group, or per proof. From stage 2 on it lies in the cubic extension. */
export interface StagedValue extends NamedEntry {
  readonly stage: number
}

/** Value combined over all instances of an air group. */
export interface AirGroupValue extends StagedValue {
  readonly aggregate: 'sum' | 'prod'
  /** Value that an absent instance contributes. */
  readonly defaultValue: bigint
}

/**
 * Rows on which a constraint holds. `everyFrame` leaves out the rows whose window of offsets
 * `[-offsetMin, offsetMax]` would wrap around the end of the trace.
 */
export type ConstraintRows =
  | { readonly kind: 'everyRow' }
  | { readonly kind: 'firstRow' }
  | { readonly kind: 'lastRow' }
  | { readonly kind: 'everyFrame'; readonly offsetMin: number; readonly offsetMax: number }

/** `expression = 0` on `rows`. */
export interface Constraint {
  readonly expression: ExprId
  readonly rows: ConstraintRows
  /** The source text of the constraint or a name given to it; what a report shows. */
  readonly label: string
  readonly source: SourceRef
  /** Call sites that led to `source`, innermost first; empty when it is not inside a function. */
  readonly trail: readonly SourceRef[]
}

/** `expression = 0` over publics, proof values, air-group values and challenges. */
export type GlobalConstraint = Omit<Constraint, 'rows'>

/** Value of a hint field. */
export type HintValue =
  | { readonly kind: 'expression'; readonly expression: ExprId }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly HintValue[] }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, HintValue>> }

/** `@name{field: value, ...}`: a message from PIL to the prover, the witness generators or the checker. */
export interface Hint {
  readonly name: string
  readonly fields: Readonly<Record<string, HintValue>>
  readonly source: SourceRef
  readonly trail: readonly SourceRef[]
}

/** One table of constraints. */
export interface Air {
  readonly name: string
  readonly template: string
  /** `N` as the PIL text sees it. */
  readonly rows: number
  /**
   * log2 of the heights that an instance may have, ascending. `[log2(rows)]` unless the PIL text allows more, which
   * needs fixed columns of pattern kind only.
   */
  readonly logHeights: readonly number[]
  readonly witness: readonly WitnessColumn[]
  readonly fixed: readonly FixedColumn[]
  readonly customCommits: readonly CustomCommit[]
  readonly customColumns: readonly CustomColumn[]
  readonly airValues: readonly StagedValue[]
  readonly expressions: ExpressionDag
  readonly constraints: readonly Constraint[]
  readonly hints: readonly Hint[]
  readonly source: SourceRef
}

/** AIRs that share air-group values. */
export interface AirGroup {
  readonly name: string
  readonly airGroupValues: readonly AirGroupValue[]
  readonly airs: readonly Air[]
}

/** A whole program. */
export interface Pilout {
  readonly name: string
  /** Source files, by the path under which the compiler found them. */
  readonly files: readonly string[]
  readonly publics: readonly NamedEntry[]
  readonly proofValues: readonly StagedValue[]
  readonly challenges: readonly StagedValue[]
  readonly airGroups: readonly AirGroup[]
  /** DAG of the global constraints and of the hints of the program. */
  readonly expressions: ExpressionDag
  readonly constraints: readonly GlobalConstraint[]
  readonly hints: readonly Hint[]
}

/** `file:line:column`. */
export function sourceLabel(pilout: Pick<Pilout, 'files'>, source: SourceRef): string {
  return `${pilout.files[source.file] ?? '?'}:${source.line}:${source.column}`
}
