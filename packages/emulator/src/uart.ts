/** The guest's serial output: collects bytes and hands them on in batches. */

const BATCH_BYTES = 4096

/** Receives the bytes that the guest prints; the array is the receiver's to keep. */
export type UartSink = (bytes: Uint8Array) => void

/** Buffer between the guest's byte stores and a sink. */
export class Uart {
  readonly #sink: UartSink
  readonly #batch: Uint8Array = new Uint8Array(BATCH_BYTES)
  #length = 0

  constructor(sink: UartSink) {
    this.#sink = sink
  }

  push(byte: number): void {
    this.#batch[this.#length++] = byte
    if (this.#length === BATCH_BYTES) this.flush()
  }

  /** Hands on what has been collected; called at the end of every chunk and run. */
  flush(): void {
    if (this.#length === 0) return
    const bytes = this.#batch.slice(0, this.#length)
    this.#length = 0
    this.#sink(bytes)
  }
}
