import { P } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { AirError } from '../errors.ts'
import { type ExprId, NODE } from '../model/expression.ts'
import type { Air, ConstraintRows, Hint, HintValue, Pilout } from '../model/pilout.ts'
import { PiloutBuilder } from '../model/pilout-builder.ts'
import { summarizeBuses } from './bus-summary.ts'
import { createChecker } from './check.ts'
import { fillMultiplicities } from './fill-multiplicities.ts'
import { type CheckReport, formatReport } from './report.ts'
import { type AirInstance, columnNamed, createInstance, type ProgramWitness } from './witness.ts'
import { decodeWitness, encodeWitness, witnessFromJson, witnessToJson } from './witness-codec.ts'

const SOURCE = { file: 0, line: 12, column: 3 }
const CALL = { file: 0, line: 99, column: 1 }
const BUS = 7n

/**
 * `Squares` (x, y, sel, y = x^2 on selected rows, count goes up, starts at a public) assumes (x, y) on a bus that the
 * fixed `Table` proves with a multiplicity; a global term proves one more tuple.
 */
function sampleProgram(): Pilout {
  const program = new PiloutBuilder('sample')
  program.addFile('squares.pil')
  const e = program.expressions
  const start = e.public(program.addPublic({ name: 'start', index: [] }))
  const end = e.public(program.addPublic({ name: 'end', index: [] }))
  const group = program.addAirGroup('G')
  const expression = (id: ExprId): HintValue => ({ kind: 'expression', expression: id })
  const term = (
    side: 'assumes' | 'proves',
    scope: 'row' | 'instance' | 'global',
    multiplicity: ExprId,
    tuple: readonly ExprId[],
  ) => ({
    name: 'bus_term',
    fields: {
      name: { kind: 'string', value: 'squares' },
      side: { kind: 'string', value: side },
      scope: { kind: 'string', value: scope },
      id: { kind: 'integer', value: BUS },
      multiplicity: expression(side === 'assumes' ? e.neg(multiplicity) : multiplicity),
      tuple: { kind: 'array', items: tuple.map(expression) },
    } as const,
    source: SOURCE,
    trail: [CALL],
  })
  const squares = group.addAir({ name: 'Squares', template: 'Squares', rows: 8, logHeights: [3, 4], source: SOURCE })
  const [x, y, sel, count] = ['x', 'y', 'sel', 'count'].map((name) =>
    e.witness(squares.addWitness({ name, index: [], stage: 1 })),
  ) as [ExprId, ExprId, ExprId, ExprId]
  const constrain = (id: ExprId, label: string, rows: ConstraintRows = { kind: 'everyRow' }): number =>
    squares.addConstraint({ expression: id, rows, label, source: SOURCE, trail: [CALL] })
  const last = e.fixed(
    squares.addFixed({ name: 'LAST', index: [], content: { kind: 'pattern', head: [], cycle: [0n], tail: [1n] } }),
  )
  constrain(e.mul(sel, e.sub(y, e.mul(x, x))), 'y is x squared')
  constrain(e.mul(sel, e.sub(sel, e.constant(1n))), 'sel is boolean')
  constrain(e.mul(e.sub(e.constant(1n), last), e.sub(e.shift(count, 1), e.add(count, e.constant(1n)))), 'count goes up')
  constrain(e.sub(count, start), 'count starts', { kind: 'firstRow' })
  constrain(e.sub(count, e.sub(end, e.constant(1n))), 'count ends', { kind: 'lastRow' })
  constrain(e.sub(e.shift(count, -1), e.sub(e.shift(count, 1), e.constant(2n))), 'count is even', {
    kind: 'everyFrame',
    offsetMin: 1,
    offsetMax: 1,
  })
  const padding = e.airValue(squares.addAirValue({ name: 'extra', index: [], stage: 1 }))
  squares.addHint(term('assumes', 'row', sel, [x, y, e.constant(0n)]))
  squares.addHint(term('assumes', 'instance', padding, [e.constant(3n), e.constant(9n)]))
  const table = group.addAir({ name: 'Table', template: 'Table', rows: 4, source: SOURCE })
  const mul = e.witness(table.addWitness({ name: 'mul', index: [], stage: 1 }))
  const fixed = [
    [0n, 1n, 2n, 3n],
    [0n, 1n, 4n, 9n],
  ].map((values, i) =>
    e.fixed(
      table.addFixed({ name: 'T', index: [i], content: { kind: 'values', values: BigUint64Array.from(values) } }),
    ),
  )
  table.addHint(term('proves', 'row', mul, fixed))
  program.addConstraint({
    expression: e.sub(end, e.add(start, e.constant(8n))),
    label: 'end is start + 8',
    source: SOURCE,
    trail: [],
  })
  program.addHint(term('proves', 'global', e.constant(1n), [e.constant(3n), e.constant(9n)]))
  return program.build()
}

const program = sampleProgram()
const checker = createChecker(program)

/** Squares of 0,1,2,3,0,1,2 on rows 0..6, row 7 not selected and full of junk. */
function honest(): ProgramWitness & { readonly instances: readonly [AirInstance, AirInstance] } {
  const squares = createInstance(program, { air: 'Squares' })
  const table = createInstance(program, { air: 'Table' })
  const set = (label: string, values: readonly bigint[], of: AirInstance = squares): void =>
    columnNamed(program, of, label).set(values)
  set('x', [0n, 1n, 2n, 3n, 0n, 1n, 2n, 55n])
  set('y', [0n, 1n, 4n, 9n, 0n, 1n, 4n, 66n])
  set('sel', [1n, 1n, 1n, 1n, 1n, 1n, 1n, 0n])
  set('count', [5n, 6n, 7n, 8n, 9n, 10n, 11n, 12n])
  squares.airValues[0] = 1n
  set('mul', [2n, 2n, 2n, 1n], table)
  return { instances: [squares, table], publics: [5n, 13n], proofValues: [] }
}

/** The labels of constraint failures with their rows, and the tuples of bus failures with their counts. */
function failuresOf(witness: ProgramWitness): string[] {
  return checker.check(witness).failures.map((failure) => {
    if (failure.kind === 'constraint') return `${failure.instance}:${failure.row} ${failure.label}`
    if (failure.kind === 'bus') return `bus ${failure.tuple} +${failure.proved} -${failure.assumed}`
    return failure.kind === 'global' ? failure.label : 'sum'
  })
}

describe('createChecker', () => {
  test('an honest witness passes', () => {
    const report = checker.check(honest())
    expect(formatReport(report)).toContain('all hold')
    expect(report).toMatchObject({ ok: true, failureCount: 0, tuples: 7 + 1 + 4 + 1, skipped: [] })
    const brief = checker.check(honest(), { sums: false, stage2: false })
    expect(brief.skipped).toEqual(['sums', 'stage2'])
    expect(formatReport(brief)).toContain('left out for size')
  })

  test('every changed cell is reported where it matters, exactly', () => {
    const changed = (label: string, row: number, value: bigint, instance: 0 | 1 = 0): string[] => {
      const witness = honest()
      columnNamed(program, witness.instances[instance], label)[row] = value
      return failuresOf(witness)
    }
    expect(changed('x', 2, 3n)).toEqual(['Squares#0:2 y is x squared', 'bus 2,4 +2 -1', 'bus 3,4 +0 -1', 'sum'])
    expect(changed('y', 1, P - 1n)).toEqual([
      'Squares#0:1 y is x squared',
      'bus 1,1 +2 -1',
      `bus 1,${P - 1n} +0 -1`,
      'sum',
    ])
    expect(changed('sel', 7, 1n)).toEqual(['Squares#0:7 y is x squared', 'bus 55,66 +0 -1', 'sum'])
    expect(changed('sel', 3, 2n)).toEqual(['Squares#0:3 sel is boolean', 'bus 3,9 +2 -3', 'sum'])
    expect(changed('count', 0, 4n)).toEqual([
      'Squares#0:0 count goes up',
      'Squares#0:0 count starts',
      'Squares#0:1 count is even',
    ])
    expect(changed('count', 7, 11n)).toEqual([
      'Squares#0:6 count goes up',
      'Squares#0:6 count is even',
      'Squares#0:7 count ends',
    ])
    expect(changed('mul', 0, 1n, 1)).toEqual(['bus  +1 -2', 'sum'])
    expect(changed('mul', 3, P - 1n, 1)).toEqual(['bus 3,9 +1 -3', 'sum'])
    // not selected: x and y are free there
    expect(changed('x', 7, 1n)).toEqual([])
  })

  test('values outside the rows are checked as well', () => {
    const witness = honest()
    expect(failuresOf({ ...witness, publics: [5n, 14n] })).toEqual(['Squares#0:7 count ends', 'end is start + 8'])
    const [squares, table] = witness.instances
    const instances = [{ ...squares, airValues: [0n] }, table]
    expect(failuresOf({ ...witness, instances })).toEqual(['bus 3,9 +2 -1', 'sum'])
  })

  test('a missing instance leaves its side of the bus open', () => {
    const witness = honest()
    const report = checker.check({ ...witness, instances: [witness.instances[0]] })
    expect(report.failures.filter((f) => f.kind === 'bus').map((f) => f.assumed)).toEqual([2n, 2n, 2n, 2n])
  })

  test('a failure names source, call site, cells, both sides and the nearest tuple', () => {
    const witness = honest()
    columnNamed(program, witness.instances[0], 'y')[2] = 5n
    const report = checker.check(witness)
    expect(report.failures[0]).toEqual({
      kind: 'constraint',
      instance: 'Squares#0',
      position: 0,
      row: 2,
      constraint: 0,
      label: 'y is x squared',
      source: 'squares.pil:12:3',
      trail: ['squares.pil:99:1'],
      value: 1n,
      cells: [
        { name: 'sel', value: 1n },
        { name: 'y', value: 5n },
        { name: 'x', value: 2n },
      ].sort((a, b) => ['x', 'y', 'sel'].indexOf(a.name) - ['x', 'y', 'sel'].indexOf(b.name)),
    })
    const origin = { source: 'squares.pil:12:3', trail: ['squares.pil:99:1'] }
    expect(report.failures[1]).toEqual({
      kind: 'bus',
      bus: 'squares',
      id: BUS,
      tuple: [2n, 4n],
      proved: 2n,
      assumed: 1n,
      origins: [
        { side: 'assumes', instance: 'Squares#0', row: 6, multiplicity: -1n, ...origin },
        { side: 'proves', instance: 'Table#0', row: 2, multiplicity: 2n, ...origin },
      ],
      nearest: { tuple: [2n, 5n], differs: [1] },
    })
    expect(formatReport(report)).toContain('called from squares.pil:99:1')
  })

  test('a failure inside a library is shown at the call site first', () => {
    const origin = { source: 'std/bus.pil:3:1', trail: ['std/lookup.pil:9:5', 'my/cpu.pil:30:5', 'my/all.pil:4:1'] }
    const failure = { kind: 'global', constraint: 0, label: 'x === 0', value: 1n, cells: [], ...origin } as const
    const text = formatReport({
      ok: false,
      failures: [failure],
      failureCount: 1,
      evaluations: 1,
      tuples: 0,
      skipped: [],
    })
    expect(text).toContain(
      'at my/cpu.pil:30:5 (by way of std/lookup.pil:9:5, std/bus.pil:3:1), called from my/all.pil:4:1',
    )
  })

  test('all failures are counted when details are limited', () => {
    const witness = honest()
    columnNamed(program, witness.instances[0], 'count').fill(0n)
    const all = checker.check(witness)
    const some = checker.check(witness, { maxFailures: 2 })
    expect(all.failures.length).toBe(all.failureCount)
    expect(some.failures).toEqual(all.failures.slice(0, 2))
    expect(some.failureCount).toBe(all.failureCount)
    expect(formatReport(some)).toContain(`and ${all.failureCount - 2} more failures`)
  })

  test('multiplicities of tables are filled from what the other terms leave open', () => {
    const witness = honest()
    const mul = columnNamed(program, witness.instances[1], 'mul')
    const expected = mul.slice()
    mul.fill(77n)
    fillMultiplicities(program, witness)
    expect(mul).toEqual(expected)
    columnNamed(program, witness.instances[0], 'y')[1] = 8n
    fillMultiplicities(program, witness)
    expect(mul).toEqual(BigUint64Array.of(2n, 1n, 2n, 1n))
    expect(failuresOf(witness)).toEqual(['Squares#0:1 y is x squared', 'bus 1,8 +0 -1', 'sum'])
  })

  test('counting in several passes finds the same', () => {
    const witness = honest()
    expect(checker.check(witness, { tuplesPerPass: 3 })).toEqual(checker.check(witness))
    columnNamed(program, witness.instances[0], 'y').fill(5n)
    const report = checker.check(witness, { sums: false })
    expect(report.failures.filter((f) => f.kind === 'bus').length).toBeGreaterThan(4)
    expect(checker.check(witness, { sums: false, tuplesPerPass: 3 })).toEqual(report)
  })

  test('a witness survives its file forms, and files for another program are refused', () => {
    const witness = honest()
    const bytes = encodeWitness(program, witness)
    expect(decodeWitness(program, bytes)).toEqual(witness)
    expect(witnessFromJson(program, JSON.parse(JSON.stringify(witnessToJson(program, witness))))).toEqual(witness)
    for (let length = 0; length < bytes.length; length += 7)
      expect(() => decodeWitness(program, bytes.subarray(0, length))).toThrow(AirError)
    const json = witnessToJson(program, witness) as { instances: Record<string, unknown>[] }
    const refuse = (edit: object, message: RegExp): void =>
      expect(() => witnessFromJson(program, { ...json, instances: [{ ...json.instances[0], ...edit }] })).toThrow(
        message,
      )
    for (const bad of [{ ...json, format: 'pilout' }, { ...json, version: 9 }, { ...json, publics: 1 }, null]) {
      expect(() => witnessFromJson(program, bad)).toThrow(
        expect.objectContaining({
          code: 'WITNESS_ENCODING_INVALID',
          message: expect.stringMatching(/^JSON witness: /),
        }),
      )
    }
    refuse({ air: 'Cubes' }, /no AIR is named Cubes/)
    const columns = json.instances[0]!['columns'] as readonly object[]
    refuse({ rows: 2 ** 40 }, /x: expected 1099511627776 values, got 8/)
    refuse({ columns: columns.slice(1) }, /x: expected 8 values, got 0/)
    refuse({ columns: [...columns, { name: 'z', values: [] }] }, /no column or air value z/)
    refuse({ airValues: [] }, /needs the air value extra/)
  })

  test("terms of pil2's library are read as ours", () => {
    const integer = (value: bigint): HintValue => ({ kind: 'integer', value })
    const pil2 = (scope: Pick<Air, 'hints' | 'expressions'>, name: string): Hint[] =>
      scope.hints.map((hint) => {
        const side = hint.fields['side'] as { value: string }
        const multiplicity = hint.fields['multiplicity'] as { expression: ExprId }
        // An assumed term carries the negation of its selector: pil2 states the selector.
        const { kinds, a } = scope.expressions
        const isNegation = kinds[multiplicity.expression] === NODE.neg
        const reps = isNegation
          ? { kind: 'expression' as const, expression: a[multiplicity.expression]! }
          : multiplicity
        const fields = {
          name_piop: { kind: 'string', value: 'Lookup' },
          type_piop: integer(side.value === 'assumes' ? 0n : 1n),
          opids: { kind: 'array', items: [integer(BUS)] },
          busid: integer(BUS),
          num_reps: reps as HintValue,
          expressions: hint.fields['tuple']!,
        } as const
        return { ...hint, name, fields }
      })
    const [group] = program.airGroups
    const airs = group!.airs.map((air) => ({ ...air, hints: pil2(air, 'gsum_debug_data') }))
    const other = createChecker({
      ...program,
      airGroups: [{ ...group!, airs }],
      hints: pil2(program, 'gsum_debug_data_global'),
    })
    const witness = honest()
    expect(other.check(witness)).toEqual(checker.check(witness))
    columnNamed(program, witness.instances[0], 'y').fill(7n)
    witness.instances[0].airValues[0] = 5n
    const numbers = (report: CheckReport) =>
      report.failures.flatMap((f) => (f.kind === 'bus' ? [[f.tuple, f.proved, f.assumed]] : []))
    expect(numbers(other.check(witness))).toEqual(numbers(checker.check(witness)))
  })

  test('the buses of a program can be listed', () => {
    expect(summarizeBuses(program)).toEqual([
      {
        id: BUS,
        name: 'squares',
        kind: 'sum',
        users: { assumes: ['Squares'], proves: ['Table', 'global'], free: [] },
        terms: 4,
        fields: [2, 3],
      },
    ])
  })

  test('a witness of the wrong shape is refused', () => {
    const witness = honest()
    const [squares] = witness.instances
    const refuse = (edit: object, message: RegExp): void =>
      expect(() => checker.check({ ...witness, instances: [{ ...squares, ...edit }] })).toThrow(message)
    refuse({ segment: 1 }, /instances of Squares are segments 1 instead of 0/)
    expect(() => checker.check({ ...witness, instances: [squares, squares] })).toThrow(/segments 0, 0/)
    refuse({ rows: 4 }, /allowed are 2\^3, 2\^4/)
    refuse({ rows: 16 }, /expected 16 values, got 8/)
    refuse({ airValues: [] }, /expected 1 air values/)
    refuse({ airValues: [P] }, /canonical/)
    refuse({ air: 9 }, /names AIR 9/)
    columnNamed(program, squares, 'x')[3] = P
    expect(() => checker.check(witness)).toThrow(/x, row 3/)
    expect(() => checker.check({ ...honest(), publics: [] })).toThrow(/publics/)
  })
})
