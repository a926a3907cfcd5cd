/** Stage 2 over blocks, ranges and several memories against plain evaluation of the hints. */
import { type ExprId, NODE, type Pilout, PiloutBuilder } from '@zisk/air'
import { compileKernels, type Ext, P } from '@zisk/field'
import { PANEL_WORDS } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ProverInstance, RunContext } from '../backend/backend.ts'
import { createReferenceBackend } from '../reference/reference-backend.ts'
import { deriveReferenceStage2, type ReferenceMatrix } from '../reference/stage2.ts'
import { type ProvingKey, setup } from '../setup.ts'
import { Arena } from './arena.ts'
import { createInlineEngine, Engine } from './engine.ts'
import { loadColumns, type PanelMatrix } from './extension.ts'
import { JobContexts } from './job-context.ts'
import { JobRunner } from './jobs.ts'
import { stage2Panels } from './stage2.ts'
import { stage2Program } from './stage2-program.ts'

const SOURCE = { file: 0, line: 1, column: 1 }
/** Less than a block, a block, several ranges. */
const HEIGHTS = [3, 9, 11]
let key: ProvingKey

beforeAll(async () => {
  key = await setup(buildProgram(), { backend: createReferenceBackend(), hashes: ['blake3'] })
})

/** An AIR with every form of numerator and denominator, sums and products, and columns that read others in other rows. */
function buildProgram(): Pilout {
  const builder = new PiloutBuilder('sums')
  builder.addFile('sums.pil')
  const e = builder.expressions
  const [alpha, gamma] = ['std_alpha', 'std_gamma'].map((name) =>
    e.challenge(builder.addChallenge({ name, index: [], stage: 2 })),
  ) as [ExprId, ExprId]
  const group = builder.addAirGroup('Group')
  for (const [name, aggregate] of [
    ['gsum_result', 'sum'],
    ['gprod_result', 'prod'],
    ['split_result', 'sum'],
  ] as const)
    group.addAirGroupValue({ name, index: [], stage: 2, aggregate, defaultValue: aggregate === 'sum' ? 0n : 1n })
  const air = group.addAir({ name: 'Mixed', template: 'Mixed', rows: 8, logHeights: HEIGHTS, source: SOURCE })
  const [x, y] = ['x', 'y'].map((name) => e.witness(air.addWitness({ name, index: [], stage: 1 }))) as [ExprId, ExprId]
  const cycle = { kind: 'pattern', head: [5n], cycle: [1n, 2n], tail: [] } as const
  const fixed = e.fixed(air.addFixed({ name: 'F', index: [], content: cycle }))
  const value = e.airValue(air.addAirValue({ name: 'v', index: [], stage: 1 }))
  const late = e.airValue(air.addAirValue({ name: 'direct', index: [], stage: 2 }))
  const one = e.constant(1n)
  const below = (a: ExprId, b: ExprId): ExprId => e.add(e.add(e.mul(alpha, e.add(a, e.mul(alpha, b))), gamma), value)
  const hint = (name: string, fields: Record<string, ExprId>) => {
    const entries = Object.entries(fields)
    air.addHint({
      name,
      source: SOURCE,
      trail: [],
      fields: Object.fromEntries(entries.map(([k, expression]) => [k, { kind: 'expression' as const, expression }])),
    })
  }
  const column = (name: string): ExprId => e.witness(air.addWitness({ name, index: [], stage: 2 }))
  const im = (numerator: ExprId, denominator: ExprId): ExprId => {
    const reference = column('im')
    hint('im_col', { reference, numerator, denominator })
    return reference
  }
  hint('im_airval', { reference: late, numerator: one, denominator: below(value, value) })
  const columns = [
    im(one, below(x, y)),
    im(e.constant(-1n), below(y, fixed)),
    im(e.constant(7n), below(e.shift(x, -1), e.shift(y, 2))),
    im(e.constant(0n), below(x, x)),
    im(x, below(x, one)),
    im(e.add(alpha, y), below(fixed, y)),
    im(e.mul(x, y), e.constant(3n)),
    im(e.add(x, gamma), e.constant(1n)),
    im(e.mul(gamma, x), e.add(fixed, e.constant(9n))),
    im(value, alpha),
  ]
  // Of the same row, and of other rows.
  columns.push(im(e.add(columns[0]!, x), below(columns[1]!, y)), im(e.shift(columns[0]!, 1), below(columns[10]!, y)))
  const [gsum, gprod, split] = [column('gsum'), column('gprod'), column('split')]
  hint('gsum_col', {
    reference: gsum,
    numerator_air: columns.reduce((sum, im) => e.add(sum, im), late),
    denominator_air: below(y, x),
    numerator_direct: e.add(late, value),
    denominator_direct: gamma,
    result: e.airGroupValue(0, 0),
  })
  // As the standard library writes it: quotients that are there already, times the denominator.
  const added = e.add(e.sub(columns[0]!, e.neg(columns[1]!)), columns[10]!)
  hint('gsum_col', {
    reference: split,
    numerator_air: e.add(e.mul(below(x, fixed), added), e.sub(x, y)),
    denominator_air: below(x, fixed),
    numerator_direct: one,
    denominator_direct: gamma,
    result: e.airGroupValue(0, 2),
  })
  hint('gprod_col', {
    reference: gprod,
    numerator_air: below(gsum, x),
    denominator_air: below(fixed, y),
    numerator_direct: alpha,
    denominator_direct: one,
    result: e.airGroupValue(0, 1),
  })
  // Degree 5 over running sums and a total: an intermediate column that comes after everything else.
  const square = e.mul(e.sub(gsum, e.airGroupValue(0, 0)), e.shift(gsum, -1))
  const expression = e.mul(e.mul(square, square), columns[11]!)
  air.addConstraint({ expression, rows: { kind: 'everyRow' }, label: 'high', source: SOURCE, trail: [] })
  // The protocol wants every column in some constraint.
  const all = [x, y, gprod, split, ...columns].reduce((sum, each) => e.add(sum, each))
  air.addConstraint({ expression: all, rows: { kind: 'everyRow' }, label: 'all', source: SOURCE, trail: [] })
  builder.addConstraint({ expression: e.sub(one, one), label: 'none', source: SOURCE, trail: [] })
  return builder.build()
}

function felts(seed: bigint): () => bigint {
  let state = seed
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn
    return state % 13n === 0n ? 0n : state % 13n === 1n ? P - 1n : (state >> 3n) % P
  }
}

function context(next: () => bigint): RunContext {
  const challenges = key.program.challenges.map((): Ext => [next(), next(), next()])
  return { program: key.program, publics: [], proofValues: [], challenges }
}

/** An instance with random columns. */
function instanceOf(logRows: number, next: () => bigint): ProverInstance & { readonly columns: BigUint64Array[] } {
  const rows = 2 ** logRows
  const columns = [0, 1].map(() => BigUint64Array.from({ length: rows }, next))
  const { witness } = key.reduced(0).air
  expect(witness.filter(({ stage }) => stage === 1)).toHaveLength(columns.length)
  return {
    shape: key.prepared.shapes[0]!,
    original: key.originals[0]!,
    reduced: () => key.reduced(0),
    programs: () => key.programs(0),
    segment: 0,
    logRows,
    stage1: { logRows, width: 2 },
    columns,
    custom: [],
    airValues: [next(), 0n] as ProverInstance['airValues'],
    fixed: () => BigUint64Array.from({ length: rows }, (_, row) => (row === 0 ? 5n : row % 2 === 1 ? 1n : 2n)),
  }
}

/** An engine whose jobs run here, the last first: their order must not matter. */
function engineOfWidth(width: number, memoryBytes?: number): Engine {
  const arena = new Arena(1, { memoryBytes })
  const contexts = new JobContexts(compileKernels(), arena.scratch(0), () => arena.memories)
  const inline = new JobRunner(contexts)
  const run = async (jobs: Parameters<Engine['runner']['run']>[0]) => {
    for (const job of [...jobs].reverse()) inline.run(job)
  }
  return new Engine(arena, contexts, { width, run, close: async () => {} })
}

const SMALL = 'many small memories'
const ENGINES: readonly (readonly [string, () => Engine])[] = [
  ['one job at a time', createInlineEngine],
  ['many ranges', () => engineOfWidth(5)],
  [SMALL, () => engineOfWidth(2, 3 * 2 ** 20)],
]

describe.each(ENGINES)('stage 2, %s', (name, createEngine) => {
  test.each(HEIGHTS)('2^%i rows: the columns and values of plain evaluation', async (logRows) => {
    const next = felts(0x5eed_0051n + BigInt(logRows))
    const run = context(next)
    const { columns, ...instance } = instanceOf(logRows, next)
    const expected = deriveReferenceStage2(
      { ...instance, stage1: { logRows, width: 2, columns } satisfies ReferenceMatrix as ReferenceMatrix },
      run,
    )
    const engine = createEngine()
    const stage1 = await loadColumns(engine, { logRows, columns })
    const { matrix, ...values } = await stage2Panels(engine, { ...instance, stage1 }, run)
    const { matrix: reference, ...expectedValues } = expected
    expect(values).toEqual(expectedValues)
    if (name === SMALL && logRows === 11) expect(engine.arena.memories.length).toBeGreaterThan(1)
    const { trace, width } = matrix as PanelMatrix
    const wanted = (reference as ReferenceMatrix).columns
    expect(width).toBe(wanted.length)
    const rows = 2 ** logRows
    for (const [p, { offset }] of trace!.entries()) {
      const words = engine.arena.words(offset, PANEL_WORDS * rows)
      const different = words.findIndex((word, i) => {
        const column = wanted[PANEL_WORDS * p + (i % PANEL_WORDS)]
        return word !== (column === undefined ? 0n : column[Math.floor(i / PANEL_WORDS)]!)
      })
      expect({ panel: p, different }).toEqual({ panel: p, different: -1 })
    }
  })
})

test('the program has waves, passes for other rows and for sums, and one for what comes after totals', () => {
  const { passes, passOf } = stage2Program(key.program, key.originals[0]!, key.reduced(0))
  expect(passes.map(({ waves }) => waves.length)).toEqual([2, 2, 1, 1])
  const accumulators = passes.map((pass) => pass.accumulators.map(({ kind, addends }) => [kind, addends.length]))
  expect(accumulators).toEqual([[['sum', 3]], [['sum', 0]], [['product', 0]], []])
  const { witness } = key.reduced(0).air
  expect(passOf.size).toBe(witness.filter(({ stage }) => stage === 2).length)
})

describe('a denominator that is zero', () => {
  test.each([0, 700, 2047])('in row %i is an error of its own', async (row) => {
    const next = felts(0x5eed_0052n)
    const run = context(next)
    const { columns, ...instance } = instanceOf(11, next)
    // F + 9 is 0 there.
    const fixed = (): BigUint64Array => {
      const values = instance.fixed(0)
      values[row] = P - 9n
      return values
    }
    const engine = engineOfWidth(3)
    const stage1 = await loadColumns(engine, { logRows: 11, columns })
    await expect(stage2Panels(engine, { ...instance, stage1, fixed }, run)).rejects.toMatchObject({
      code: 'PROVER_DENOMINATOR_ZERO',
    })
  })
})

test('leaves of every kind occur in the AIR', () => {
  const { kinds } = key.originals[0]!.expressions
  for (const kind of [NODE.witness, NODE.fixed, NODE.airValue, NODE.airGroupValue, NODE.challenge])
    expect(kinds.includes(kind)).toBe(true)
})
