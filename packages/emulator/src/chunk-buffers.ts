/**
 * Memory for the recorded words of chunks, used again and again: the host's first touch of fresh memory costs several
 * times more than copying the words does. For consumers that are done with a chunk before the run is.
 */

/** A pool of buffers. Give a chunk back with {@link ChunkBuffers.release} when nobody will read it any more. */
export class ChunkBuffers {
  readonly #free: SharedArrayBuffer[] = []

  /** Room for `count` words in memory that worker threads can share; the contents are left over. */
  acquire(count: number): BigUint64Array {
    const bytes = 8 * count
    const fitting = this.#free.findIndex((buffer) => buffer.byteLength >= bytes)
    const [buffer] = fitting < 0 ? [] : this.#free.splice(fitting, 1)
    return new BigUint64Array(buffer ?? new SharedArrayBuffer(roundUp(bytes)), 0, count)
  }

  /** Takes back the `reads` of a chunk, which must not be used afterwards. Other arrays are ignored. */
  release(reads: BigUint64Array): void {
    const { buffer } = reads
    if (buffer instanceof SharedArrayBuffer) this.#free.push(buffer)
  }
}

/** Chunks differ in length: a little more room makes a buffer fit most of them. */
function roundUp(bytes: number): number {
  return Math.ceil((1.25 * bytes) / 0x1_0000) * 0x1_0000
}
