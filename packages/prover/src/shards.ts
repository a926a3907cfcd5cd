/** Which instances are proved together. */
import type { InstancePlan } from '@zisk/air'
import type { AirShape } from '@zisk/verifier'
import type { ProvingKey } from './setup.ts'

/** Cells that instances commit: those of stage 1, and three for each column of stage 2. */
export function committedCells(instances: readonly { readonly shape: AirShape; readonly logRows: number }[]): number {
  return instances.reduce(
    (sum, { shape, logRows }) => sum + (shape.stage1.length + 3 * shape.stage2.length) * 2 ** logRows,
    0,
  )
}

/**
 * Cuts a run into shards of at most `shardCells` committed cells: instances in their order, a new shard whenever the next
 * one does not fit. An instance that is larger by itself is a shard of its own. The same instances and limit always give
 * the same shards, whatever the memory or number of threads.
 *
 * @returns positions of the instances of each shard, for `ProveRequest.shards`
 */
export function planShardCells(
  key: ProvingKey,
  instances: readonly InstancePlan[],
  shardCells: number,
): readonly (readonly number[])[] {
  if (!(shardCells >= 1)) throw new RangeError(`expected at least one cell per shard, got ${shardCells}`)
  const { airGroups } = key.program
  const shards: number[][] = []
  let room = 0
  for (const [position, { airGroup, air, rows }] of instances.entries()) {
    const before = airGroups.slice(0, airGroup).reduce((sum, { airs }) => sum + airs.length, 0)
    const cells = committedCells([{ shape: key.prepared.shapes[before + air]!, logRows: Math.log2(rows) }])
    if (shards.length === 0 || cells > room) {
      shards.push([])
      room = shardCells
    }
    shards[shards.length - 1]!.push(position)
    room -= cells
  }
  return shards
}
