/**
 * Times whole proofs of an example of one AIR: processor time by phase, nanoseconds per committed cell, and the ratio of
 * the proof to its commitments. Processor time counts all threads, so that other processes disturb little.
 *
 * Usage: node --conditions=zisk-source --import import tsx packages/prover/bench/prove.bench.ts [--json] [--log-rows 16]
 *        [--columns 64] [--profile std128] [--threads 2]
 */

import { parseArgs } from 'node:util'
import { type AirInstance, type ExprId, type Pilout, PiloutBuilder } from '@zisk/air'
import { processorMs } from '@zisk/core/processor-ms'
import { P } from '@zisk/field'
import { EMPTY_PROGRAM_KEY, encodeProof, type ProfileName, programDigest, verify } from '@zisk/verifier'
import { type Backend, createThreadedEngine, createWasmBackend, prove, setup } from '../src/index.ts'

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean' },
    'log-rows': { type: 'string', default: '16' },
    columns: { type: 'string', default: '64' },
    profile: { type: 'string', default: 'std128' },
    threads: { type: 'string', default: '2' },
  },
})
const logRows = Number(flags['log-rows'])
const columnCount = Number(flags.columns)
const profile = flags.profile as ProfileName
const SOURCE = { file: 0, line: 1, column: 1 }

/** Every third column is a product of the two before it; every eighth brings two lookups and one partial sum. */
function buildExample(): Pilout {
  const program = new PiloutBuilder('bench')
  program.addFile('bench.pil')
  const e = program.expressions
  const [alpha, gamma] = ['std_alpha', 'std_gamma'].map((name) =>
    e.challenge(program.addChallenge({ name, index: [], stage: 2 })),
  ) as [ExprId, ExprId]
  const group = program.addAirGroup('Bench')
  group.addAirGroupValue({ name: 'gsum_result', index: [], stage: 2, aggregate: 'sum', defaultValue: 0n })
  const air = group.addAir({ name: 'Bench', template: 'Bench', rows: 2 ** logRows, source: SOURCE })
  const columns = Array.from({ length: columnCount }, (_, i) =>
    e.witness(air.addWitness({ name: 'w', index: [i], stage: 1 })),
  )
  const first = { kind: 'pattern', head: [1n], cycle: [0n], tail: [] } as const
  const isFirst = e.fixed(air.addFixed({ name: 'L1', index: [], content: first }))
  const constrain = (expression: ExprId, label: string) =>
    air.addConstraint({ expression, rows: { kind: 'everyRow' }, label, source: SOURCE, trail: [] })
  const hint = (name: string, fields: Record<string, ExprId>) => {
    const entries = Object.entries(fields).map(
      ([key, expression]) => [key, { kind: 'expression', expression }] as const,
    )
    air.addHint({ name, source: SOURCE, trail: [], fields: Object.fromEntries(entries) })
  }
  for (let i = 0; i + 2 < columnCount; i += 3)
    constrain(e.sub(e.mul(e.mul(columns[i]!, columns[i + 1]!), columns[i]!), columns[i + 2]!), `product ${i}`)
  /** What a tuple of four columns looks like on bus `id`. */
  const denominator = (id: bigint, from: number): ExprId => {
    const tuple = columns.slice(from, from + 4)
    const sum = tuple.reduceRight((rest, item) => e.mul(alpha, e.add(item, rest)), e.constant(0n))
    return e.add(e.add(e.constant(id), sum), gamma)
  }
  const parts = Array.from({ length: Math.floor(columnCount / 8) }, (_, i) => {
    const im = e.witness(air.addWitness({ name: 'im', index: [i], stage: 2 }))
    const [left, right] = [denominator(5n, 8 * i), denominator(6n, 8 * i + 4)]
    const [numerator, product] = [e.sub(right, left), e.mul(left, right)]
    constrain(e.sub(e.mul(im, product), numerator), `im ${i}`)
    hint('im_col', { reference: im, numerator, denominator: product })
    return im
  })
  const gsum = e.witness(air.addWitness({ name: 'gsum', index: [], stage: 2 }))
  const total = parts.reduce((sum, part) => e.add(sum, part), e.constant(0n))
  const previous = e.mul(e.shift(gsum, -1), e.sub(e.constant(1n), isFirst))
  constrain(e.sub(e.sub(gsum, previous), total), 'gsum steps')
  constrain(e.mul(e.shift(isFirst, 1), e.sub(e.airGroupValue(0, 0), gsum)), 'gsum ends')
  hint('gsum_col', {
    reference: gsum,
    numerator_air: total,
    denominator_air: e.constant(1n),
    numerator_direct: e.constant(0n),
    denominator_direct: e.constant(1n),
    result: e.airGroupValue(0, 0),
  })
  return program.build()
}

function exampleInstance(): AirInstance {
  const rows = 2 ** logRows
  const witness = Array.from({ length: columnCount }, () => new BigUint64Array(rows))
  for (let i = 0; i + 2 < columnCount; i += 3)
    for (let row = 0; row < rows; row++) {
      const x = BigInt((row % 65_521) + 3)
      const y = BigInt((row * 7 + i) % 65_537)
      witness[i]![row] = x
      witness[i + 1]![row] = y
      witness[i + 2]![row] = (((x * y) % P) * x) % P
    }
  return { airGroup: 0, air: 0, segment: 0, rows, witness, custom: [], airValues: [] }
}

const engine = createThreadedEngine({ threads: Number(flags.threads) })
const backend = createWasmBackend(engine)
const program = buildExample()
const key = await setup(program, { backend })
const witness = { instances: [exampleInstance()], publics: [], proofValues: [] }
const phases: Record<string, number> = {}

const timed = { ...backend }
for (const name of [
  'commit',
  'stage2',
  'quotient',
  'evaluate',
  'deep',
  'commitCodeword',
  'fold',
  'grind',
  'open',
] as const) {
  const inner = backend[name] as (...args: unknown[]) => Promise<unknown>
  const outer = async (...args: unknown[]): Promise<unknown> => {
    const start = processorMs()
    const result = await inner(...args)
    phases[name] = (phases[name] ?? 0) + (processorMs() - start)
    return result
  }
  Object.assign(timed, { [name]: outer })
}

async function proveOnce(with_: Backend) {
  const start = processorMs()
  const wall = performance.now()
  const proof = await prove({ key, witness, profile, backend: with_ })
  return { bytes: encodeProof(proof), cpuMs: processorMs() - start, wallMs: performance.now() - wall }
}

// The first proof compiles and tiers up; the second is measured.
await proveOnce(backend)
const { bytes, cpuMs, wallMs } = await proveOnce(timed)
const verifyStart = processorMs()
const verified = verify(bytes, key.prepared, { programDigest: programDigest(EMPTY_PROGRAM_KEY), acceptInsecure: true })
const verifyMs = processorMs() - verifyStart
await engine.runner.close()
if (!verified.ok) throw verified.error

const cells = 2 ** logRows * (columnCount + 3 * (Math.floor(columnCount / 8) + 1) + 6)
const result = {
  id: `prove 2^${logRows} x ${columnCount} ${profile}`,
  cells,
  cpuMs: Math.round(cpuMs),
  wallMs: Math.round(wallMs),
  nsPerCell: Math.round((cpuMs * 1e6) / cells),
  timesCommits: Number((cpuMs / phases['commit']!).toFixed(2)),
  phasesMs: Object.fromEntries(Object.entries(phases).map(([name, ms]) => [name, Math.round(ms)])),
  proofKiB: Math.round(bytes.length / 1024),
  verifyMs: Math.round(verifyMs),
  securityBits: Number(verified.run.security.bits.toFixed(1)),
  memoryMiB: Math.round(engine.arena.byteLength / 2 ** 20),
}
if (flags.json === true) console.log(JSON.stringify(result))
else for (const [name, value] of Object.entries(result)) console.log(name.padEnd(14), value)
