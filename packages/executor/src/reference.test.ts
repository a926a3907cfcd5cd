import { type AirInstance, entryLabel } from '@zisk/air'
import { describe, expect, test } from 'vitest'
import { buildWitness, type RunWitness } from './build-witness.ts'
import type { PlanRunOptions as WitnessOptions } from './plan-run.ts'
import { fixtureProgram } from './testing/fixture.ts'
import { compileMachine } from './testing/machine.ts'
import { referenceWitness } from './testing/reference-witness.ts'

const program = compileMachine()

/** The first difference between two witnesses of a run, or undefined. */
function difference(x: RunWitness, y: RunWitness): string | undefined {
  const labels = (run: RunWitness): string => run.witness.instances.map(labelOf).join(' ')
  if (x.steps !== y.steps) return `${x.steps} and ${y.steps} steps`
  if (labels(x) !== labels(y)) return `${labels(x)} and ${labels(y)}`
  for (const name of ['publics', 'proofValues'] as const)
    if (String(x.witness[name]) !== String(y.witness[name])) return name
  for (const [i, instance] of x.witness.instances.entries()) {
    const found = differenceOf(instance, y.witness.instances[i]!)
    if (found !== undefined) return `${labelOf(instance)} ${found}`
  }
  return undefined
}

function labelOf({ airGroup, air, segment, rows }: AirInstance): string {
  return `${program.airGroups[airGroup]!.airs[air]!.name}#${segment}:${Math.log2(rows)}`
}

function differenceOf(x: AirInstance, y: AirInstance): string | undefined {
  const air = program.airGroups[x.airGroup]!.airs[x.air]!
  const columns = (instance: AirInstance) => [...instance.witness, ...instance.custom]
  const entries = [...air.witness, ...air.customColumns]
  for (const [i, column] of columns(x).entries()) {
    const other = columns(y)[i]
    if (column === undefined || bytesOf(column).equals(bytesOf(other!))) continue
    const row = column.findIndex((value, r) => value !== other?.[r])
    return `${entryLabel(entries[i]!)} at row ${row}: ${column[row]} and ${other![row]}`
  }
  const value = x.airValues.findIndex((v, i) => v !== y.airValues[i])
  return value < 0 ? undefined : `${entryLabel(air.airValues[value]!)}: ${x.airValues[value]} and ${y.airValues[value]}`
}

function bytesOf(column: BigUint64Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength)
}

async function compare(name: string, options: WitnessOptions = {}): Promise<string | undefined> {
  const { rom, input } = fixtureProgram(name)
  const all = { input, ...options }
  const [made, expected] = [await buildWitness(program, rom, all), await referenceWitness(program, rom, all)]
  return difference(made, expected)
}

describe('the columns are those of the reference', () => {
  test.each(['custom-entry', 'rust-panic', 'rv64m', 'unaligned'])('%s', async (name) => {
    expect(await compare(name)).toBeUndefined()
  })

  test.each([1024, 4096])('chunks of %i steps', async (chunkSize) => {
    expect(await compare('rust-panic', { chunkSize })).toBeUndefined()
  })

  test.each([{ main: 10 }, { mem: 10 }, { operations: 10 }, { main: 11, mem: 11, operations: 10 }])(
    'segments of %o',
    async (maxLogRows) => {
      expect(await compare('rv64i-load-store', { chunkSize: 1024, maxLogRows })).toBeUndefined()
      expect(await compare('rust-panic', { chunkSize: 4096, maxLogRows })).toBeUndefined()
    },
  )

  test('machines of one operation each', async () => {
    for (const minOwnRows of [1, 100])
      expect(
        await compare('rust-panic', { chunkSize: 1024, minOwnRows, maxLogRows: { operations: 10 } }),
      ).toBeUndefined()
  })

  test.each([1024, 2048, 8192])('reads of registers every %i steps', async (maxGapRows) => {
    expect(await compare('rust-panic', { chunkSize: 1024, maxGapRows })).toBeUndefined()
    expect(await compare('rust-panic', { chunkSize: 4096, maxGapRows, maxLogRows: { main: 12 } })).toBeUndefined()
  })
})
