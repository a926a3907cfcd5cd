/** Commits a matrix several times and prints the times: a child of the commit benchmark. */
import { processorMs } from '@zisk/core/processor-ms'
import { createThreadedEngine, createWasmBackend } from '@zisk/prover'
import { hasherNamed } from '@zisk/verifier'
import { childRequest, peakBytes } from './child.ts'
import { commitLimit, type KernelTimes, measureKernels } from './limits.ts'

export interface CommitRequest {
  readonly logRows: number
  readonly width: number
  readonly logBlowup: number
  readonly threads: number
  readonly runs: number
}

export interface CommitResult {
  /** Least of the runs, in milliseconds. */
  readonly wall: number
  readonly cpu: number
  readonly peakBytes: number
  readonly kernels: KernelTimes
  /** Processor time at the least, in milliseconds. */
  readonly limit: number
}

const { logRows, width, logBlowup, threads, runs } = childRequest<CommitRequest>()
const columns = Array.from({ length: width }, (_, i) =>
  new BigUint64Array(2 ** logRows).map((_, row) => BigInt(row * (2 * i + 1)) * 0x1234_5677n),
)
const engine = createThreadedEngine({ threads })
const backend = createWasmBackend(engine)
const hasher = hasherNamed('blake3')!
let wall = Number.POSITIVE_INFINITY
let cpu = Number.POSITIVE_INFINITY
for (let i = 0; i <= runs; i++) {
  const start = performance.now()
  const startCpu = processorMs()
  const commitment = await backend.commit([await backend.load({ logRows, columns })], { logBlowup, hasher })
  // The first run compiles the kernels and makes the tables.
  if (i > 0) {
    wall = Math.min(wall, performance.now() - start)
    cpu = Math.min(cpu, processorMs() - startCpu)
  }
  backend.release(commitment)
}
await engine.runner.close()
const peak = peakBytes()
const kernels = measureKernels(logRows, 2 * runs)
const limit = commitLimit(kernels, [{ logRows, width }], logBlowup)
console.log(JSON.stringify({ wall, cpu, peakBytes: peak, kernels, limit } satisfies CommitResult))
