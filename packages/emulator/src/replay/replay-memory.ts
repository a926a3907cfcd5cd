/** The recorded words of a chunk in the place of memory: see the rule in `trace-chunk.ts`. */

import { extractLow, type OperandMemory } from '../interpreter/operand-memory.ts'

/** {@link OperandMemory} over the words of a chunk. Reads beyond the last word yield 0; the caller checks `position`. */
export class ReplayMemory implements OperandMemory {
  high = 0
  /** Words taken. */
  position = 0
  readonly #halves: Int32Array

  constructor(reads: BigUint64Array) {
    this.#halves = new Int32Array(reads.buffer, reads.byteOffset, 2 * reads.length)
  }

  readWord(_address: number): number {
    const i = 2 * this.position++
    this.high = this.#half(i + 1)
    return this.#half(i)
  }

  read(addressLow: number, _addressHigh: number, width: number): number {
    const i = 2 * this.position++
    const w0 = this.#half(i)
    const w1 = this.#half(i + 1)
    const offset = addressLow & 7
    if (offset + width <= 8) {
      this.high = width === 8 ? w1 : 0
      return width === 8 ? w0 : extractLow(w0, w1, 0, offset, width)
    }
    this.position++
    const w2 = this.#half(i + 2)
    const w3 = this.#half(i + 3)
    this.high = width === 8 ? extractLow(w1, w2, w3, offset, 4) : 0
    return extractLow(w0, w1, w2, offset, width)
  }

  writeWord(): void {}

  write(addressLow: number, _addressHigh: number, width: number): void {
    const offset = addressLow & 7
    if (width !== 8 || offset !== 0) this.position += offset + width > 8 ? 2 : 1
  }

  #half(index: number): number {
    return index < this.#halves.length ? this.#halves[index]! : 0
  }
}
