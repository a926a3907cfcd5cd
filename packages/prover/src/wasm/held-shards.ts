/** Which shards keep their columns of stage 1 from their commitment until they are proved. */
import type { ShardLayout } from '@zisk/verifier'
import { type ShardNeed, shardNeed } from './memory-need.ts'

/** What the host has to spare for what could be made again. The bytes of a proof do not depend on it. */
export interface SpareMemory {
  /** Bytes of the arena up to which columns are held for later. */
  readonly holdingBytes: number
  /** Bytes of the arena up to which one shard keeps all cosets of its columns. */
  readonly keepingBytes: number
  /** Whether so many bytes more can be taken now. */
  readonly hasRoom: (bytes: number) => boolean
}

/**
 * Bytes up to which columns are held where nobody knows what the host has: a run of a million steps is then made once and
 * stays below 4 GiB with everything else of the process.
 */
export const HOLDING_BYTES: number = 2.75 * 2 ** 30

/** Part of the arena that shards may need: what is reserved lies scattered, and an eighth is left for small regions. */
export const FILL = 0.78

/** Bytes of columns that a source makes ahead of those that are asked for, if one instance alone does not have more. */
const AHEAD_BYTES: number = 2 ** 28

/** What limits {@link heldShards}. */
export interface HoldingLimits extends Pick<SpareMemory, 'holdingBytes' | 'keepingBytes'> {
  /** Bytes of the arena. */
  readonly maxBytes: number
  /** Number of jobs at a time. */
  readonly width: number
}

/** What is held, and what proving the run then takes. */
export interface HeldShards {
  /** Positions of the shards; the last one always stays. */
  readonly held: ReadonlySet<number>
  /** Bytes of the arena at most, columns that are made ahead included. */
  readonly bytes: number
  /** Bytes of it until everything is committed, without those columns. */
  readonly committing: number
  /** Whether nothing is made again: all shards are held, with all of their cosets. */
  readonly isMadeOnce: boolean
}

/** What a shard needs, and whether it keeps all cosets: it does where there is room for it alone. */
export function fittingNeed(
  layout: ShardLayout,
  { maxBytes, keepingBytes, width }: Omit<HoldingLimits, 'holdingBytes'>,
): { readonly keepCosets: boolean; readonly need: ShardNeed } {
  const most = shardNeed(layout, { keepCosets: true, width })
  if (Math.max(most.commit, most.prove) <= Math.min(FILL * maxBytes, keepingBytes))
    return { keepCosets: true, need: most }
  return { keepCosets: false, need: shardNeed(layout, { keepCosets: false, width }) }
}

/**
 * Chooses the shards, the last first: those are held for the shortest time. Shards are committed in order and proved
 * backwards, so that beside a shard in work there are at most those held before it.
 */
export function heldShards(layouts: readonly ShardLayout[], limits: HoldingLimits): HeldShards {
  const limit = Math.min(FILL * limits.maxBytes, limits.holdingBytes)
  const fitting = layouts.map((layout) => fittingNeed(layout, limits))
  const needs = fitting.map(({ need }) => need)
  const alone = needs.map(({ commit, prove }, k) => Math.max(commit + aheadBytes(layouts[k + 1]), prove))
  const last = layouts.length - 1
  const held = new Set([last])
  /** Largest need of the shards behind, with what is held before them; and until everything is committed. */
  let behind = alone[last]!
  let committing = needs[last]!.commit
  let bytes = Math.max(...alone)
  for (let k = last - 1; k >= 0; k--) {
    const columns = needs[k]!.held
    const together = behind + columns
    const isHeld = Math.max(together, alone[k]!) <= limit
    if (isHeld) held.add(k)
    behind = Math.max(isHeld ? together : behind, alone[k]!)
    committing = Math.max(isHeld ? committing + columns : committing, needs[k]!.commit)
    bytes = Math.max(bytes, behind)
  }
  const isMadeOnce = held.size === layouts.length && fitting.every(({ keepCosets }) => keepCosets)
  return { held, bytes, committing, isMadeOnce }
}

/** Bytes of columns of a shard that may be made while the one before it is committed. */
function aheadBytes(layout: ShardLayout | undefined): number {
  const sizes = layout?.instances.map(({ shape, logRows }) => 8 * shape.stage1.length * 2 ** logRows) ?? []
  const all = sizes.reduce((sum, size) => sum + size, 0)
  return Math.max(0, ...sizes, Math.min(AHEAD_BYTES, all))
}
