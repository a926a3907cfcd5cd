import type { AlignmentInputs } from '@zisk/witness'

/** The accesses `[from, from + count)` that one instance proves. */
export interface AlignmentSlice {
  readonly inputs: AlignmentInputs
  readonly from: number
  readonly count: number
}

/** Machines for accesses that are not of a whole aligned word. */
export type AlignmentMachine = 'MemAlign' | 'MemAlignWord' | 'MemAlignReadByte' | 'MemAlignWriteByte'

/** The cheapest machine for an access of `width` bytes; not for 8 bytes at a multiple of 8, which memory serves itself. */
export function alignmentMachine(address: number, width: number, isWrite: boolean): AlignmentMachine {
  if (width === 1) return isWrite ? 'MemAlignWriteByte' : 'MemAlignReadByte'
  return width === 4 && address % 4 === 0 ? 'MemAlignWord' : 'MemAlign'
}
