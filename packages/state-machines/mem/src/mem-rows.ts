import type { MemColumnLabel } from './mem-columns.gen.ts'
import { MemoryError } from './memory-error.ts'

/** A second access shares the row of the first when it comes less than this many mem_steps later. */
export const MAX_DUAL_GAP: number = 2 ** 16
/** Distances between rows are two limbs of 16 bits. */
const MAX_DISTANCE: number = 2 ** 32

/**
 * Sets `same_addr`, `low` and `high` of the rows 1 to `count` from the columns of the rows and of those before them.
 *
 * @throws {MemoryError} MEMORY_STEP_GAP when a word rests for more than 2^30 steps
 */
export function setDistances(words: Readonly<Partial<Record<MemColumnLabel, Uint32Array>>>, count: number): void {
  const [addr, step, stepDual] = [words['addr']!, words['step']!, words['step_dual']!]
  const [wr, sameAddr, low, high] = [words['wr']!, words['same_addr']!, words['low']!, words['high']!]
  for (let o = 2; o <= 2 * count; o += 2) {
    const isSame = addr[o] === addr[o - 2]
    const memStep = step[o]! + 2 ** 32 * step[o + 1]!
    const before = stepDual[o - 2]! + 2 ** 32 * stepDual[o - 1]!
    const distance = isSame ? memStep - before - wr[o]! : addr[o]! - addr[o - 2]! - 1
    if (distance >= MAX_DISTANCE) throw stepGap(addr[o]!, memStep)
    sameAddr[o] = isSame ? 1 : 0
    low[o] = distance & 0xffff
    high[o] = distance / 2 ** 16
  }
}

/** A word that rests for too long. */
export function stepGap(word: number, memStep: number): MemoryError {
  return new MemoryError({
    code: 'MEMORY_STEP_GAP',
    message: `accesses of a word expected at most 2^30 steps apart, got more at 0x${(8 * word).toString(16)}`,
    remedy: 'Let the program touch the word in between, or split the run.',
    details: { address: 8 * word, memStep },
  })
}
