/** What the host has of memory, for columns that are kept for speed alone. */
import { readFileSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'
import { HOLDING_BYTES, type SpareMemory } from './held-shards.ts'

/** Part of what is free when a proof begins that may be filled for speed alone. */
const HOLDING_SHARE = 0.5

/**
 * Bytes up to which a shard keeps all cosets when nobody says how much memory there is to be taken. Of the default profile and
 * size of shards one takes 2; of small128 it would take 7, and a run of a million steps 8 of which it can do with 3.5.
 */
const KEEPING_BYTES: number = 2.5 * 2 ** 30

/** Bytes that stay free whatever is held. */
const MARGIN_BYTES: number = 2 ** 29

/** Memory of the host, or of the container. */
export function hostBytes(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem()
}

/**
 * What may be held: half of what is free now, or all that the caller granted; in either case as long as something is left,
 * because others take memory meanwhile.
 *
 * @param granted bytes that the caller has set aside for columns
 * @param available free bytes, asked again and again; undefined where the host does not say
 */
export function spareMemory(
  granted: number | undefined,
  available: () => number | undefined = availableBytes,
): SpareMemory {
  const now = available()
  return {
    holdingBytes: granted ?? (now === undefined ? HOLDING_BYTES : HOLDING_SHARE * now),
    keepingBytes: granted ?? KEEPING_BYTES,
    hasRoom: (bytes) => (available() ?? Number.POSITIVE_INFINITY) >= bytes + MARGIN_BYTES,
  }
}

/**
 * Bytes that can be taken without anything being swapped out. On macOS only memory that holds nothing at all is called
 * free, which says little. Of a container's limit Node subtracts files that are cached, too, which it would give back.
 */
function availableBytes(): number | undefined {
  if (process.platform === 'win32') return process.availableMemory()
  if (process.platform !== 'linux') return undefined
  if (hostBytes() === totalmem()) return process.availableMemory()
  return Math.min(freemem(), process.availableMemory() + cachedBytes())
}

/** Bytes of files that the control group's memory holds and nobody has used for a while. */
function cachedBytes(): number {
  const groups = readText('/proc/self/cgroup')
  const [, unified = ''] = /^0::(.*)$/m.exec(groups) ?? []
  const [, memory = ''] = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(groups) ?? []
  const roots = ['/sys/fs/cgroup', '/sys/fs/cgroup/memory']
  // Version 2, then 1; in a container its own group may be what it sees as the root.
  for (const folder of [`${roots[0]}${unified}`, `${roots[1]}${memory}`, ...roots]) {
    const found = /^(?:total_)?inactive_file (\d+)$/m.exec(readText(`${folder}/memory.stat`))
    if (found !== null) return Number(found[1])
  }
  return 0
}

/** Empty when it cannot be read. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
