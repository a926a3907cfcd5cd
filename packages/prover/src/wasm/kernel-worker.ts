/** A worker thread with kernels over the shared memories: runs the lists of jobs that it is sent, one after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Offset } from '@zisk/field'
import type { WasmMemory, WasmModule } from '@zisk/field/wasm'
import { JobContexts } from './job-context.ts'
import { type Job, JobRunner } from './jobs.ts'

/** What a worker gets when it starts. */
export interface KernelWorkerData {
  readonly module: WasmModule
  readonly scratch: Offset
}

/** What it is sent: the next memory, which has no answer, or jobs. */
export type KernelWorkerRequest = { readonly memory: WasmMemory } | { readonly jobs: readonly Job[] }

/** Answer to some jobs: nothing, or what went wrong. */
export interface KernelWorkerReply {
  readonly error?: unknown
}

const { module, scratch } = workerData as KernelWorkerData
const memories: WasmMemory[] = []
const runner = new JobRunner(new JobContexts(module, scratch, () => memories))

parentPort!.on('message', (request: KernelWorkerRequest) => {
  if ('memory' in request) {
    memories.push(request.memory)
    return
  }
  let reply: KernelWorkerReply = {}
  try {
    for (const job of request.jobs) runner.run(job)
  } catch (error) {
    reply = { error }
  }
  parentPort!.postMessage(reply)
})
