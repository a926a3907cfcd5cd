import { field } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { evaluateDag } from '../eval/evaluate.ts'
import { type ExprId, NODE, nodeDegrees } from '../model/expression.ts'
import type { ExpressionBuilder } from '../model/expression-builder.ts'
import type { ConstraintRows, Pilout } from '../model/pilout.ts'
import { PiloutBuilder } from '../model/pilout-builder.ts'
import { airCost, cheapestAirCost } from './cost.ts'
import { openingsOf } from './openings.ts'
import { effectiveDegree, type ReducedAir, reduceDegree } from './reduce-degree.ts'

const SOURCE = { file: 0, line: 1, column: 1 }
const EVERY_ROW: ConstraintRows = { kind: 'everyRow' }

/** A program of one AIR with four stage-1 columns, one stage-2 column and the given constraints. */
function programOf(
  build: (e: ExpressionBuilder, columns: readonly ExprId[]) => readonly ExprId[],
  rows: ConstraintRows = EVERY_ROW,
): Pilout {
  const program = new PiloutBuilder('p')
  program.addFile('p.pil')
  program.addChallenge({ name: 'alpha', index: [], stage: 2 })
  const air = program.addAirGroup('G').addAir({ name: 'A', template: 'A', rows: 8, source: SOURCE })
  const columns = [1, 1, 1, 1, 2].map((stage, i) =>
    program.expressions.witness(air.addWitness({ name: 'c', index: [i], stage })),
  )
  build(program.expressions, columns).forEach((expression, i) => {
    air.addConstraint({ expression, rows, label: `constraint ${i}`, source: SOURCE, trail: [] })
  })
  return program.build()
}

function reduced(program: Pilout, maxDegree = 3): ReducedAir {
  return reduceDegree(program, program.airGroups[0]!.airs[0]!, maxDegree)
}

function expectWithinDegree({ air }: ReducedAir, maxDegree = 3): void {
  const degrees = nodeDegrees(air.expressions)
  for (const c of air.constraints)
    expect(effectiveDegree(c.rows, degrees[c.expression]!), c.label).toBeLessThanOrEqual(maxDegree)
}

describe('reduceDegree', () => {
  test('leaves an AIR within the limit alone', () => {
    const program = programOf((e, [x, y, z]) => [e.sub(e.mul(e.mul(x!, y!), z!), x!)])
    const { air, intermediates } = reduced(program)
    expect(intermediates).toEqual([])
    expect(air.constraints).toEqual(program.airGroups[0]!.airs[0]!.constraints)
    expect(air.expressions).toEqual(program.airGroups[0]!.airs[0]!.expressions)
  })

  test('the seventh power takes one column of one cell', () => {
    const program = programOf((e, [x, y]) => {
      const x3 = e.mul(e.mul(x!, x!), x!)
      return [e.sub(e.mul(e.mul(x3, x3), x!), y!)]
    })
    const result = reduced(program)
    expectWithinDegree(result)
    expect(result.intermediates.length).toBe(1)
    expect(result.air.witness[5]).toMatchObject({ name: 'im', index: [0], stage: 1, source: SOURCE })
    expect(result.air.constraints[1]!.label).toContain('constraint 0')
  })

  test('a factor with a challenge costs three cells and is avoided', () => {
    const program = programOf((e, [x, y, z, w, s]) => {
      const extension = e.mul(e.add(s!, e.challenge(0)), x!)
      return [e.mul(extension, e.mul(y!, z!)), e.mul(extension, e.mul(w!, z!))]
    })
    const result = reduced(program)
    expectWithinDegree(result)
    // y*z and w*z cost two cells, the shared extension factor would cost three
    expect(result.intermediates.map((i) => result.air.witness[i.column]!.stage)).toEqual([1, 1])
  })

  test('shifted copies of a factor share one column', () => {
    const program = programOf((e, [x, y, z]) => {
      const factor = e.mul(e.mul(x!, y!), z!)
      return [e.mul(e.shift(factor, 1), x!), e.mul(e.shift(factor, -2), y!), e.mul(factor, z!)]
    })
    const result = reduced(program)
    expectWithinDegree(result)
    expect(result.intermediates.length).toBe(1)
    const offsets = openingsOf(result.air).filter((o) => o.kind === 'witness' && o.column === 5)
    expect(offsets.map((o) => o.rowOffset)).toEqual([-2, 0, 1])
  })

  test('a constraint on one row carries one degree more', () => {
    const cubic = (e: ExpressionBuilder, [x, y, z]: readonly ExprId[]) => [e.mul(e.mul(x!, y!), z!)]
    expect(reduced(programOf(cubic)).intermediates.length).toBe(0)
    const result = reduced(programOf(cubic, { kind: 'firstRow' }))
    expect(result.intermediates.length).toBe(1)
    expectWithinDegree(result)
  })

  test('the reduced constraints hold exactly when the original ones do', () => {
    const program = programOf((e, [x, y, z, w]) => {
      const sum = e.add(e.mul(x!, y!), e.mul(z!, w!))
      const power = e.mul(e.mul(sum, sum), e.mul(sum, e.shift(sum, 1)))
      return [e.sub(e.mul(power, power), e.mul(power, x!))]
    })
    for (const maxDegree of [2, 3, 4]) {
      const result = reduced(program, maxDegree)
      expectWithinDegree(result, maxDegree)
      const original = program.airGroups[0]!.airs[0]!
      const trace = Array.from({ length: 8 }, (_, r) =>
        [0, 1, 2, 3, 4].map((c) => BigInt(r * r * 31 + c * c * 17 + r * c)),
      )
      const at = (r: number, column: number): bigint => trace[(r + 8) % 8]![column]!
      const leaf = (r: number) => (_: number, column: number, offset: number) => at(r + offset, column)
      for (const { column, expression } of result.intermediates)
        for (let r = 0; r < 8; r++)
          trace[r]![column] = evaluateDag(result.air.expressions, field, (k, c, o) => leaf(r)(k, c, o) ?? 0n)[
            expression
          ]!
      for (let r = 0; r < 8; r++) {
        const before = evaluateDag(original.expressions, field, leaf(r))
        const after = evaluateDag(result.air.expressions, field, leaf(r))
        expect(after[result.air.constraints[0]!.expression]).toBe(before[original.constraints[0]!.expression])
        for (const definition of result.air.constraints.slice(1)) expect(after[definition.expression]).toBe(0n)
      }
    }
  })

  test('refuses a limit at which nothing multiplies', () => {
    expect(() =>
      reduced(
        programOf((e, [x]) => [e.mul(x!, x!)]),
        1,
      ),
    ).toThrow(/degree 1/)
  })
})

describe('airCost', () => {
  test('counts cells as w1 + 3 (1 + n_im) + 6', () => {
    const program = programOf((e, [x, y, z, , s]) => [e.sub(e.mul(e.mul(x!, y!), z!), s!)])
    expect(airCost(program, program.airGroups[0]!.airs[0]!)).toMatchObject({
      stage1: 4,
      stage2: 1,
      intermediates: 0,
      cellsPerRow: 4 + 3 + 6,
      degree: 3,
      reducedDegree: 3,
      constraints: 1,
    })
  })

  test('the cheapest weighs added columns against pieces of the quotient', () => {
    const cheapest = (program: Pilout, maxDegree: number): unknown => {
      const { reducedDegree, intermediates, cellsPerRow } = cheapestAirCost(
        program,
        program.airGroups[0]!.airs[0]!,
        maxDegree,
      )
      return { reducedDegree, intermediates, cellsPerRow }
    }
    // Stage 1 and the sum take 7 cells. One product of degree 2 needs one piece only.
    const square = programOf((e, [x]) => [e.mul(x!, x!)])
    expect(cheapest(square, 5)).toEqual({ reducedDegree: 2, intermediates: 0, cellsPerRow: 7 + 3 })
    // A column of one cell instead of a piece of three; six of them cost more than two pieces.
    const fourth = (e: ExpressionBuilder, x: ExprId): ExprId => e.mul(e.mul(x, x), e.mul(x, x))
    const few = programOf((e, [x]) => [fourth(e, x!)])
    expect(cheapest(few, 5)).toEqual({ reducedDegree: 2, intermediates: 1, cellsPerRow: 7 + 1 + 3 })
    const many = programOf((e, [x]) => [1n, 2n, 3n, 4n, 5n, 6n, 7n].map((n) => fourth(e, e.add(x!, e.constant(n)))))
    expect(cheapest(many, 3)).toEqual({ reducedDegree: 2, intermediates: 7, cellsPerRow: 7 + 7 + 3 })
    expect(cheapest(many, 5)).toEqual({ reducedDegree: 4, intermediates: 0, cellsPerRow: 7 + 9 })
  })
})

describe('openingsOf', () => {
  test('names columns and offsets of constraints only', () => {
    const program = programOf((e, [x, y]) => [e.sub(e.shift(x!, -1), e.add(e.fixed(0, 2), y!))])
    const air = program.airGroups[0]!.airs[0]!
    expect(air.expressions.kinds[0]).toBe(NODE.witness)
    expect(openingsOf(air)).toEqual([
      { kind: 'witness', column: 0, rowOffset: -1 },
      { kind: 'witness', column: 1, rowOffset: 0 },
      { kind: 'fixed', column: 0, rowOffset: 2 },
    ])
  })
})
