/** Where compiled code and its dispatcher keep their words: host-private bytes of guest memory. */

import { HOST_LAYOUT } from '../guest-memory.ts'

/** What compiled code does beside executing: nothing, or record the minimal trace. */
export type JitVariant = 'fast' | 'trace'

/** Byte offsets. */
export const JIT_LAYOUT: {
  readonly remaining: number
  readonly missedUnit: number
  readonly missedPc: number
  readonly tracePointer: number
  readonly lastRead: number
  readonly lastWritten: number
  readonly dispatch: Readonly<Record<JitVariant, number>>
} = {
  /** u32: steps left when compiled code returned, or made its last call. */
  remaining: HOST_LAYOUT.scratch,
  /** u32: slot of the unit whose address check failed last; 0 is none. */
  missedUnit: HOST_LAYOUT.scratch + 4,
  /** u32: pc of the instruction whose address check failed last. */
  missedPc: HOST_LAYOUT.scratch + 8,
  /** u32: where the next recorded word goes. */
  tracePointer: HOST_LAYOUT.scratch + 12,
  /** i32: addresses of the words that narrow accesses of the chunk read and wrote last. */
  lastRead: HOST_LAYOUT.scratch + 16,
  lastWritten: HOST_LAYOUT.scratch + 20,
  /** Direct-mapped caches from pc to table slot: entries of u32 pc, u32 slot. One for each variant. */
  dispatch: { fast: 0x0040_0000, trace: 0x0080_0000 },
}

/** Entries of the dispatch cache, a power of two. */
export const DISPATCH_ENTRIES: number = 2 ** 18

/** Index of a pc in the dispatch cache. */
export function dispatchIndex(pc: number): number {
  return (pc >>> 1) & (DISPATCH_ENTRIES - 1)
}
