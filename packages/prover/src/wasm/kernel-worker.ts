/** A worker thread with kernels over the shared memory: runs the lists of jobs that it is sent, one after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { createKernels, type Offset } from '@zisk/field'
import type { WasmMemory, WasmModule } from '@zisk/field/wasm'
import { type Job, JobRunner } from './jobs.ts'

/** What a worker gets when it starts. */
export interface KernelWorkerData {
  readonly module: WasmModule
  readonly memory: WasmMemory
  readonly scratch: Offset
}

/** Answer to some jobs: nothing, or what went wrong. */
export interface KernelWorkerReply {
  readonly error?: unknown
}

const { module, memory, scratch } = workerData as KernelWorkerData
const runner = new JobRunner({ kernels: createKernels(module, memory, scratch), memory, scratch })

parentPort!.on('message', (jobs: readonly Job[]) => {
  let reply: KernelWorkerReply = {}
  try {
    for (const job of jobs) runner.run(job)
  } catch (error) {
    reply = { error }
  }
  parentPort!.postMessage(reply)
})
