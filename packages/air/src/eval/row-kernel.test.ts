import { field, P } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { type ExprId, NODE } from '../model/expression.ts'
import { ExpressionBuilder } from '../model/expression-builder.ts'
import { evaluateDag } from './evaluate.ts'
import { compileRowKernel, type RowSource } from './row-kernel.ts'

const SEED = 0x5eed

/** Deterministic 32-bit generator (xorshift). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

const EDGES = [
  0n,
  1n,
  2n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0xffff_ffff_0000_0000n,
  P - 1n,
  P - 2n,
  P >> 1n,
  (P >> 1n) + 1n,
]

function felt(next: () => number): bigint {
  const pick = next()
  if (pick % 3 === 0) return EDGES[(pick >>> 8) % EDGES.length]!
  return ((BigInt(next()) << 32n) + BigInt(next())) % P
}

function source(next: () => number, rows: number): RowSource {
  const columns = Array.from({ length: 6 }, () => BigUint64Array.from({ length: rows }, () => felt(next)))
  const values = Array.from({ length: 4 }, () => felt(next))
  return { rows, column: (kind, index) => columns[(kind * 2 + index) % 6]!, value: (_, a) => values[a % 4]! }
}

function randomExpressions(next: () => number, count: number): { e: ExpressionBuilder; roots: ExprId[] } {
  const e = new ExpressionBuilder()
  const nodes: ExprId[] = []
  for (let i = 0; i < count; i++) {
    const offset = (next() % 9) - 4
    const leaf = next() % 6
    if (leaf === 0) nodes.push(e.constant(felt(next)))
    else if (leaf < 4) nodes.push(e.leaf(leaf, next() % 2, offset))
    else nodes.push(leaf === 4 ? e.airValue(next() % 4) : e.public(next() % 4))
    const pick = (): ExprId => nodes[next() % nodes.length]!
    const op = next() % 7
    nodes.push(
      op < 2 ? e.add(pick(), pick()) : op < 4 ? e.sub(pick(), pick()) : op < 6 ? e.mul(pick(), pick()) : e.neg(pick()),
    )
  }
  return { e, roots: nodes.slice(-40) }
}

describe('compileRowKernel', () => {
  test.each([
    ['small', 30, 8],
    ['a trace shorter than its offsets', 60, 2],
    ['several groups', 6000, 16],
  ])('agrees with the interpreter on every row: %s', (_, size, rows) => {
    const next = generator(SEED + size)
    const { e, roots } = randomExpressions(next, size)
    const { dag, map } = e.extract(roots)
    const outputs = roots.map(map)
    const kernel = compileRowKernel(dag, outputs)
    const data = source(next, rows)
    kernel.run(data, 0, rows)
    const results = outputs.map((_, i) => kernel.output(i).slice())
    for (let r = 0; r < rows; r++) {
      const expected = evaluateDag(dag, field, (kind, a, b) =>
        kind <= NODE.custom ? data.column(kind, a)[(((r + b) % rows) + rows) % rows]! : data.value(kind, a, b),
      )
      for (const [i, root] of outputs.entries()) {
        const got = (BigInt(results[i]![2 * r + 1]!) << 32n) + BigInt(results[i]![2 * r]!)
        expect(got, `seed ${SEED}, row ${r}, output ${i}`).toBe(expected[root])
      }
    }
  })

  test('outputs that share little are spread over short functions and stay in order', () => {
    const e = new ExpressionBuilder()
    const roots = Array.from({ length: 300 }, (_, i) =>
      e.sub(e.mul(e.witness(i % 7), e.witness((i * 5) % 11, 1)), e.constant(BigInt(i))),
    )
    const { dag, map } = e.extract(roots)
    const kernel = compileRowKernel(dag, roots.map(map))
    const rows = 8
    const columns = Array.from({ length: 11 }, (_, c) => BigUint64Array.from({ length: rows }, (_, r) => BigInt(c + r)))
    kernel.run({ rows, column: (_, i) => columns[i]!, value: () => 0n }, 0, rows)
    for (let i = 0; i < roots.length; i++)
      for (let r = 0; r < rows; r++) {
        const expected = (columns[i % 7]![r]! * columns[(i * 5) % 11]![(r + 1) % rows]! - BigInt(i) + P) % P
        const words = kernel.output(i)
        expect((BigInt(words[2 * r + 1]!) << 32n) + BigInt(words[2 * r]!), `output ${i}, row ${r}`).toBe(expected)
      }
  })

  test('multiplication is exact on all pairs of boundary values', () => {
    const e = new ExpressionBuilder()
    const constants = EDGES.map((value) => e.mul(e.witness(0), e.constant(value)))
    const roots = [
      e.mul(e.witness(0), e.witness(1)),
      e.add(e.witness(0), e.witness(1)),
      e.sub(e.witness(0), e.witness(1)),
      ...constants,
    ]
    const { dag, map } = e.extract(roots)
    const kernel = compileRowKernel(dag, roots.map(map))
    const pairs = EDGES.flatMap((x) => EDGES.map((y) => [x, y] as const))
    const columns = [BigUint64Array.from(pairs, (p) => p[0]), BigUint64Array.from(pairs, (p) => p[1])]
    kernel.run({ rows: pairs.length, column: (_, i) => columns[i]!, value: () => 0n }, 0, pairs.length)
    const at = (output: number, r: number): bigint =>
      (BigInt(kernel.output(output)[2 * r + 1]!) << 32n) + BigInt(kernel.output(output)[2 * r]!)
    for (const [r, [x, y]] of pairs.entries()) {
      expect(at(0, r)).toBe((x * y) % P)
      expect(at(1, r)).toBe((x + y) % P)
      expect(at(2, r)).toBe((x - y + P) % P)
      for (const [k, root] of constants.entries())
        if (dag.kinds[map(root)] === NODE.mul) expect(at(3 + k, r)).toBe((x * EDGES[k]!) % P)
    }
  })

  test('an expression too long for a function is evaluated all the same', () => {
    const e = new ExpressionBuilder()
    let chain = e.witness(0)
    for (let i = 1; i < 15_000; i++) chain = e.add(e.mul(chain, e.witness(1, i % 3)), e.constant(BigInt(i)))
    const { dag, map } = e.extract([chain, e.witness(1)])
    const outputs = [map(chain), map(e.witness(1))]
    const kernel = compileRowKernel(dag, outputs)
    const data = source(generator(SEED), 4)
    kernel.run(data, 0, 4)
    for (let r = 0; r < 4; r++) {
      const expected = evaluateDag(dag, field, (kind, a, b) => data.column(kind, a)[(r + b) % 4]!)
      for (const [i, root] of outputs.entries())
        expect((BigInt(kernel.output(i)[2 * r + 1]!) << 32n) + BigInt(kernel.output(i)[2 * r]!)).toBe(expected[root])
    }
  })

  test('blocks see the rows before and after them, around the end of the trace', () => {
    const e = new ExpressionBuilder()
    const root = e.sub(e.witness(0, 3), e.witness(0, -2))
    const { dag, map } = e.extract([root])
    const kernel = compileRowKernel(dag, [map(root)])
    const rows = 64
    const column = BigUint64Array.from({ length: rows }, (_, i) => BigInt(i * i))
    for (let first = 0; first < rows; first += 16) {
      kernel.run({ rows, column: () => column, value: () => 0n }, first, 16)
      for (let r = first; r < first + 16; r++) {
        const expected = (column[(r + 3) % rows]! - column[(r + rows - 2) % rows]! + P) % P
        const word = kernel.output(0)
        expect((BigInt(word[2 * (r - first) + 1]!) << 32n) + BigInt(word[2 * (r - first)]!)).toBe(expected)
      }
    }
  })
})
