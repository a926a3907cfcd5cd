import { type CheckReport, createChecker, formatReport } from '@zisk/air'
import { describe, expect, test } from 'vitest'
import { buildWitness } from './build-witness.ts'
import type { PlanRunOptions as WitnessOptions } from './plan-run.ts'
import { fixtureProgram } from './testing/fixture.ts'
import { compileMachine } from './testing/machine.ts'

const program = compileMachine()
const checker = createChecker(program)

/** Checks a run; returns its instances by AIR as log2 of their heights. */
async function checkFixture(
  name: string,
  options: WitnessOptions = {},
): Promise<{ readonly report: CheckReport; readonly heights: Readonly<Record<string, readonly number[]>> }> {
  const { rom, input } = fixtureProgram(name)
  const { witness } = await buildWitness(program, rom, { input, ...options })
  const heights: Record<string, number[]> = {}
  for (const { airGroup, air, rows } of witness.instances) {
    const { name: airName } = program.airGroups[airGroup]!.airs[air]!
    heights[airName] = [...(heights[airName] ?? []), Math.log2(rows)]
  }
  return { report: checker.check(witness, { sums: false, stage2: false }), heights }
}

describe('an honest run holds', () => {
  test.each([
    'custom-entry',
    'exit-code',
    'exit-panic',
    'rust-panic',
    'rv64i-load-store',
    'segment-gaps',
    'unaligned',
    'zero-register',
  ])('%s', async (name) => {
    const { report, heights } = await checkFixture(name)
    expect(formatReport(report)).toContain('all hold')
    expect(heights['Main']).toHaveLength(1)
  })

  test.each(['rust-panic', 'rv64i-alu', 'rv64i-branch'])('with machines of one operation each: %s', async (name) => {
    const { report, heights } = await checkFixture(name, { minOwnRows: 1, chunkSize: 1024 })
    expect(formatReport(report)).toContain('all hold')
    for (const air of [
      'BinaryAddWord',
      'BinaryEqual',
      'BinaryLess',
      ...(name === 'rv64i-alu' ? ['BinaryShiftWord'] : []),
    ])
      expect(heights[air]).toBeDefined()
  })

  test('in chunks of 1024 steps', async () => {
    const { report } = await checkFixture('rv64i-load-store', { chunkSize: 1024 })
    expect(formatReport(report)).toContain('all hold')
  })
})

describe('a run over several segments holds', () => {
  test('of Main, the last one lower', async () => {
    const { report, heights } = await checkFixture('rust-panic', { maxLogRows: { main: 10 } })
    expect(formatReport(report)).toContain('all hold')
    expect(heights['Main']).toEqual([10, 10, 10, 10, 10])
    const two = await checkFixture('rust-panic', { maxLogRows: { main: 12 } })
    expect(formatReport(two.report)).toContain('all hold')
    expect(two.heights['Main']).toEqual([12, 10])
  })

  test('of Main with reads of registers between steps', async () => {
    const { report, heights } = await checkFixture('rust-panic', { maxLogRows: { main: 11 }, maxGapRows: 1024 })
    expect(formatReport(report)).toContain('all hold')
    expect(heights['Main']).toEqual([11, 11, 10])
    expect(heights['RegisterReads']).toEqual([10])
  })

  test('of RegisterReads, beginning within the registers of a step, the last reads behind the end of the run', async () => {
    const { report, heights } = await checkFixture('rv64i-branch', {
      chunkSize: 1024,
      maxGapRows: 256,
      maxLogRows: { main: 11 },
    })
    expect(formatReport(report)).toContain('all hold')
    expect(heights['RegisterReads']!.length).toBeGreaterThan(1)
  })

  test('of Main and of every memory machine', async () => {
    const { report, heights } = await checkFixture('rv64i-branch', { maxLogRows: { main: 14, mem: 10 } })
    expect(formatReport(report)).toContain('all hold')
    expect(heights['Main']).toEqual([14, 14, 14])
    expect(heights['RomData']!.length).toBeGreaterThan(8)
  })

  test('of RAM', async () => {
    const { report, heights } = await checkFixture('rv64i-load-store', { maxLogRows: { mem: 10 } })
    expect(formatReport(report)).toContain('all hold')
    expect(heights['Mem']!.length).toBeGreaterThan(1)
  })
})
