import {
  type AirInstance,
  type CheckFailure,
  createChecker,
  entryLabel,
  formatReport,
  type Pilout,
  type ProgramWitness,
} from '@zisk/air'
import { add, P } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { type CellRule, compileExample } from './example.ts'
import { EXAMPLES } from './examples/all.ts'

/** What a cell is changed by: by one, and by something large. */
const CHANGES = [1n, 0x1234_5678_9abc_def0n]
/** Cells of long columns that are changed. */
const SAMPLED_ROWS = 24
/** Labels of the constraints that close the buses: one fails whenever some bus does. */
const CLOSING: ReadonlySet<string> = new Set([
  'sum_of_all_buses === 0',
  'product_of_all_buses === global_assumed',
  "L1' * (direct_assumed - air.std_gprod_local * direct_proved) === 0",
])

/** Constraint label or `bus NAME`; sums are checked apart. */
function reportOf(failure: CheckFailure): string {
  if (failure.kind === 'bus' || failure.kind === 'id') return `bus ${failure.bus}`
  return failure.kind === 'sum' ? 'sum' : failure.label
}

function matches(rule: CellRule, report: string): boolean {
  return rule.reports.some((wanted) => (typeof wanted === 'string' ? wanted === report : wanted.test(report)))
}

/** All rows of a short column; of a long one the ends and rows spread over it, the used ones of tables included. */
function rowsToChange(column: BigUint64Array): number[] {
  if (column.length <= 64) return [...column.keys()]
  const used = [...column.keys()].filter((row) => column[row] !== 0n).slice(0, SAMPLED_ROWS)
  const spread = Array.from({ length: SAMPLED_ROWS }, (_, i) => Math.floor((i * column.length) / SAMPLED_ROWS))
  return [...new Set([...used, ...spread, column.length - 1])]
}

/** Every cell of an instance with the way to change it. */
function* cellsOf(
  program: Pilout,
  instance: AirInstance,
): Iterable<{ label: string; row: number; change: (by: bigint) => () => void }> {
  const air = program.airGroups[instance.airGroup]!.airs[instance.air]!
  for (const [i, column] of air.witness.entries()) {
    if (column.stage >= 2) continue
    const values = instance.witness[i]!
    for (const row of rowsToChange(values)) {
      const change = (by: bigint) => {
        const old = values[row]!
        values[row] = add(old, by)
        return () => {
          values[row] = old
        }
      }
      yield { label: `${air.name}.${entryLabel(column)}`, row, change }
    }
  }
  for (const [i, entry] of air.airValues.entries()) {
    if (entry.stage >= 2) continue
    const values = instance.airValues
    const change = (by: bigint) => {
      const old = values[i]!
      values[i] = add(old, by)
      return () => {
        values[i] = old
      }
    }
    yield { label: `${air.name}.${entryLabel(entry)}`, row: -1, change }
  }
}

describe.each(EXAMPLES)('$name', (example) => {
  const program = compileExample(example.name)
  const checker = createChecker(program)
  const honest: ProgramWitness = example.witness(program)

  test('an honest witness holds, also at a random point', () => {
    const report = checker.check(honest, { sums: true, stage2: true })
    expect(formatReport(report)).toContain('all hold')
    expect(report.ok).toBe(true)
  })

  test('every changed cell is reported under the right label', () => {
    // Deriving the running sums takes about a microsecond per row and node: only where the tables are small.
    const stage2 = honest.instances.reduce((sum, { rows }) => sum + rows, 0) < 1024
    let changes = 0
    for (const instance of honest.instances) {
      for (const { label, row, change } of cellsOf(program, instance)) {
        // All lanes of an AIR of tables have one rule.
        const rule = example.cells[label.replace(/(\.multiplicity)_\d+$/, '$1')]
        expect(rule, `${label} has a rule`).toBeDefined()
        for (const by of CHANGES) {
          const restore = change(by)
          const report = checker.check(honest, { stage2 })
          restore()
          changes++
          const where = `${label} row ${row} + ${by}:\n${formatReport(report)}`
          const reports = report.failures.map(reportOf).filter((text) => text !== 'sum' && !CLOSING.has(text))
          const free = rule!.free?.rows(row) ?? false
          if (free && reports.every((text) => matches(rule!, text))) continue
          expect(report.ok, where).toBe(false)
          for (const text of reports) expect(matches(rule!, text), `${where}\n${text} is not expected`).toBe(true)
          const busFails = report.failures.some((failure) => failure.kind === 'bus')
          const named = report.failures.map(reportOf)
          expect(named.includes('sum'), where).toBe(busFails)
          if (stage2)
            expect(
              named.some((text) => CLOSING.has(text)),
              where,
            ).toBe(busFails)
        }
      }
    }
    expect(changes).toBeGreaterThanOrEqual(32)
    expect(checker.check(honest, { stage2: false }).ok).toBe(true)
  })

  test('multiplicities, values of the run, and instances that are missing or doubled are reported', () => {
    const instances = honest.instances
    const check = (witness: ProgramWitness) => checker.check(witness, { stage2: false })
    // Multiplicities of p - 1 and huge ones, where a table is used.
    for (const [at, instance] of instances.entries()) {
      const { name, witness: columns } = program.airGroups[instance.airGroup]!.airs[instance.air]!
      for (const [i, column] of columns.entries()) {
        if (!column.name.startsWith('multiplicity')) continue
        const values = instance.witness[i]!
        const row = values.findIndex((value) => value !== 0n)
        // A part of a table that nobody used.
        if (row === -1) continue
        const old = values[row]!
        for (const value of [P - 1n, P - old, 1n << 63n]) {
          values[row] = value
          expect(check(honest).ok, `${name}#${at}.${column.name} = ${value}`).toBe(false)
        }
        values[row] = old
      }
    }
    for (const list of ['publics', 'proofValues'] as const)
      for (const [i, value] of honest[list].entries()) {
        const changed = honest[list].with(i, add(value, 1n))
        expect(check({ ...honest, [list]: changed }).ok, `${list} ${i}`).toBe(false)
      }
    for (const at of instances.keys()) {
      const doubled = [...instances, instances[at]!]
      expect(() => check({ ...honest, instances: doubled }), `instance ${at} twice`).toThrow(/segments/)
      const { air, airGroup } = instances[at]!
      const isAlone = program.airGroups[airGroup]!.airs.length === 1 && instances.length === 1
      if (isAlone) continue
      const rest = instances.filter((_, i) => i !== at)
      const isLast = !rest.some((other) => other.air === air && other.segment > instances[at]!.segment)
      if (isLast) expect(check({ ...honest, instances: rest }).ok, `without instance ${at}`).toBe(false)
      else expect(() => check({ ...honest, instances: rest }), `without instance ${at}`).toThrow(/segments/)
    }
  })
})
