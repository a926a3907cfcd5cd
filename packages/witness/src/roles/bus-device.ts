import type { StepBatch } from '@zisk/emulator'

/** Listens on the data bus: sees the replayed steps of a chunk in order, a batch at a time. */
export interface BusDevice {
  /** @param batch reused after the call */
  process(batch: StepBatch): void
}

/** Plain columns of numbers by name: they travel between threads and into files. */
export type Metrics = Readonly<Record<string, Uint8Array | Uint32Array | Float64Array>>

/** Counts what the instances of a component will have to prove, chunk by chunk. */
export interface Counter extends BusDevice {
  /** The counts since the last call. */
  take(): Metrics
}

/**
 * Turns steps into the inputs of a component's machines, column by column: counters look at their number, collectors at
 * their values.
 */
export interface InputsGenerator<Inputs> {
  /** @returns the inputs of the batch, valid until the next call */
  generate(batch: StepBatch): Inputs
}
