import { ExpressionBuilder, type ExpressionDag, type ExprId, evaluateDag } from '@zisk/air'
import { type Ext, extAdd, extField, extInv, extMul } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { splitQuotient } from './split-quotient.ts'

/** Columns from this one on may be added. */
const FIRST_SUMMAND = 4

type Build = (e: ExpressionBuilder, column: (i: number) => ExprId) => readonly [numerator: ExprId, denominator: ExprId]

function split(build: Build) {
  const e = new ExpressionBuilder()
  const roots = build(e, (i) => e.witness(i))
  const { dag, map } = e.extract(roots)
  const [numerator, denominator] = roots.map(map) as [ExprId, ExprId]
  const own = new ExpressionBuilder()
  const result = splitQuotient(own, dag, { numerator, denominator }, (column) => column >= FIRST_SUMMAND)
  return { dag, numerator, denominator, own, result }
}

/** A value for each leaf. */
const leaf = (kind: number, a: number, b: number): Ext => {
  const word = BigInt(1000 * kind + 37 * a + b + 5)
  return [word * word, word * 77n, word + 3n]
}

function evaluated(dag: ExpressionDag, id: ExprId): Ext {
  return evaluateDag(dag, extField, leaf)[id]!
}

const ACCEPTED: readonly (readonly [string, number, Build])[] = [
  ['one', 1, (e, w) => [e.mul(w(4), e.add(w(0), w(1))), e.add(w(0), w(1))]],
  [
    'sums and differences within the denominator',
    3,
    (e, w) => {
      const d = e.mul(e.sub(w(0), w(1)), e.neg(e.add(w(2), e.challenge(0))))
      const sum = e.sub(e.add(w(4), w(6)), e.neg(w(5)))
      return [e.add(e.sub(w(3), w(0)), e.mul(d, sum)), d]
    },
  ],
  ['each by itself', 2, (e, w) => [e.add(e.mul(w(0), w(5)), e.add(e.mul(w(4), w(0)), e.mul(w(0), w(1)))), w(0)]],
]

const REFUSED: readonly (readonly [string, Build])[] = [
  ['no summand', (e, w) => [e.add(w(0), w(1)), w(2)]],
  ['a factor that is not the denominator', (e, w) => [e.mul(w(4), w(0)), w(1)]],
  ['twice a summand', (e, w) => [e.mul(e.add(w(4), w(4)), w(0)), w(0)]],
  ['a summand that is subtracted', (e, w) => [e.sub(w(1), e.mul(w(4), w(0))), w(0)]],
  ['one of two with another factor', (e, w) => [e.add(e.mul(w(4), w(0)), e.mul(w(5), w(1))), w(0)]],
  ['a summand of another row', (e, w) => [e.mul(e.witness(4, -1), w(0)), w(0)]],
  ['a product of summands', (e, w) => [e.mul(e.mul(w(4), w(5)), w(0)), w(0)]],
  ['a summand in the denominator', (e, w) => [e.mul(w(4), e.add(w(0), w(5))), e.add(w(0), w(5))]],
]

describe('quotients with columns that may be added', () => {
  test.each(ACCEPTED)('%s: the same value', (_, count, build) => {
    const { dag, numerator, denominator, own, result } = split(build)
    expect(result?.columns).toHaveLength(count)
    const { rest, denominator: divisor, columns } = result!
    const addends = columns.map((column) => own.witness(column))
    const view = own.view()
    expect(evaluated(view, divisor)).toEqual(evaluated(dag, denominator))
    const quotient = extMul(evaluated(view, rest), extInv(evaluated(view, divisor)))
    const expected = extMul(evaluated(dag, numerator), extInv(evaluated(dag, denominator)))
    expect([quotient, ...addends.map((id) => evaluated(view, id))].reduce(extAdd)).toEqual(expected)
  })

  test.each(REFUSED)('%s: not split', (_, build) => expect(split(build).result).toBeUndefined())
})
