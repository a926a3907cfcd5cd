/**
 * Speed of the compiled constraints of the checker on one core, by processor time: a narrow AIR (an adder of 64-bit words
 * in 16-bit limbs, booleans, a state update with products) and a wide one (1,600 columns, 4,800 constraints). Ends with 1
 * below 20 million constraint evaluations per second. Run: `node --conditions=zisk-source --import import tsx packages/air/bench/constraints.bench.ts`
 */
import { processorMs } from '@zisk/core/processor-ms'
import { createChecker, createInstance, type ExprId, type Pilout, PiloutBuilder } from '../src/index.ts'

const SOURCE = { file: 0, line: 1, column: 1 }
const LOG_ROWS = 18
const LOG_WIDE_ROWS = 11
const WIDE_COLUMNS = 1600
/** Million constraint evaluations per second and core. */
const LIMIT = 20

function adderProgram(): PiloutBuilder {
  const program = new PiloutBuilder('bench')
  program.addFile('bench.pil')
  const e = program.expressions
  const air = program.addAirGroup('G').addAir({ name: 'Adder', template: 'Adder', rows: 2 ** LOG_ROWS, source: SOURCE })
  const column = (name: string, count: number): ExprId[] =>
    Array.from({ length: count }, (_, i) => e.witness(air.addWitness({ name, index: [i], stage: 1 })))
  const [a, b, c, carry, state, flag] = [
    column('a', 4),
    column('b', 4),
    column('c', 4),
    column('k', 4),
    column('s', 4),
    column('f', 4),
  ]
  const constrain = (expression: ExprId): number =>
    air.addConstraint({ expression, rows: { kind: 'everyRow' }, label: '', source: SOURCE, trail: [] })
  const one = e.constant(1n)
  const radix = e.constant(65536n)
  for (let i = 0; i < 4; i++) {
    const into = i === 0 ? e.constant(0n) : carry[i - 1]!
    constrain(e.sub(e.add(e.add(a[i]!, b[i]!), into), e.add(c[i]!, e.mul(radix, carry[i]!))))
    constrain(e.mul(carry[i]!, e.sub(one, carry[i]!)))
    constrain(e.mul(flag[i]!, e.sub(one, flag[i]!)))
    const next = e.add(e.mul(flag[i]!, a[i]!), e.mul(e.sub(one, flag[i]!), e.mul(state[i]!, b[i]!)))
    constrain(e.sub(e.shift(state[i]!, 1), next))
  }
  return program
}

/** A permutation like Keccak's: XORs of shared parities as products of degree 2, and bits. */
function wideProgram(): PiloutBuilder {
  const program = new PiloutBuilder('bench')
  program.addFile('bench.pil')
  const e = program.expressions
  const air = program
    .addAirGroup('G')
    .addAir({ name: 'Wide', template: 'Wide', rows: 2 ** LOG_WIDE_ROWS, source: SOURCE })
  const bits = Array.from({ length: WIDE_COLUMNS }, (_, i) =>
    e.witness(air.addWitness({ name: 's', index: [i], stage: 1 })),
  )
  const constrain = (expression: ExprId): number =>
    air.addConstraint({ expression, rows: { kind: 'everyRow' }, label: '', source: SOURCE, trail: [] })
  const xor = (x: ExprId, y: ExprId): ExprId => e.sub(e.add(x, y), e.mul(e.constant(2n), e.mul(x, y)))
  const at = (i: number): ExprId => bits[i % WIDE_COLUMNS]!
  const parities = bits.map((_, i) => e.add(e.add(at(i), at(i + 64)), e.add(at(i + 128), at(i + 192))))
  for (const [i, bit] of bits.entries()) {
    constrain(e.mul(bit, e.sub(e.constant(1n), bit)))
    constrain(e.sub(e.shift(bit, 1), xor(at(i + 5), at(i + 17))))
    constrain(e.sub(parities[(i + 1) % WIDE_COLUMNS]!, parities[i]!))
  }
  return program
}

/** Constraint evaluations per second of processor time, in millions: best and median of several checks. */
function measure(name: string, program: Pilout): number {
  const checker = createChecker(program)
  const air = program.airGroups[0]!.airs[0]!
  const witness = { instances: [createInstance(program, { air: air.name })], publics: [], proofValues: [] }
  const rates: number[] = []
  for (let run = 0; run < 9; run++) {
    const start = processorMs()
    const { evaluations, ok } = checker.check(witness)
    const spent = processorMs() - start
    if (!ok) throw new Error('the zero witness must hold')
    rates.push(evaluations / (1000 * spent))
  }
  rates.sort((x, y) => y - x)
  const shape = `${air.witness.length} columns, ${air.constraints.length} constraints per row`
  const [best, median] = [rates[0]!, rates[4]!]
  const verdict = median >= LIMIT ? `above ${LIMIT}` : `MISSES ${LIMIT}`
  console.log(`${name} (${shape}): best ${best.toFixed(1)}, median ${median.toFixed(1)} M evaluations/s: ${verdict}`)
  return median
}

const medians = [measure('narrow', adderProgram().build()), measure('wide', wideProgram().build())]
if (medians.some((median) => median < LIMIT)) process.exitCode = 1
