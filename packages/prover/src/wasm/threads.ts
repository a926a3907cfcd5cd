/** An engine whose jobs run in worker threads. */
import { availableParallelism, totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'
import { compileKernels } from '@zisk/field'
import { Arena, type ArenaOptions } from './arena.ts'
import { createTurns, Engine, type Runner } from './engine.ts'
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
  const workers = Array.from({ length: threads }, (_, i) => {
    const workerData: KernelWorkerData = { module, scratch: arena.scratch(i + 1) }
    const worker = new Worker(script, { eval: true, workerData })
    worker.unref()
    return worker
  })
  const contexts = new JobContexts(module, arena.scratch(0), () => arena.memories)
  const inline = new JobRunner(contexts)
  /** Memories that the workers know. */
  let announced = 0
  const announce = (): void => {
    const { memories } = arena
    for (; announced < memories.length; announced++)
      for (const worker of workers) worker.postMessage({ memory: memories[announced]! } satisfies KernelWorkerRequest)
  }
  const runInTurns = createTurns(inline)
  const runner: Runner = {
    width: threads,
    run: async (jobs, isCancelled) => {
      const sized = jobs.map((job) => ({ job, cost: jobCost(job) }))
      const total = sized.reduce((sum, { cost }) => sum + cost, 0)
      if (jobs.length < 2 || total < leastBatch) return runInTurns(jobs, isCancelled)
      announce()
      await runInWorkers(workers, bundles(sized, leastBatch), isCancelled)
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
  return new Engine(arena, contexts, runner)
}

/** Memory of the host, or of the container. */
function hostBytes(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem()
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

/** Gives every worker the next jobs whenever it has none. */
async function runInWorkers(
  workers: readonly Worker[],
  queue: (readonly Job[])[],
  isCancelled: () => boolean = () => false,
): Promise<void> {
  const drain = async (worker: Worker): Promise<void> => {
    for (let jobs = queue.shift(); jobs !== undefined && !isCancelled(); jobs = queue.shift()) await runOn(worker, jobs)
  }
  const outcomes = await Promise.allSettled(workers.slice(0, queue.length).map(drain))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

function runOn(worker: Worker, jobs: readonly Job[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      worker.unref()
    }
    const onMessage = ({ error }: KernelWorkerReply): void => {
      done()
      if (error === undefined) resolve()
      else reject(error)
    }
    const onError = (error: unknown): void => {
      done()
      reject(error)
    }
    const onExit = (): void => onError(new Error('a worker thread of the prover ended'))
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.ref()
    worker.postMessage({ jobs } satisfies KernelWorkerRequest)
  })
}
