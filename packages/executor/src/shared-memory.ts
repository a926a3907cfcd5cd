import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { AirInstance } from '@zisk/air'

/** Shared memory that may wait for its release. */
const MAX_WAITING_BYTES: number = 2 ** 28

/**
 * Sees to it that columns that nobody refers to any more are released soon.
 *
 * The engine does not count shared memory when it decides whether to look for garbage, so that a thread which makes or
 * hands on instance after instance would keep gigabytes that it dropped. Every thread that sees columns has one of these.
 */
export class SharedMemory {
  #bytes = 0
  #collect: (() => void) | undefined = undefined

  /** Counts the columns of an instance. */
  add({ witness, custom }: AirInstance): void {
    for (const column of [...witness, ...custom]) this.#bytes += column?.byteLength ?? 0
  }

  /** Releases what is dropped, if much was counted since the last time. */
  release(): void {
    if (this.#bytes < MAX_WAITING_BYTES) return
    this.#bytes = 0
    this.#collect ??= garbageCollector()
    this.#collect()
  }
}

/** The engine's own collector, which a flag makes visible to contexts that are made afterwards. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
