/**
 * Memory as the step loop sees it. Running, it is the guest's memory; replaying, it is the recorded words of a chunk.
 */
export interface OperandMemory {
  /** High half of the value that the last read returned. */
  high: number
  /** Number of words touched so far in the current batch (replay only). */
  readonly position: number

  /** Reads the word at a MEM address; returns the low half. @throws {GuestTrap} */
  readWord(address: number): number
  /** Reads `width` bytes, zero-extended; returns the low half. @throws {GuestTrap} */
  read(addressLow: number, addressHigh: number, width: number): number
  /** Writes the word at a MEM address. @throws {GuestTrap} */
  writeWord(address: number, low: number, high: number): void
  /** Writes the low `width` bytes. @throws {GuestTrap} */
  write(addressLow: number, addressHigh: number, width: number, low: number, high: number): void
  /** A host call may have changed memory: no word is known any more. */
  forgetWords(): void
}

/**
 * Bytes `[offset, offset + width)` of two words, zero-extended, as low half.
 * `w0..w3` are the halves of the words from low to high; `offset + width` is at most 16.
 */
export function extractLow(w0: number, w1: number, w2: number, offset: number, width: number): number {
  const shift = (offset & 3) * 8
  const first = offset < 4 ? w0 : w1
  const second = offset < 4 ? w1 : w2
  const low = shift === 0 ? first : (first >>> shift) | (second << (32 - shift))
  return width >= 4 ? low : low & (width === 2 ? 0xffff : 0xff)
}
