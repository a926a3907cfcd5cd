import { ExpressionBuilder } from './expression-builder.ts'
import type { FixedContent } from './fixed-column.ts'
import { mapHints, rootsOfHints } from './hints.ts'
import type {
  Air,
  AirGroup,
  AirGroupValue,
  Constraint,
  CustomColumn,
  CustomCommit,
  FixedColumn,
  GlobalConstraint,
  Hint,
  NamedEntry,
  Pilout,
  SourceRef,
  StagedValue,
  WitnessColumn,
} from './pilout.ts'

/**
 * Collects a compiled program piece by piece. Every `add…` returns the index under which expressions name the entry;
 * {@link PiloutBuilder.build} freezes the program and keeps, per AIR, only the expressions in use.
 */
export class PiloutBuilder {
  /** The expressions of the whole program. */
  readonly expressions: ExpressionBuilder = new ExpressionBuilder()
  readonly #name: string
  readonly #files: string[] = []
  readonly #publics: NamedEntry[] = []
  readonly #proofValues: StagedValue[] = []
  readonly #challenges: StagedValue[] = []
  readonly #airGroups: AirGroupBuilder[] = []
  readonly #constraints: GlobalConstraint[] = []
  readonly #hints: Hint[] = []

  constructor(name: string) {
    this.#name = name
  }

  /** Registers a source file; the same path gives the same index. */
  addFile(path: string): number {
    const known = this.#files.indexOf(path)
    return known >= 0 ? known : this.#files.push(path) - 1
  }

  addPublic(entry: NamedEntry): number {
    return this.#publics.push(entry) - 1
  }

  addProofValue(entry: StagedValue): number {
    return this.#proofValues.push(entry) - 1
  }

  addChallenge(entry: StagedValue): number {
    return this.#challenges.push(entry) - 1
  }

  /** Opens an air group; its `id` is what `airGroupValue` leaves name. */
  addAirGroup(name: string): AirGroupBuilder {
    const group = new AirGroupBuilder(name, this.#airGroups.length)
    this.#airGroups.push(group)
    return group
  }

  addConstraint(constraint: GlobalConstraint): number {
    return this.#constraints.push(constraint) - 1
  }

  addHint(hint: Hint): void {
    this.#hints.push(hint)
  }

  /** The finished program. The builder may go on; later additions do not show in it. */
  build(): Pilout {
    const frozen = freezeExpressions(this.expressions, this.#constraints, this.#hints)
    return {
      name: this.#name,
      files: [...this.#files],
      publics: [...this.#publics],
      proofValues: [...this.#proofValues],
      challenges: [...this.#challenges],
      airGroups: this.#airGroups.map((group) => group.build(this.expressions)),
      ...frozen,
    }
  }
}

/** Collects one air group. */
export class AirGroupBuilder {
  readonly id: number
  readonly name: string
  readonly #values: AirGroupValue[] = []
  readonly #airs: AirBuilder[] = []

  constructor(name: string, id: number) {
    this.name = name
    this.id = id
  }

  addAirGroupValue(entry: AirGroupValue): number {
    return this.#values.push(entry) - 1
  }

  addAir(options: AirOptions): AirBuilder {
    const air = new AirBuilder(options, this.#airs.length)
    this.#airs.push(air)
    return air
  }

  build(expressions: ExpressionBuilder): AirGroup {
    return {
      name: this.name,
      airGroupValues: [...this.#values],
      airs: this.#airs.map((air) => air.build(expressions)),
    }
  }
}

/** What is known of an AIR when it is opened; the builder's fields may be set until `build`. */
export interface AirOptions {
  readonly name: string
  readonly template: string
  readonly rows: number
  /** log2 of the allowed heights; `[log2(rows)]` when absent. */
  readonly logHeights?: readonly number[]
  readonly source: SourceRef
}

/** Collects one AIR. */
export class AirBuilder {
  /** Index within the air group. */
  readonly id: number
  name: string
  /** May change until the first column exists (PIL lets a template assign `N`). */
  rows: number
  logHeights: readonly number[] | undefined
  readonly #template: string
  readonly #source: SourceRef
  readonly #witness: WitnessColumn[] = []
  readonly #fixed: FixedColumn[] = []
  readonly #customCommits: CustomCommit[] = []
  readonly #customColumns: CustomColumn[] = []
  readonly #airValues: StagedValue[] = []
  readonly #constraints: Constraint[] = []
  readonly #hints: Hint[] = []

  constructor(options: AirOptions, id: number) {
    this.id = id
    this.name = options.name
    this.rows = options.rows
    this.logHeights = options.logHeights
    this.#template = options.template
    this.#source = options.source
  }

  addWitness(column: WitnessColumn): number {
    return this.#witness.push(column) - 1
  }

  addFixed(column: FixedColumn): number {
    return this.#fixed.push(column) - 1
  }

  /** Replaces the contents of a fixed column: PIL assigns them after the declaration. */
  setFixedContent(column: number, content: FixedContent): void {
    this.#fixed[column] = { ...this.#fixed[column]!, content }
  }

  addCustomCommit(commit: CustomCommit): number {
    return this.#customCommits.push(commit) - 1
  }

  addCustomColumn(column: CustomColumn): number {
    return this.#customColumns.push(column) - 1
  }

  addAirValue(entry: StagedValue): number {
    return this.#airValues.push(entry) - 1
  }

  addConstraint(constraint: Constraint): number {
    return this.#constraints.push(constraint) - 1
  }

  addHint(hint: Hint): void {
    this.#hints.push(hint)
  }

  build(expressions: ExpressionBuilder): Air {
    const frozen = freezeExpressions(expressions, this.#constraints, this.#hints)
    return {
      name: this.name,
      template: this.#template,
      rows: this.rows,
      logHeights: this.logHeights === undefined ? [Math.log2(this.rows)] : [...this.logHeights],
      witness: [...this.#witness],
      fixed: [...this.#fixed],
      customCommits: [...this.#customCommits],
      customColumns: [...this.#customColumns],
      airValues: [...this.#airValues],
      ...frozen,
      source: this.#source,
    }
  }
}

function freezeExpressions<C extends GlobalConstraint>(
  expressions: ExpressionBuilder,
  constraints: readonly C[],
  hints: readonly Hint[],
): { expressions: Air['expressions']; constraints: C[]; hints: Hint[] } {
  const roots = [...constraints.map((constraint) => constraint.expression), ...rootsOfHints(hints)]
  const { dag, map } = expressions.extract(roots)
  return {
    expressions: dag,
    constraints: constraints.map((c) => ({ ...c, expression: map(c.expression) })),
    hints: mapHints(hints, map),
  }
}
