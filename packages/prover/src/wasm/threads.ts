/** An engine whose jobs run in worker threads. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { compileKernels } from '@zisk/field'
import type { WasmMemory } from '@zisk/field/wasm'
import { Arena, type ArenaOptions } from './arena.ts'
import { createTurns, Engine, type Runner } from './engine.ts'
import { hostBytes, spareMemory } from './host-memory.ts'
import { JobContexts } from './job-context.ts'
import { jobCost } from './job-cost.ts'
import { type Job, JobRunner } from './jobs.ts'
import type { KernelWorkerData, KernelWorkerReply, KernelWorkerRequest } from './kernel-worker.ts'

/** Nanoseconds of work for which workers are woken when nobody says otherwise. */
const LEAST_BATCH = 300_000

/** Part of the host's memory that is used when nobody says how much. */
const HOST_SHARE = 0.75

/** Options of {@link createThreadedEngine}. */
export interface ThreadOptions extends ArenaOptions {
  /** Worker threads; as many as the host has processors when absent. */
  readonly threads?: number
  /** Batches of jobs below this many nanoseconds run in the calling thread: waking workers would take longer. */
  readonly leastBatch?: number
}

/** Starts the workers. Close the engine when done: it keeps the process alive while jobs run. */
export function createThreadedEngine(options: ThreadOptions = {}): Engine {
  const { threads = availableParallelism(), leastBatch = LEAST_BATCH } = options
  const arena = new Arena(threads + 1, { ...options, maxBytes: options.maxBytes ?? HOST_SHARE * hostBytes() })
  const module = compileKernels()
  const script = workerScript()
  const workers = Array.from(
    { length: threads },
    (_, i) => new KernelThread({ module, scratch: arena.scratch(i + 1) }, script),
  )
  const contexts = new JobContexts(module, arena.scratch(0), () => arena.memories)
  const inline = new JobRunner(contexts)
  /** Memories that the workers know. */
  let announced = 0
  const announce = (): void => {
    const { memories } = arena
    for (; announced < memories.length; announced++) for (const worker of workers) worker.announce(memories[announced]!)
  }
  const runInTurns = createTurns(inline)
  const runner: Runner = {
    width: threads,
    run: async (jobs, isCancelled, onDone) => {
      const sized = jobs.map((job) => ({ job, cost: jobCost(job) }))
      const total = sized.reduce((sum, { cost }) => sum + cost, 0)
      if (jobs.length < 2 || total < leastBatch) return runInTurns(jobs, isCancelled, onDone)
      announce()
      await runInWorkers(workers, bundles(sized, leastBatch), isCancelled, onDone)
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()))
    },
  }
  return new Engine(arena, contexts, runner, spareMemory(options.maxBytes))
}

/**
 * What a worker runs first. From source this module is a .ts file and so is the worker, which registers the loader of
 * TypeScript itself, because that of the main thread does not reach into workers. In the package both are .js.
 */
function workerScript(): string {
  const isSource = import.meta.url.endsWith('.ts')
  const worker = JSON.stringify(new URL(`./kernel-worker${isSource ? '.ts' : '.js'}`, import.meta.url).href)
  if (!isSource) return `import(${worker})`
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  return `import(${loader}).then(({ register }) => { register(); return import(${worker}) })`
}

/** Longest jobs first; short ones together, so that a message is worth its way. */
function bundles(
  jobs: readonly { readonly job: Job; readonly cost: number }[],
  leastBatch: number,
): (readonly Job[])[] {
  const result: Job[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const { job, cost } of [...jobs].sort((x, y) => y.cost - x.cost)) {
    if (size >= leastBatch) {
      result.push([])
      size = 0
    }
    result[result.length - 1]!.push(job)
    size += cost
  }
  return result
}

/**
 * Gives every worker the next jobs whenever it has begun its last ones, so that it need not wait for this thread. The last
 * jobs, as many lists as there are workers, go to those that have none.
 */
async function runInWorkers(
  workers: readonly KernelThread[],
  queue: (readonly Job[])[],
  isCancelled: () => boolean = () => false,
  onDone?: (jobs: readonly Job[]) => void,
): Promise<void> {
  const drain = async (worker: KernelThread, left: number): Promise<void> => {
    while (queue.length > left && !isCancelled()) {
      const jobs = queue.shift()!
      await worker.run(jobs)
      onDone?.(jobs)
    }
  }
  const lanes = [
    ...workers.map((worker) => drain(worker, 0)),
    ...workers.map((worker) => drain(worker, workers.length)),
  ]
  const outcomes = await Promise.allSettled(lanes)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

/** A worker and the lists of jobs that it was sent, which it answers in their order. */
class KernelThread {
  readonly #worker: Worker
  readonly #sent: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []

  constructor(workerData: KernelWorkerData, script: string) {
    const worker = new Worker(script, { eval: true, workerData })
    this.#worker = worker
    worker.on('message', ({ error }: KernelWorkerReply) => {
      const { resolve, reject } = this.#sent.shift()!
      if (this.#sent.length === 0) worker.unref()
      if (error === undefined) resolve()
      else reject(error)
    })
    worker.on('error', (error) => this.#fail(error))
    worker.on('messageerror', (error) => this.#fail(error))
    worker.on('exit', () => this.#fail(new Error('a worker thread of the prover ended')))
    worker.unref()
  }

  announce(memory: WasmMemory): void {
    this.#worker.postMessage({ memory } satisfies KernelWorkerRequest)
  }

  /** Runs jobs when all that were sent before are done. */
  run(jobs: readonly Job[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sent.push({ resolve, reject })
      this.#worker.ref()
      this.#worker.postMessage({ jobs } satisfies KernelWorkerRequest)
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#sent.splice(0)) reject(error)
  }
}
