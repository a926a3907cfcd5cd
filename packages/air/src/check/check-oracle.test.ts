import { field, P } from '@zisk/field'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluateDag } from '../eval/evaluate.ts'
import type { ExprId } from '../model/expression.ts'
import type { ExpressionBuilder } from '../model/expression-builder.ts'
import type { ConstraintRows, Pilout } from '../model/pilout.ts'
import { PiloutBuilder } from '../model/pilout-builder.ts'
import { type BusTerm, busTerms, type TermValue } from './bus-terms.ts'
import { createChecker } from './check.ts'
import { appliesTo } from './check-constraints.ts'
import { type AirInstance, createInstance, type ProgramWitness } from './witness.ts'

const SOURCE = { file: 0, line: 1, column: 1 }
const ROWS = 4
const COLUMNS = 3
const DOMAINS: readonly ConstraintRows[] = [
  { kind: 'everyRow' },
  { kind: 'firstRow' },
  { kind: 'lastRow' },
  { kind: 'everyFrame', offsetMin: 1, offsetMax: 0 },
]

/** Small values make tuples meet and constraints hold by chance. */
const cell = fc.constantFrom(0n, 0n, 1n, 1n, 2n, P - 1n)

/** An expression as a recipe: a list of choices that {@link build} reads. */
const recipe = fc.array(fc.nat(99), { minLength: 4, maxLength: 9 })

function build(e: ExpressionBuilder, choices: readonly number[]): ExprId {
  const leaf = (c: number): ExprId => {
    if (c % 5 === 0) return e.constant([0n, 1n, 2n, -1n][c % 4]!)
    return c % 5 === 1 ? e.airValue(0) : e.witness(c % COLUMNS, (c % 4) - 1)
  }
  return choices.slice(1).reduce((sum, c) => {
    const next = leaf(c)
    if (c % 3 === 0) return e.add(sum, next)
    return c % 3 === 1 ? e.sub(sum, next) : e.mul(sum, next)
  }, leaf(choices[0]!))
}

const spec = fc.record({
  constraints: fc.array(fc.tuple(recipe, fc.nat(DOMAINS.length - 1)), { maxLength: 4 }),
  terms: fc.array(
    fc.record({
      side: fc.constantFrom('assumes', 'proves', 'free'),
      scope: fc.constantFrom('row', 'instance'),
      id: fc.constantFrom(7n, 8n),
      multiplicity: recipe,
      tuple: fc.array(recipe, { maxLength: 3 }),
    }),
    { maxLength: 5 },
  ),
  cells: fc.array(cell, { minLength: 2 * ROWS * COLUMNS, maxLength: 2 * ROWS * COLUMNS }),
  airValues: fc.array(cell, { minLength: 2, maxLength: 2 }),
})

type Spec = typeof spec extends fc.Arbitrary<infer T> ? T : never

function programOf({ constraints, terms }: Spec): Pilout {
  const program = new PiloutBuilder('random')
  program.addFile('random.pil')
  const e = program.expressions
  const air = program.addAirGroup('G').addAir({ name: 'A', template: 'A', rows: ROWS, source: SOURCE })
  for (let i = 0; i < COLUMNS; i++) air.addWitness({ name: 'c', index: [i], stage: 1 })
  air.addAirValue({ name: 'v', index: [], stage: 1 })
  for (const [i, [choices, domain]] of constraints.entries())
    air.addConstraint({
      expression: build(e, choices),
      rows: DOMAINS[domain]!,
      label: `c${i}`,
      source: SOURCE,
      trail: [],
    })
  for (const { side, scope, id, multiplicity, tuple } of terms) {
    // A term of an instance sees its air values only.
    const part = (choices: readonly number[]) =>
      ({ kind: 'expression', expression: scope === 'row' ? build(e, choices) : e.airValue(0) }) as const
    const fields = {
      name: { kind: 'string', value: `bus ${id}` },
      side: { kind: 'string', value: side },
      scope: { kind: 'string', value: scope },
      id: { kind: 'integer', value: id },
      multiplicity: part(multiplicity),
      tuple: { kind: 'array', items: tuple.map(part) },
    } as const
    air.addHint({ name: 'bus_term', fields, source: SOURCE, trail: [] })
  }
  return program.build()
}

/** Failing (instance, row, constraint) triples and open tuples, straight from the definitions. */
function oracle(program: Pilout, instances: readonly AirInstance[]): { constraints: string[]; buses: string[] } {
  const air = program.airGroups[0]!.airs[0]!
  const constraints: string[] = []
  const net = new Map<string, bigint>()
  const count = (term: BusTerm, values: readonly bigint[]): void => {
    const of = (value: TermValue): bigint => (typeof value === 'bigint' ? value : values[value]!)
    const tuple = [term.id, ...term.tuple].map(of)
    while (tuple.at(-1) === 0n) tuple.pop()
    net.set(tuple.join(), field.add(net.get(tuple.join()) ?? 0n, of(term.multiplicity)))
  }
  for (const [position, instance] of instances.entries()) {
    for (let row = 0; row < ROWS; row++) {
      const values = evaluateDag(air.expressions, field, (kind, a, b) =>
        kind === 1 ? instance.witness[a]![(row + b + ROWS) % ROWS]! : instance.airValues[a]!,
      )
      for (const [i, { expression, rows }] of air.constraints.entries())
        if (appliesTo(rows, row, ROWS) && values[expression] !== 0n) constraints.push(`${position}:${row}:c${i}`)
      for (const term of busTerms(program, air)) if (term.scope === 'row' || row === 0) count(term, values)
    }
  }
  return {
    constraints,
    buses: [...net]
      .filter(([, sum]) => sum !== 0n)
      .map(([tuple, sum]) => `${tuple} = ${sum}`)
      .sort(),
  }
}

describe('the checker on random programs', () => {
  test('finds exactly what the definitions say', () => {
    let failing = 0
    fc.assert(
      fc.property(spec, (random) => {
        const program = programOf(random)
        const instances = [0, 1].map((segment) => {
          const instance = createInstance(program, { air: 'A', segment })
          instance.witness.forEach((column, c) => {
            column?.set(random.cells.slice((segment * COLUMNS + c) * ROWS, (segment * COLUMNS + c + 1) * ROWS))
          })
          instance.airValues[0] = random.airValues[segment]!
          return instance
        })
        const witness: ProgramWitness = { instances, publics: [], proofValues: [] }
        const report = createChecker(program).check(witness)
        const expected = oracle(program, instances)
        const constraints: string[] = []
        const buses: string[] = []
        for (const failure of report.failures) {
          if (failure.kind === 'constraint') constraints.push(`${failure.position}:${failure.row}:${failure.label}`)
          if (failure.kind !== 'bus') continue
          const tuple = failure.id === 0n ? failure.tuple : [failure.id, ...failure.tuple]
          buses.push(`${tuple.join()} = ${field.sub(failure.proved % P, failure.assumed % P)}`)
        }
        expect(constraints.sort()).toEqual(expected.constraints.sort())
        expect(buses.sort()).toEqual(expected.buses)
        expect(report.failures.some((failure) => failure.kind === 'sum')).toBe(buses.length > 0)
        expect(report.ok).toBe(expected.constraints.length + expected.buses.length === 0)
        if (!report.ok) failing++
      }),
      { seed: 20264, numRuns: 300 },
    )
    // The property must have met both kinds of runs.
    expect(failing).toBeGreaterThan(50)
    expect(failing).toBeLessThan(300)
  })
})
