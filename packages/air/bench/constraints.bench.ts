/**
 * Speed of the compiled constraints of the checker on one core: an adder of 64-bit words in 16-bit limbs, booleans,
 * and a state update with products. Run: `node --conditions=zisk-source --import tsx packages/air/bench/constraints.bench.ts`
 */
import { createChecker, createInstance, type ExprId, PiloutBuilder } from '../src/index.ts'

const SOURCE = { file: 0, line: 1, column: 1 }
const LOG_ROWS = 18

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

const program = adderProgram().build()
const checker = createChecker(program)
const instance = createInstance(program, { air: 'Adder' })
const witness = { instances: [instance], publics: [], proofValues: [] }
const rates: number[] = []
for (let run = 0; run < 9; run++) {
  const start = performance.now()
  const { evaluations, ok } = checker.check(witness)
  if (!ok) throw new Error('the zero witness must hold')
  rates.push(evaluations / (performance.now() - start) / 1000)
}
rates.sort((x, y) => y - x)
console.log(
  `constraints 16 per row, 2^${LOG_ROWS} rows: best ${rates[0]!.toFixed(1)}, median ${rates[4]!.toFixed(1)} M evaluations/s`,
)
