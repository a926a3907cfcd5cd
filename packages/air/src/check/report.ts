/** What the checker found, as data and as text. */
import type { Ext } from '@zisk/field'
import type { BusSide } from './bus-terms.ts'

/** A cell or value that takes part in a failure. */
export interface NamedValue {
  /** PIL spelling with row offset: `a[0]'`. */
  readonly name: string
  readonly value: bigint
}

/** Where in the PIL text something comes from. */
export interface Origin {
  /** `file:line:column`. */
  readonly source: string
  /** Call sites, innermost first. */
  readonly trail: readonly string[]
}

/** A constraint that does not hold in one row. */
export interface ConstraintFailure extends Origin {
  readonly kind: 'constraint'
  /** `Air#segment`. */
  readonly instance: string
  /** Position in the witness's list of instances. */
  readonly position: number
  readonly row: number
  /** Position among the AIR's constraints. */
  readonly constraint: number
  readonly label: string
  /** What the expression evaluates to instead of 0: a signed integer, or an extension element in stage 2. */
  readonly value: bigint | Ext
  readonly cells: readonly NamedValue[]
}

/** A constraint over publics and proof values that does not hold. */
export interface GlobalFailure extends Origin {
  readonly kind: 'global'
  readonly constraint: number
  readonly label: string
  readonly value: bigint | Ext
  readonly cells: readonly NamedValue[]
}

/** One contribution to an unbalanced tuple. */
export interface BusOrigin extends Origin {
  readonly side: BusSide
  /** `Air#segment`, or `global`. */
  readonly instance: string
  /** Row, or -1 for a term counted once. */
  readonly row: number
  /** Signed: negative for assumes. */
  readonly multiplicity: bigint
}

/** A tuple whose multiplicities do not sum to zero. */
export interface BusFailure {
  readonly kind: 'bus'
  /** Name of the bus; the names of the terms when the program declares none. */
  readonly bus: string
  readonly id: bigint
  /** Fields after the bus id, trailing zeros removed. */
  readonly tuple: readonly bigint[]
  /** Sum of the positive and of the negative multiplicities, as signed integers. */
  readonly proved: bigint
  readonly assumed: bigint
  /** Contributions, at most a few of each side. */
  readonly origins: readonly BusOrigin[]
  /** An unbalanced tuple of the same bus and the opposite sign that differs in the fewest fields. */
  readonly nearest?: { readonly tuple: readonly bigint[]; readonly differs: readonly number[] }
}

/** A tuple under a computed bus id that is not in the list of the call. */
export interface BusIdFailure extends Origin {
  readonly kind: 'id'
  /** `id of NAME`. */
  readonly label: string
  /** Names of the buses of the list. */
  readonly bus: string
  readonly side: BusSide
  /** `Air#segment`, or `global`. */
  readonly instance: string
  /** Row, or -1 for a term counted once. */
  readonly row: number
  readonly id: bigint
  readonly allowed: readonly bigint[]
}

/** The two sides of all buses differ at a random point. */
export interface SumFailure {
  readonly kind: 'sum'
  readonly message: string
}

export type CheckFailure = ConstraintFailure | GlobalFailure | BusFailure | BusIdFailure | SumFailure

/** Result of a check. */
export interface CheckReport {
  readonly ok: boolean
  /** In order: constraints by instance, row and position, then global constraints, bus ids, buses, sums. */
  readonly failures: readonly CheckFailure[]
  /** Number of failures found; larger than `failures.length` when details were limited. */
  readonly failureCount: number
  /** Constraint evaluations made and bus tuples counted. */
  readonly evaluations: number
  readonly tuples: number
  /** Second opinions left out because the run is large: the sum at a random point, the constraints on stage 2. */
  readonly skipped: readonly ('sums' | 'stage2')[]
}

const SKIPPED = {
  sums: 'the sum of all buses at a random point (buses were counted exactly)',
  stage2: 'constraints on running sums',
} as const

/** One paragraph per failure. */
export function formatReport(report: CheckReport): string {
  const lines = report.failures.map(formatFailure)
  const hidden = report.failureCount - report.failures.length
  if (hidden > 0) lines.push(`and ${hidden} more failures`)
  const verdict = report.ok ? 'all hold' : `${report.failureCount} failures`
  lines.push(`${report.evaluations} constraint evaluations, ${report.tuples} bus tuples: ${verdict}`)
  return [...lines, ...formatSkipped(report)].join('\n')
}

/** A line about the second opinions that were left out, if any were. */
export function formatSkipped({ skipped }: Pick<CheckReport, 'skipped'>): readonly string[] {
  return skipped.length === 0 ? [] : [`left out for size: ${skipped.map((part) => SKIPPED[part]).join(', ')}`]
}

/** A failure as a paragraph. */
export function formatFailure(failure: CheckFailure): string {
  switch (failure.kind) {
    case 'constraint':
    case 'global': {
      const place = failure.kind === 'global' ? 'global constraint' : `${failure.instance} row ${failure.row}`
      const cells = failure.cells.map((cell) => `${cell.name} = ${cell.value}`).join(', ')
      return `${place}: ${failure.label}\n  at ${at(failure)}\n  off by ${failure.value}${cells === '' ? '' : `\n  ${cells}`}`
    }
    case 'bus': {
      const lines = [
        `bus ${failure.bus}: tuple (${failure.tuple.join(', ')}) proved ${failure.proved}, assumed ${failure.assumed}`,
        ...failure.origins.map(
          (o) => `  ${o.side} x ${o.multiplicity} by ${o.instance}${o.row < 0 ? '' : ` row ${o.row}`} at ${at(o)}`,
        ),
      ]
      if (failure.nearest !== undefined)
        lines.push(
          `  nearest: (${failure.nearest.tuple.join(', ')}), differs in field ${failure.nearest.differs.join(', ')}`,
        )
      return lines.join('\n')
    }
    case 'id': {
      const place = failure.row < 0 ? failure.instance : `${failure.instance} row ${failure.row}`
      const allowed = failure.allowed.join(', ')
      return `${place}: bus id ${failure.id} is none of ${allowed} (${failure.bus})\n  ${failure.side} at ${at(failure)}`
    }
    case 'sum':
      return failure.message
  }
}

/**
 * The place in the user's text: of a failure inside a library, the first call site in another folder, with the way
 * from there.
 */
function at({ source, trail }: Origin): string {
  const sites = [source, ...trail]
  const outside = sites.findIndex((site) => folderOf(site) !== folderOf(source))
  if (outside <= 0) return [source, ...trail.map((site) => `called from ${site}`)].join(', ')
  const way = sites.slice(0, outside).reverse()
  return [
    `${sites[outside]} (by way of ${way.join(', ')})`,
    ...sites.slice(outside + 1).map((s) => `called from ${s}`),
  ].join(', ')
}

function folderOf(site: string): string {
  return site.slice(0, site.lastIndexOf('/') + 1)
}
