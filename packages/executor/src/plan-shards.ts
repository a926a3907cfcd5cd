import type { InstancePlan } from '@zisk/air'

/**
 * Cells of a shard unless told otherwise: about one instance of Main at its greatest height. A prover holds a shard's
 * cells and their extension at a time. Measured over 1.6 million steps at rate 1/2: 3.2 GiB and a proof of 3.5 MB, where
 * twice as many cells take 4.7 GiB and 2.5 MB, in the same processor time within 3 %.
 */
export const DEFAULT_SHARD_CELLS: number = 2 ** 26

/** An instance as a plan shows it. */
export interface PlannedInstance extends InstancePlan {
  /** Name of its AIR. */
  readonly name: string
  /** Base-field cells that a proof of it alone commits to, over all stages and its quotient, which a shard shares. */
  readonly cells: number
}

/**
 * Cuts instances into shards: each takes the next instances, in order, while they fit, and one at least. Depends on the
 * instances alone, so that every machine makes the same shards.
 *
 * @param shardCells most cells of a shard; an instance with more has a shard for itself
 * @returns the positions of the instances by shard
 */
export function planShards(
  instances: readonly Pick<PlannedInstance, 'cells'>[],
  shardCells: number = DEFAULT_SHARD_CELLS,
): readonly (readonly number[])[] {
  const shards: number[][] = []
  let cells = Number.POSITIVE_INFINITY
  for (const [position, instance] of instances.entries()) {
    cells += instance.cells
    if (cells > shardCells) {
      shards.push([])
      cells = instance.cells
    }
    shards.at(-1)!.push(position)
  }
  return shards
}
