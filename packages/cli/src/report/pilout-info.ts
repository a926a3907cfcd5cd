/** What a compiled PIL program consists of and costs, as data and as tables. */

import { type AirCost, airCost, cheapestAirCost, type Pilout, summarizeBuses } from '@zisk/air'
import { formatCount, formatTable } from './text.ts'

/** Size and cost of one AIR; widths in base-field cells per row. */
export interface AirInfo extends AirCost {
  readonly name: string
  readonly airGroup: string
  readonly rows: number
  readonly logHeights: readonly number[]
}

/** One bus with the AIRs on each side. */
export interface BusInfo {
  /** Decimal, or `null` for terms with a computed id. */
  readonly id: string | null
  readonly name: string
  /** What it balances in: the `sum` or the `product` of a run, or the `local` product of an instance. */
  readonly kind: 'sum' | 'product' | 'local'
  readonly proves: readonly string[]
  readonly assumes: readonly string[]
  readonly free: readonly string[]
  readonly terms: number
  readonly fields: readonly [number, number]
}

/** A whole program. */
export interface PiloutInfo {
  readonly program: string
  readonly airs: readonly AirInfo[]
  readonly buses: readonly BusInfo[]
  readonly publics: number
  readonly globalConstraints: number
}

/**
 * Facts of a program, for {@link renderPiloutInfo} and `--json`.
 *
 * @param maxDegree costs are the least with constraints up to this degree, instead of those of this prover
 */
export function piloutInfo(program: Pilout, maxDegree?: number): PiloutInfo {
  return {
    program: program.name,
    airs: program.airGroups.flatMap((group) =>
      group.airs.map((air) => ({
        name: air.name,
        airGroup: group.name,
        rows: air.rows,
        logHeights: air.logHeights,
        ...(maxDegree === undefined ? airCost(program, air) : cheapestAirCost(program, air, maxDegree)),
      })),
    ),
    buses: summarizeBuses(program).map(({ id, name, kind, users, terms, fields }) => ({
      id: id === undefined ? null : id.toString(),
      name,
      kind,
      proves: users.proves,
      assumes: users.assumes,
      free: users.free,
      terms,
      fields,
    })),
    publics: program.publics.length,
    globalConstraints: program.constraints.length,
  }
}

/** Tables of AIRs and buses. */
export function renderPiloutInfo(info: PiloutInfo): string {
  const airs = info.airs.map((air) => [
    air.name,
    formatCount(air.rows),
    ...[air.stage1, air.customColumns, air.fixedColumns, air.stage2, air.intermediates].map(String),
    ...[air.constraints, air.degree, air.cellsPerRow].map(String),
  ])
  const header = ['AIR', 'rows', 'stage 1', 'custom', 'fixed', 'stage 2', 'im', 'constraints', 'degree', 'cells/row']
  const buses = info.buses.map(({ id, name, kind, proves, assumes, free, terms, fields }) => [
    id ?? 'computed',
    name,
    kind,
    proves.join(' '),
    assumes.join(' '),
    free.join(' '),
    String(terms),
    fields[0] === fields[1] ? String(fields[0]) : `${fields[0]}-${fields[1]}`,
  ])
  return [
    formatTable([header, ...airs], 'lrrrrrrrrr'),
    buses.length === 0 ? '' : '\n',
    buses.length === 0
      ? ''
      : formatTable([['bus', 'name', 'in', 'proves', 'assumes', 'free', 'terms', 'fields'], ...buses], 'rlllllrr'),
    `\n${info.publics} publics, ${info.globalConstraints} global constraints\n`,
  ].join('')
}
