/**
 * A small machine with one of everything, built by hand: a continued AIR of several heights with intermediate columns in
 * both stages, air values, frames and row offsets; a fixed table; a program table; a bus over all of them; publics.
 */
import {
  type AirBuilder,
  type AirInstance,
  type ExprId,
  type Pilout,
  PiloutBuilder,
  type ProgramWitness,
} from '@zisk/air'
import { P } from '@zisk/field'

const SOURCE = { file: 0, line: 1, column: 1 }
const RANGE_BUS = 5n
const PROGRAM_BUS = 6n
const CONTINUATION_BUS = 8n
const TABLE_LOG = 4

/** Positions of the AIRs in the machine. */
export const MACHINE_AIR = { table: 0, user: 1, rom: 2 } as const

interface Bus {
  readonly builder: PiloutBuilder
  readonly alpha: ExprId
  readonly gamma: ExprId
}

/** The compiled program. */
export function buildMachine(): Pilout {
  const builder = new PiloutBuilder('machine')
  builder.addFile('machine.pil')
  const e = builder.expressions
  const publics = [0, 1].map((i) => e.public(builder.addPublic({ name: 'z', index: [i] })))
  const alpha = e.challenge(builder.addChallenge({ name: 'std_alpha', index: [], stage: 2 }))
  const gamma = e.challenge(builder.addChallenge({ name: 'std_gamma', index: [], stage: 2 }))
  const bus: Bus = { builder, alpha, gamma }
  const group = builder.addAirGroup('Machine')
  group.addAirGroupValue({ name: 'gsum_result', index: [], stage: 2, aggregate: 'sum', defaultValue: 0n })
  addTable(bus, group.addAir({ name: 'Table', template: 'Table', rows: 2 ** TABLE_LOG, source: SOURCE }))
  const heights = Array.from({ length: 12 }, (_, i) => i + 3)
  addUser(bus, group.addAir({ name: 'User', template: 'User', rows: 8, logHeights: heights, source: SOURCE }))
  addRom(bus, group.addAir({ name: 'Rom', template: 'Rom', rows: 8, logHeights: heights, source: SOURCE }))
  // gsum + 1/d(first) - 1/d(last) = 0
  const [first, last] = publics.map((z) => denominator(bus, CONTINUATION_BUS, [z])) as [ExprId, ExprId]
  const total = e.mul(e.airGroupValue(0, 0), e.mul(first, last))
  builder.addConstraint({ expression: e.add(total, e.sub(last, first)), label: 'bus', source: SOURCE, trail: [] })
  return builder.build()
}

function addTable(bus: Bus, air: AirBuilder): void {
  const e = bus.builder.expressions
  const values = BigUint64Array.from({ length: 2 ** TABLE_LOG }, (_, i) => BigInt(i))
  const fixed = e.fixed(air.addFixed({ name: 'T', index: [], content: { kind: 'values', values } }))
  const multiplicity = e.witness(air.addWitness({ name: 'mul', index: [], stage: 1 }))
  addSum(bus, air, [{ numerator: multiplicity, denominator: denominator(bus, RANGE_BUS, [fixed]) }], [])
}

function addRom(bus: Bus, air: AirBuilder): void {
  const e = bus.builder.expressions
  const commit = air.addCustomCommit({ name: 'rom', stage: 0, publics: [] })
  const line = e.custom(air.addCustomColumn({ name: 'line', index: [], commit }))
  const multiplicity = e.witness(air.addWitness({ name: 'mul', index: [], stage: 1 }))
  addSum(bus, air, [{ numerator: multiplicity, denominator: denominator(bus, PROGRAM_BUS, [line]) }], [])
}

function addUser(bus: Bus, air: AirBuilder): void {
  const e = bus.builder.expressions
  const column = (name: string) => e.witness(air.addWitness({ name, index: [], stage: 1 }))
  const [x, y, z] = [column('x'), column('y'), column('z')]
  const odd = pattern(bus, air, 'ODD', { head: [], cycle: [0n, 1n], tail: [] })
  const first = e.airValue(air.addAirValue({ name: 'z_first', index: [], stage: 1 }))
  const last = e.airValue(air.addAirValue({ name: 'z_last', index: [], stage: 1 }))
  const constrain = (expression: ExprId, rows: Parameters<AirBuilder['addConstraint']>[0]['rows'], label: string) =>
    air.addConstraint({ expression, rows, label, source: SOURCE, trail: [] })
  const square = e.mul(x, x)
  constrain(e.sub(y, e.mul(e.mul(square, square), e.mul(square, x))), { kind: 'everyRow' }, 'y = x^7')
  const frame = { kind: 'everyFrame', offsetMin: 0, offsetMax: 1 } as const
  constrain(e.sub(e.shift(z, 1), e.add(z, e.mul(odd, y))), frame, 'z moves by y on odd rows')
  constrain(e.sub(z, first), { kind: 'firstRow' }, 'z begins')
  constrain(e.sub(z, last), { kind: 'lastRow' }, 'z ends')
  const terms = [
    { numerator: e.constant(-1n), denominator: denominator(bus, RANGE_BUS, [x]) },
    { numerator: e.neg(odd), denominator: denominator(bus, PROGRAM_BUS, [x]) },
  ]
  addSum(bus, air, terms, [
    { numerator: e.constant(-1n), denominator: denominator(bus, CONTINUATION_BUS, [first]) },
    { numerator: e.constant(1n), denominator: denominator(bus, CONTINUATION_BUS, [last]) },
  ])
  // A high degree over the extension, so that stage 2 needs intermediate columns as well.
  const product = e.mul(e.add(x, bus.alpha), e.add(y, bus.gamma))
  constrain(
    e.mul(e.mul(product, product), e.mul(odd, e.sub(odd, e.constant(1n)))),
    { kind: 'everyRow' },
    'ODD is a bit',
  )
}

interface Term {
  readonly numerator: ExprId
  readonly denominator: ExprId
}

/** The running sum of one AIR: the first term in its row constraint, the others in columns, direct ones in air values. */
function addSum(bus: Bus, air: AirBuilder, terms: readonly Term[], direct: readonly Term[]): void {
  const e = bus.builder.expressions
  const isFirst = pattern(bus, air, 'L1', { head: [1n], cycle: [0n], tail: [] })
  const [main, ...others] = terms as [Term, ...Term[]]
  const constrain = (expression: ExprId, label: string) =>
    air.addConstraint({ expression, rows: { kind: 'everyRow' }, label, source: SOURCE, trail: [] })
  const hint = (name: string, fields: Record<string, ExprId>) =>
    air.addHint({
      name,
      source: SOURCE,
      trail: [],
      fields: Object.fromEntries(
        Object.entries(fields).map(([key, expression]) => [key, { kind: 'expression' as const, expression }]),
      ),
    })
  const parts = others.map(({ numerator, denominator }, i) => {
    const im = e.witness(air.addWitness({ name: 'im', index: [i], stage: 2 }))
    constrain(e.sub(e.mul(im, denominator), numerator), `im[${i}]`)
    hint('im_col', { reference: im, numerator, denominator })
    return im
  })
  const values = direct.map(({ numerator, denominator }, i) => {
    const value = e.airValue(air.addAirValue({ name: 'im_direct', index: [i], stage: 2 }))
    constrain(e.sub(e.mul(value, denominator), numerator), `im_direct[${i}]`)
    hint('im_airval', { reference: value, numerator, denominator })
    return value
  })
  const gsum = e.witness(air.addWitness({ name: 'gsum', index: [], stage: 2 }))
  const result = e.airGroupValue(0, 0)
  const columns = parts.reduce((sum, part) => e.add(sum, part), e.constant(0n))
  const previous = e.mul(e.shift(gsum, -1), e.sub(e.constant(1n), isFirst))
  const step = e.sub(e.sub(gsum, previous), columns)
  constrain(e.sub(e.mul(step, main.denominator), main.numerator), 'gsum steps')
  const directSum = values.reduce((sum, value) => e.add(sum, value), e.constant(0n))
  constrain(e.mul(e.shift(isFirst, 1), e.sub(e.sub(result, gsum), directSum)), 'gsum ends')
  hint('gsum_col', {
    reference: gsum,
    numerator_air: e.add(main.numerator, e.mul(columns, main.denominator)),
    denominator_air: main.denominator,
    numerator_direct: directSum,
    denominator_direct: e.constant(1n),
    result,
  })
}

function denominator({ builder, alpha, gamma }: Bus, id: bigint, tuple: readonly ExprId[]): ExprId {
  const e = builder.expressions
  const sum = tuple.reduceRight((rest, item) => e.mul(alpha, e.add(item, rest)), e.constant(0n))
  return e.add(e.add(e.constant(id), sum), gamma)
}

function pattern(
  { builder }: Bus,
  air: AirBuilder,
  name: string,
  content: { readonly head: bigint[]; readonly cycle: bigint[]; readonly tail: bigint[] },
): ExprId {
  return builder.expressions.fixed(air.addFixed({ name, index: [], content: { kind: 'pattern', ...content } }))
}

/** The program table: 0..15, again and again. */
export function machineProgram(logRows: number): BigUint64Array {
  return BigUint64Array.from({ length: 2 ** logRows }, (_, i) => BigInt(i % 16))
}

/** A run: one User segment per height given, the table, and the program table. */
export function machineWitness(userLogs: readonly number[], romLog = 4): ProgramWitness {
  const table = new BigUint64Array(2 ** TABLE_LOG)
  const rom = new BigUint64Array(2 ** romLog)
  const zero = 3n
  let z = zero
  const users = userLogs.map((log, segment): AirInstance => {
    const rows = 2 ** log
    const columns = Array.from({ length: 3 }, () => new BigUint64Array(rows))
    const start = z
    let end = z
    for (let row = 0; row < rows; row++) {
      const x = BigInt((row * 7 + segment * 3 + 1) % 16)
      const y = x ** 7n % P
      columns[0]![row] = x
      columns[1]![row] = y
      columns[2]![row] = z
      end = z
      if (row % 2 === 1) z = (z + y) % P
      table[Number(x)]! += 1n
      if (row % 2 === 1) rom[Number(x)]! += 1n
    }
    z = end
    const airValues = [start, end, 0n, 0n]
    return { airGroup: 0, air: MACHINE_AIR.user, segment, rows, witness: columns, custom: [], airValues }
  })
  const single = { airGroup: 0, segment: 0, airValues: [] }
  return {
    instances: [
      { ...single, air: MACHINE_AIR.table, rows: table.length, witness: [table], custom: [] },
      ...users,
      { ...single, air: MACHINE_AIR.rom, rows: rom.length, witness: [rom], custom: [machineProgram(romLog)] },
    ],
    publics: [zero, z],
    proofValues: [],
  }
}
