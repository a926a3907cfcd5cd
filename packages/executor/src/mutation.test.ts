import { createRowJudge, mutateRows, type Survivor } from '@zisk/air-testkit'
import { expect, test } from 'vitest'
import { buildWitness } from './build-witness.ts'
import { fixtureProgram } from './testing/fixture.ts'
import { compileMachine } from './testing/machine.ts'

const SEED = 20_261_120

const program = compileMachine()
const { rom, input } = fixtureProgram('rust-panic')
const { witness } = await buildWitness(program, rom, { input, maxGapRows: 2048 })
const judge = createRowJudge(program, witness)

/** Value of a column of an AIR. */
function valueAt(air: string, column: string, row: number): bigint {
  const { instance, labels } = { instance: judge.instanceOf(air), labels: judge.instanceOf(air).labels }
  return instance.witness[labels.indexOf(column)]![row]!
}

/** Rows of every kind: the first and the second with each value of each of the columns, and the ends. */
function sampleRows(air: string, columns: readonly string[]): readonly number[] {
  const { rows } = judge.instanceOf(air)
  const found = new Set([0, 1, rows - 1])
  for (const column of columns) {
    const times = new Map<bigint, number>()
    for (let row = 0; row < rows; row++) {
      const value = valueAt(air, column, row)
      const count = times.get(value) ?? 0
      times.set(value, count + 1)
      if (count < 2) found.add(row)
    }
  }
  return [...found]
}

interface Case {
  readonly air: string
  /** Columns of few values that tell the kinds of rows. */
  readonly kinds: readonly string[]
  /** Why a change that nothing reports is harmless. */
  readonly harmless: (survivor: Survivor) => string | undefined
}

/** Previous access of an operand that is no register: on no bus. */
const REGISTER_LINK = /^(a|b|store)_reg_prev_(mem_step|value\[[01]\])$/

const CASES: readonly Case[] = [
  {
    air: 'Main',
    kinds: [
      'a_src_imm',
      'a_src_mem',
      'a_src_reg',
      'b_src_imm',
      'b_src_mem',
      'b_src_ind',
      'b_src_reg',
      'is_external_op',
      'm32',
      'store_pc',
      'store_mem',
      'store_ind',
      'store_reg',
      'set_pc',
      'flag',
    ],
    harmless: ({ column, row }) => {
      const operand = REGISTER_LINK.exec(column)?.[1]
      const uses = { a: 'a_src_reg', b: 'b_src_reg', store: 'store_reg' }[operand ?? '']
      return uses !== undefined && valueAt('Main', uses, row) === 0n ? 'no register is accessed' : undefined
    },
  },
  {
    air: 'RegisterReads',
    kinds: ['sel', 'register'],
    harmless: ({ row }) => (valueAt('RegisterReads', 'sel', row) === 0n ? 'padding is on no bus' : undefined),
  },
  {
    air: 'Mem',
    kinds: ['sel', 'sel_dual', 'wr', 'same_addr'],
    harmless: ({ column, row }) =>
      row === 0 && ['low', 'high', 'wr'].includes(column)
        ? 'the carried row is no access and has no distance'
        : undefined,
  },
  {
    air: 'RomData',
    kinds: ['sel', 'init'],
    harmless: ({ column, row }) =>
      column === 'step' && valueAt('RomData', 'sel', row) === 0n ? 'padding is on no bus' : undefined,
  },
  {
    air: 'InputData',
    kinds: ['sel', 'same_addr', 'is_free'],
    harmless: ({ column, row }) => {
      if (column === 'step' && valueAt('InputData', 'sel', row) === 0n) return 'padding is on no bus'
      const isFirst = valueAt('InputData', 'addr', row) === BigInt(rom.memoryMap.input.start / 8)
      return column === 'is_free' && isFirst ? 'the free word may be read as any other' : undefined
    },
  },
]

test.each(CASES)('$air: every change of a cell is reported, or harmless', ({ air, kinds, harmless }) => {
  const rows = sampleRows(air, kinds)
  const report = mutateRows(judge, { air, rows, seed: SEED })
  const reasons = new Map<string, number>()
  for (const survivor of report.survivors) {
    const reason = harmless(survivor)
    expect(reason, `${air}.${survivor.column} row ${survivor.row}: ${survivor.from} -> ${survivor.to}`).toBeDefined()
    reasons.set(reason!, (reasons.get(reason!) ?? 0) + 1)
  }
  console.log(
    `${air}: ${report.killed} of ${report.mutations} changes reported, seed ${SEED}`,
    Object.fromEntries(reasons),
  )
  expect(report.killed).toBeGreaterThan(report.mutations / 2)
})

test('Rom: executions of an instruction and uses of a line are exact', () => {
  const { instance, rows } = { instance: judge.instanceOf('Rom'), rows: rom.instructions.length }
  const custom = program.airGroups[0]!.airs[instance.air]!.customColumns.findIndex(({ name }) => name === 'flags')
  const flags = instance.custom[custom]!
  const all = Array.from({ length: 60 }, (_, i) => Math.floor((i * instance.rows) / 60))
  const report = mutateRows(judge, { air: 'Rom', rows: [...all, rows - 1, rows], seed: SEED })
  for (const { row } of report.survivors) expect(flags[row], `row ${row}`).toBe(0n)
  expect(report.killed).toBeGreaterThan(100)
})
