/**
 * Results in the form that eth-act's zkEVM benchmarks have, so that they can be read by the same tools. What they do not
 * know of is in `metadata`.
 */
import { availableParallelism, cpus, totalmem } from 'node:os'

/** Seconds and the rest of them. */
interface Duration {
  readonly secs: number
  readonly nanos: number
}

/** One measured run. */
export interface BenchmarkRun {
  readonly name: string
  readonly timestamp_completed: string
  readonly metadata: {
    readonly zkvm: string
    readonly version: string
    readonly profile: string
    readonly security_bits: number
    readonly threads: number
    readonly shards: number
    readonly instances: number
    readonly steps_per_second: number
    readonly cells_per_step: number
    readonly peak_memory_bytes: number
    /** What `zisk execute` foretold. */
    readonly predicted: { readonly seconds: number; readonly memory_bytes: number; readonly proof_bytes: number }
    readonly phases_ms: Readonly<Record<string, number>>
  }
  readonly execution: {
    readonly success: {
      readonly output_matched: boolean
      readonly total_num_cycles: number
      readonly region_cycles: Readonly<Record<string, number>>
      readonly execution_duration: Duration
    }
  }
  readonly proving: {
    readonly success: {
      readonly output_matched: boolean
      readonly proof_size: number
      readonly proving_time_ms: number
      readonly verification_time_ms: number
    }
  }
}

/** Seconds as such results write them. */
export function duration(seconds: number): Duration {
  const secs = Math.floor(seconds)
  return { secs, nanos: Math.floor((seconds - secs) * 1e9) }
}

/** What the runs were measured on. */
export function hardware(): object {
  return {
    cpu_model: cpus()[0]?.model ?? '',
    cores: availableParallelism(),
    total_ram_gib: Math.round(totalmem() / 2 ** 30),
    gpus: [],
  }
}
