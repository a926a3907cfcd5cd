/** Which shards keep their columns of stage 1 from their commitment until they are proved. */
import type { ShardLayout } from '@zisk/verifier'
import { heldNeed, shardNeed } from './memory-need.ts'

/** What the host has to spare for columns that could be made again. The bytes of a proof do not depend on it. */
export interface SpareMemory {
  /** Bytes of the arena up to which columns are held for later. */
  readonly holdingBytes: number
  /** Whether so many bytes more can be taken now. */
  readonly hasRoom: (bytes: number) => boolean
}

/**
 * Bytes up to which columns are held where nobody knows what the host has: a run of a million steps is then made once and
 * stays below 4 GiB with everything else of the process.
 */
export const HOLDING_BYTES: number = 2.75 * 2 ** 30

/** Share of the arena that shards in work and held ones may fill: what is held lies scattered. */
const FILL = 0.9

/** What limits {@link heldShards}. */
export interface HoldingLimits extends Pick<SpareMemory, 'holdingBytes'> {
  /** Bytes of the arena. */
  readonly maxBytes: number
  /** Number of jobs at a time. */
  readonly width: number
}

/** What is held, and what proving the run then takes. */
export interface HeldShards {
  /** Positions of the shards; the last one always stays. */
  readonly held: ReadonlySet<number>
  /** Bytes of the arena at most. */
  readonly bytes: number
}

/**
 * Chooses the shards, the last first: those are held for the shortest time. Shards are committed in order and proved
 * backwards, so that beside a shard in work there are at most those held before it.
 */
export function heldShards(
  layouts: readonly ShardLayout[],
  { maxBytes, holdingBytes, width }: HoldingLimits,
): HeldShards {
  const limit = Math.min(FILL * maxBytes, holdingBytes)
  const needs = layouts.map((layout) => shardNeed(layout, { keepCosets: true, width }))
  const held = new Set([layouts.length - 1])
  /** Largest need of the shards behind, with what is held before them. */
  let behind = needs[layouts.length - 1]!
  let bytes = Math.max(...needs)
  for (let k = layouts.length - 2; k >= 0; k--) {
    const together = behind + heldNeed(layouts[k]!)
    const isHeld = Math.max(together, needs[k]!) <= limit
    if (isHeld) held.add(k)
    behind = Math.max(isHeld ? together : behind, needs[k]!)
    bytes = Math.max(bytes, behind)
  }
  return { held, bytes }
}
