/** The one constraint that ties the claimed total of an instance to its rows. */
import { type Air, deriveStage2, evaluateDag, NODE, type RowSource, type Stage2 } from '@zisk/air'
import { type Ext, extAdd, extField, extFromFelt, extSub } from '@zisk/field'
import { expect, test } from 'vitest'
import { compileText } from './example.ts'

const ROWS = 8
const program = compileText(`require "std.pil";
bus_open(7);
airtemplate A(const int N = ${ROWS}) {
    airval v;
    col witness x, y, m;
    lookup_assumes(7, [x]);
    lookup_proves(7, [y], m);
    direct_update_assumes(7, [v]);
}
airgroup G { A(); }`)
const air: Air = program.airGroups[0]!.airs[0]!
const rows: RowSource = {
  rows: ROWS,
  column: (kind, index) =>
    kind === NODE.fixed
      ? BigUint64Array.from({ length: ROWS }, (_, i) => (i === 0 ? 1n : 0n))
      : BigUint64Array.from({ length: ROWS }, (_, i) => BigInt(3 * i + 5 * index + 2)),
  value: () => 11n,
}
const challenges: readonly Ext[] = [
  [123n, 456n, 789n],
  [321n, 654n, 987n],
]
const honest = deriveStage2(program, air, rows, challenges)
const gsum = air.witness.findIndex(({ name }) => name === 'std_gsum')
const OTHER: Ext = [5n, 6n, 7n]

/** Rows on which a stage-2 constraint fails. */
function failing(stage2: Stage2): number[] {
  return Array.from({ length: ROWS }, (_, row) => row).filter((row) => {
    const values = evaluateDag<Ext>(air.expressions, extField, (kind, a, b) => {
      const at = (row + b + ROWS) % ROWS
      if (kind === NODE.witness && air.witness[a]!.stage >= 2) return stage2.columns.get(a)![at]!
      if (kind === NODE.challenge) return challenges[a]!
      if (kind === NODE.airGroupValue) return stage2.airGroupValues.get(b)!
      if (kind === NODE.airValue && air.airValues[a]!.stage >= 2) return stage2.airValues.get(a)!
      return extFromFelt(kind <= NODE.custom ? rows.column(kind, a)[at]! : rows.value(kind, a, b))
    })
    return air.constraints.some(({ expression }) => values[expression]!.some((word) => word !== 0n))
  })
}

/** The honest stage 2 with another running sum and another claimed total. */
function forged(change: (sum: Ext, row: number) => Ext, total: Ext): Stage2 {
  const sums = honest.columns.get(gsum)!.map(change)
  return { ...honest, columns: new Map([...honest.columns, [gsum, sums]]), airGroupValues: new Map([[0, total]]) }
}

const result = honest.airGroupValues.get(0)!

test('the honest sum holds, and one that starts elsewhere says the same', () => {
  expect(failing(honest)).toEqual([])
  expect(failing(forged((sum) => extAdd(sum, OTHER), result))).toEqual([])
})

test('whatever the running sum, another total fails somewhere', () => {
  // A forger moves the row at which the sum is off by what the claim is off, and cannot get rid of it.
  for (let row = 0; row < ROWS; row++) {
    const moved = forged((sum, at) => (at < row ? extSub(sum, OTHER) : sum), extAdd(result, OTHER))
    expect(failing(moved)).toEqual([row])
  }
})
