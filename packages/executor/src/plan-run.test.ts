import { createChecker } from '@zisk/air'
import { describe, expect, test } from 'vitest'
import { type PlanRunOptions, planRun } from './plan-run.ts'
import { planShards } from './plan-shards.ts'
import { fixtureProgram } from './testing/fixture.ts'
import { compileMachine } from './testing/machine.ts'

const program = compileMachine()
const { rom, input } = fixtureProgram('rust-panic')

/** Plans a run, looks at it and ends its threads. */
async function withPlan<T>(
  options: PlanRunOptions,
  use: (plan: Awaited<ReturnType<typeof planRun>>) => Promise<T>,
): Promise<T> {
  const plan = await planRun(program, rom, { input, threads: 1, ...options })
  try {
    return await use(plan)
  } finally {
    await plan.close()
  }
}

/** Everything about an instance, for comparisons. */
async function contents(plan: Awaited<ReturnType<typeof planRun>>, position: number): Promise<unknown> {
  const { witness, custom, airValues } = await plan.source.instance(position)
  const digest = (column: BigUint64Array | undefined) =>
    column === undefined ? 0 : Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('base64')
  return [...witness, ...custom].map(digest).concat(airValues.map(String))
}

test('workers compute what one thread computes', async () => {
  const options = { chunkSize: 1024, maxLogRows: { main: 11 } }
  await withPlan(options, async (one) =>
    withPlan({ ...options, threads: 2 }, async (two) => {
      expect(two.instances).toEqual(one.instances)
      for (const position of one.instances.keys())
        expect(await contents(two, position), one.instances[position]!.name).toEqual(await contents(one, position))
    }),
  )
})

test('instances come in any order and any number of times, tables first too', async () => {
  await withPlan({ chunkSize: 2048 }, async (plan) =>
    withPlan({}, async (other) => {
      expect(other.instances).toEqual(plan.instances)
      const last = plan.instances.length - 1
      const forward = await Promise.all(plan.instances.map((_, position) => contents(plan, position)))
      for (let position = last; position >= 0; position--)
        expect(await contents(other, position), plan.instances[position]!.name).toEqual(forward[position])
      expect(await contents(plan, last)).toEqual(forward[last])
    }),
  )
})

describe('the plan', () => {
  test('does not depend on chunks or threads', async () => {
    const plans = []
    for (const options of [{}, { chunkSize: 1024 }, { chunkSize: 4096, threads: 2 }])
      plans.push(await withPlan(options, async ({ instances, shards, publics }) => ({ instances, shards, publics })))
    expect(plans[1]).toEqual(plans[0])
    expect(plans[2]).toEqual(plans[0])
  })

  test('has every instance in one shard, in order', async () => {
    for (const shardCells of [1, 2 ** 20, 2 ** 30]) {
      await withPlan({ shardCells }, async ({ instances, shards }) => {
        expect(shards.flat()).toEqual([...instances.keys()])
        for (const shard of shards) {
          const cells = shard.reduce((sum, position) => sum + instances[position]!.cells, 0)
          expect(shard.length === 1 || cells <= shardCells).toBe(true)
        }
      })
    }
  })

  test('reports progress and stops when told to', async () => {
    const seen: number[] = []
    await withPlan({ chunkSize: 1024, onProgress: (p) => seen.push(p.countedSteps) }, async ({ steps }) => {
      expect(seen.at(-1)).toBe(steps)
      expect(seen.length).toBe(Math.ceil(steps / 1024))
    })
    const reason = new Error('enough')
    await expect(planRun(program, rom, { input, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    await withPlan({}, async ({ source }) => {
      await expect(source.instance(0, AbortSignal.abort(reason))).rejects.toBe(reason)
    })
  })
})

test('shards are cut before the instance that no longer fits', () => {
  const cells = (list: readonly number[]) => list.map((value) => ({ cells: value }))
  expect(planShards(cells([]), 10)).toEqual([])
  expect(planShards(cells([4, 6, 1, 20, 3]), 10)).toEqual([[0, 1], [2], [3], [4]])
})

test('the witness of a source passes the checker', async () => {
  await withPlan({ chunkSize: 1024, maxLogRows: { main: 11, mem: 10, operations: 10 } }, async ({ source }) => {
    const instances = await Promise.all(source.instances.map((_, position) => source.instance(position)))
    const { publics, proofValues } = source
    const report = createChecker(program).check({ instances, publics, proofValues }, { sums: false, stage2: false })
    expect(report.failures).toEqual([])
  })
})
