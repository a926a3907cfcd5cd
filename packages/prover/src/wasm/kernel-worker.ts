/** A worker thread with kernels over the shared memory: runs the jobs that it is sent, one after the other. */
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

/** Answer to a job: nothing, or what went wrong. */
export interface KernelWorkerReply {
  readonly error?: unknown
}

const { module, memory, scratch } = workerData as KernelWorkerData
const runner = new JobRunner(createKernels(module, memory, scratch), memory)

parentPort!.on('message', (job: Job) => {
  let reply: KernelWorkerReply = {}
  try {
    runner.run(job)
  } catch (error) {
    reply = { error }
  }
  parentPort!.postMessage(reply)
})
