import { type Backend, type CacheOutcome, createThreadedEngine, createWasmBackend, type ProvingKey } from '@zisk/prover'
import { defaultHome } from '../home.ts'
import { checkJobOptions } from '../job-options.ts'
import { loadProvingKey } from '../machine/proving-key.ts'

/** What a job may use of the host. */
export interface HostOptions {
  /** Worker threads; the number of cores when absent. */
  readonly threads?: number | undefined
  /**
   * Bytes of memory that a job may take, about. When absent, columns that have to be there may take three quarters of the
   * host, and those that could be made again half of what is free.
   */
  readonly maxMemory?: number | undefined
  /** Folder of keys and program commitments; `defaultHome()` when absent. */
  readonly home?: string | undefined
}

/** Keys and worker threads of one job. */
export interface ProverSession {
  readonly key: ProvingKey
  /** Whether the keys were at hand. */
  readonly cache: CacheOutcome
  /** What the code is that keys and program commitments are made with. */
  readonly madeWith: string
  readonly backend: Backend
  readonly home: string
  /** Size of the prover's shared memory at most. */
  readonly maxBytes: number
  /** Bytes of it up to which columns are held that could be made again. */
  readonly holdingBytes: number
  /** Bytes of it up to which a shard keeps all cosets of its columns. */
  readonly keepingBytes: number
}

/** Share of the memory of a job that is the prover's shared memory; the rest is the trace and the host. */
const ARENA_SHARE = 0.75

/** Runs work with a session whose threads end with it. */
export async function withProverSession<T>(
  options: HostOptions,
  work: (session: ProverSession) => Promise<T>,
): Promise<T> {
  const { threads, maxMemory, home = defaultHome() } = options
  checkJobOptions({ threads, maxMemory })
  const engine = createThreadedEngine({
    ...(threads === undefined ? {} : { threads }),
    ...(maxMemory === undefined ? {} : { maxBytes: Math.floor(ARENA_SHARE * maxMemory) }),
  })
  try {
    const backend = createWasmBackend(engine)
    const { key, cache, madeWith } = await loadProvingKey({ home }, backend)
    const { arena, spare } = engine
    const { holdingBytes, keepingBytes } = spare
    return await work({ key, cache, madeWith, backend, home, maxBytes: arena.maxBytes, holdingBytes, keepingBytes })
  } finally {
    await engine.runner.close()
  }
}
