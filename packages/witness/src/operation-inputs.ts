import { grown } from './growable-column.ts'

const INITIAL_CAPACITY = 1024

/**
 * Operations that a machine has to prove, column by column, in the order of execution. Result and flag follow from
 * operation and operands.
 *
 * Operands are what Main puts on the operation bus: the high limbs of operations on 32 bits are 0 already.
 */
export class OperationInputs {
  length = 0
  /** Operation codes. */
  op: Uint8Array = new Uint8Array(INITIAL_CAPACITY)
  /** Operands as pairs of 32-bit limbs, low limb first: indexes `2 * i` and `2 * i + 1`. */
  a: Uint32Array = new Uint32Array(2 * INITIAL_CAPACITY)
  b: Uint32Array = new Uint32Array(2 * INITIAL_CAPACITY)

  /** Appends an operation; the halves may be signed. */
  push(op: number, aLow: number, aHigh: number, bLow: number, bHigh: number): void {
    const i = this.length++
    if (i === this.op.length) {
      this.op = grown(this.op, i + 1)
      this.a = grown(this.a, 2 * i + 2)
      this.b = grown(this.b, 2 * i + 2)
    }
    this.op[i] = op
    this.a[2 * i] = aLow
    this.a[2 * i + 1] = aHigh
    this.b[2 * i] = bLow
    this.b[2 * i + 1] = bHigh
  }
}
