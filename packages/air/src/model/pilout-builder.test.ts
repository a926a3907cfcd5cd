import { P } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { NODE, nodeDegrees } from './expression.ts'
import { ExpressionBuilder } from './expression-builder.ts'
import { materializeFixed } from './fixed-column.ts'
import { PiloutBuilder } from './pilout-builder.ts'

const SOURCE = { file: 0, line: 1, column: 1 }

describe('ExpressionBuilder', () => {
  test('equal expressions are one node, whatever the operand order', () => {
    const e = new ExpressionBuilder()
    const x = e.witness(0)
    const y = e.witness(1, 1)
    expect(e.add(x, y)).toBe(e.add(y, x))
    expect(e.mul(x, y)).toBe(e.mul(y, x))
    expect(e.sub(x, y)).not.toBe(e.sub(y, x))
    expect(e.witness(0)).toBe(x)
    expect(e.witness(0, 1)).not.toBe(x)
    expect(e.fixed(0)).not.toBe(x)
  })

  test('constants fold modulo the prime and neutral operands vanish', () => {
    const e = new ExpressionBuilder()
    const x = e.witness(0)
    expect(e.constantValue(e.constant(-1n))).toBe(P - 1n)
    expect(e.constantValue(e.mul(e.constant(P - 1n), e.constant(-1n)))).toBe(1n)
    expect(e.add(x, e.constant(0n))).toBe(x)
    expect(e.mul(x, e.constant(1n))).toBe(x)
    expect(e.constantValue(e.mul(x, e.constant(P)))).toBe(0n)
    expect(e.constantValue(e.sub(x, x))).toBe(0n)
    expect(e.neg(e.neg(x))).toBe(x)
  })

  test('the degree of repeated squares never wraps around to a small one', () => {
    const e = new ExpressionBuilder()
    let square = e.witness(0)
    for (let i = 0; i < 40; i++) {
      square = e.mul(square, square)
      expect(e.degree(square)).toBe(Math.min(2 ** (i + 1), 2 ** 31))
    }
  })

  test('shift moves every column of an expression and nothing else', () => {
    const e = new ExpressionBuilder()
    const build = (offset: number): number =>
      e.sub(e.mul(e.witness(0, offset), e.airValue(0)), e.neg(e.fixed(2, 1 + offset)))
    expect(e.shift(build(0), 3)).toBe(build(3))
    expect(e.shift(build(3), -3)).toBe(build(0))
  })

  test('degree counts columns only; deep chains need no stack', () => {
    const e = new ExpressionBuilder()
    let chain = e.witness(0)
    for (let i = 1; i < 100_000; i++) chain = e.add(e.mul(chain, e.challenge(0)), e.witness(i % 7, i % 3))
    expect(e.degree(chain)).toBe(1)
    expect(e.degree(e.mul(chain, e.fixed(0)))).toBe(2)
    expect(e.degree(e.shift(chain, 1))).toBe(1)
    const { dag, map } = e.extract([chain])
    expect(nodeDegrees(dag)[map(chain)]).toBe(1)
  })
})

describe('PiloutBuilder', () => {
  test('each AIR keeps only what its constraints and hints reach', () => {
    const program = new PiloutBuilder('p')
    const e = program.expressions
    const group = program.addAirGroup('G')
    const first = group.addAir({ name: 'A', template: 'A', rows: 8, source: SOURCE })
    const second = group.addAir({ name: 'B', template: 'B', rows: 16, logHeights: [4, 5], source: SOURCE })
    const x = e.witness(first.addWitness({ name: 'x', index: [], stage: 1 }))
    e.mul(x, e.witness(9)) // reached by nothing
    const expression = e.sub(e.mul(x, x), e.constant(4n))
    first.addConstraint({ expression, rows: { kind: 'everyRow' }, label: 'x*x === 4', source: SOURCE, trail: [] })
    const items = [{ kind: 'expression' as const, expression: e.fixed(3) }]
    second.addHint({ name: 'h', fields: { list: { kind: 'array', items } }, source: SOURCE, trail: [] })
    const { airs } = program.build().airGroups[0]!
    expect(airs[0]!.expressions.kinds.length).toBe(4)
    expect(airs[0]!.expressions.constants).toEqual([4n])
    expect(airs[0]!.logHeights).toEqual([3])
    expect(airs[1]!.logHeights).toEqual([4, 5])
    expect([...airs[1]!.expressions.kinds]).toEqual([NODE.fixed])
  })
})

describe('materializeFixed', () => {
  test('a pattern exists at every height that holds its ends', () => {
    const pattern = { kind: 'pattern', head: [9n], cycle: [1n, 2n], tail: [7n] } as const
    expect([...materializeFixed(pattern, 6, 'X')]).toEqual([9n, 1n, 2n, 1n, 2n, 7n])
    expect([...materializeFixed(pattern, 2, 'X')]).toEqual([9n, 7n])
    expect(() => materializeFixed(pattern, 1, 'X')).toThrow(/X has 2 rows/)
    expect(() => materializeFixed({ kind: 'values', values: new BigUint64Array(3) }, 4, 'X')).toThrow(/4 rows/)
    expect(() => materializeFixed({ kind: 'external', file: 'f', column: 0 }, 4, 'X')).toThrow(/external/)
  })
})
