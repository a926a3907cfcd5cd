/** What the host has of memory, for columns that are kept for speed alone. */
import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { HOLDING_BYTES, type SpareMemory } from './held-shards.ts'

/** Part of what is free when a proof begins that may be filled for speed alone. */
const HOLDING_SHARE = 0.5

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
  const isLimited = hostBytes() < totalmem()
  return process.availableMemory() + (isLimited ? cachedBytes() : 0)
}

/** Bytes of files that the container's memory holds and nobody has used for a while: cgroup version 2, then 1. */
function cachedBytes(): number {
  const folder = /^0::(.*)$/m.exec(readText('/proc/self/cgroup'))?.[1] ?? ''
  for (const path of [`/sys/fs/cgroup${folder}`, '/sys/fs/cgroup', '/sys/fs/cgroup/memory']) {
    const found = /^(?:total_)?inactive_file (\d+)$/m.exec(readText(`${path}/memory.stat`))
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
