/** Proves a machine once, verifies the proof and prints the times: a child of the prove benchmark. */

import type { WitnessSource } from '@zisk/air'
import { processorMs } from '@zisk/core/processor-ms'
import {
  type ColumnMatrix,
  type CommitOptions,
  createThreadedEngine,
  createWasmBackend,
  type HeldMatrix,
  prove,
  setup,
} from '@zisk/prover'
import { encodeProof, hasherNamed, type ProfileName, profileNamed, verify } from '@zisk/verifier'
import { TABLE_OPTIONS } from '../../src/proving/proved-tables.ts'
import { tableSource } from '../../src/proving/table-machine.ts'
import { wideTable } from '../../src/proving/workloads.ts'
import { childRequest, peakBytes, threadCpuMs } from './child.ts'
import { commitLimit, type KernelTimes, type MatrixSize, measureKernels } from './limits.ts'

export interface ProveRequest {
  readonly logCells: number
  readonly profile: ProfileName
  readonly threads: number
  readonly maxBytes?: number
}

/** Wall and processor milliseconds. */
export interface Span {
  readonly wall: number
  readonly cpu: number
}

export interface ProveResult {
  readonly total: Span
  /** Processor milliseconds of the main thread, which nothing else can run beside. */
  readonly serial?: number
  readonly phases: readonly (Span & { readonly name: string })[]
  /** Commitments of stage 1, stage 2 and the quotient. */
  readonly commits: Span
  readonly verifyMs: number
  readonly proofBytes: number
  readonly peakBytes: number
  readonly arenaBytes: number
  /** Stage 1, extended. */
  readonly extendedBytes: number
  /** Every committed column, extended. */
  readonly committedBytes: number
  readonly kernels: KernelTimes
  /** Processor time that the commitments take at the least, in milliseconds. */
  readonly limit: number
}

const QUOTIENT_WORDS = 6
const WARM_UP_LOG_CELLS = 20
const now = (): Span => ({ wall: performance.now(), cpu: processorMs() })
const difference = (a: Span, b: Span): Span => ({ wall: a.wall - b.wall, cpu: a.cpu - b.cpu })
const since = (start: Span): Span => difference(now(), start)
const sum = (a: Span, b: Span): Span => ({ wall: a.wall + b.wall, cpu: a.cpu + b.cpu })

const request = childRequest<ProveRequest>()
const { profile, threads, logCells, maxBytes } = request
const { logBlowup } = profileNamed(profile)
const engine = createThreadedEngine({ threads, ...(maxBytes === undefined ? {} : { maxBytes }) })
const backend = createWasmBackend(engine)
/** Compiles and sets up a machine. */
async function prepare(log: number) {
  const machine = tableSource(wideTable(log))
  return { ...machine, key: await setup(machine.program, { backend }) }
}

// A first proof lets the engine of the host compile what it runs; for a large machine a smaller one does.
const warm = await prepare(Math.min(logCells, WARM_UP_LOG_CELLS))
await prove({ key: warm.key, witness: warm.source, profile, backend })
const { key, source } = logCells > WARM_UP_LOG_CELLS ? await prepare(logCells) : warm

let commits: Span = { wall: 0, cpu: 0 }
const committed: MatrixSize[] = []
async function timeCommit<T>(work: () => Promise<T>): Promise<T> {
  const start = now()
  const result = await work()
  commits = sum(commits, since(start))
  return result
}
const timed = {
  ...backend,
  load: (matrix: ColumnMatrix) => timeCommit(() => backend.load(matrix)),
  commit: (matrices: readonly HeldMatrix[], options: CommitOptions) => {
    for (const { logRows, width } of matrices) committed.push({ logRows, width })
    return timeCommit(() => backend.commit(matrices, options))
  },
}
/** Makes the witness, which is not part of proving. */
let making: Span = { wall: 0, cpu: 0 }
const timedSource: WitnessSource = {
  ...source,
  instance: async (position, signal) => {
    const start = now()
    const instance = await source.instance(position, signal)
    making = sum(making, since(start))
    return instance
  },
}
/** The time that is not spent on making the witness. */
const proving = (): Span => difference(now(), making)
const marks: { readonly name: string; readonly at: Span }[] = []
const start = proving()
const startThread = threadCpuMs()
const proof = await prove({
  key,
  witness: timedSource,
  profile,
  backend: timed,
  onPhase: (name) => marks.push({ name, at: proving() }),
})
const total = difference(proving(), start)
const endThread = threadCpuMs()
marks.push({ name: 'end', at: sum(start, total) })
const phases = marks.slice(0, -1).map(({ name, at }, i) => ({ name, ...difference(marks[i + 1]!.at, at) }))
const peak = peakBytes()
const arenaBytes = engine.arena.byteLength

// The quotient is committed inside of its phase: the same columns are committed once more here.
const [{ logRows }] = committed as [MatrixSize]
const columns = Array.from({ length: QUOTIENT_WORDS }, () => new BigUint64Array(2 ** logRows).fill(1n))
const pieces = await timed.load({ logRows, columns })
backend.release(await timed.commit([pieces], { logBlowup, hasher: hasherNamed('blake3')! }))
await engine.runner.close()

const bytes = encodeProof(proof)
let verifyMs = Number.POSITIVE_INFINITY
for (let i = 0; i < 5; i++) {
  const begin = performance.now()
  const result = verify(bytes, key.prepared, TABLE_OPTIONS)
  verifyMs = Math.min(verifyMs, performance.now() - begin)
  if (!result.ok) throw result.error
}
const kernels = measureKernels(logRows, 4)
const result: ProveResult = {
  total,
  ...(startThread === undefined || endThread === undefined ? {} : { serial: endThread - startThread }),
  phases,
  commits,
  verifyMs,
  proofBytes: bytes.length,
  peakBytes: peak,
  arenaBytes,
  extendedBytes: 8 * 2 ** (logCells + logBlowup),
  committedBytes: committed.reduce((bytes, { logRows: log, width }) => bytes + 8 * width * 2 ** (log + logBlowup), 0),
  kernels,
  // Each matrix is a tree of its own.
  limit: committed.reduce((ms, matrix) => ms + commitLimit(kernels, [matrix], logBlowup), 0),
}
console.log(JSON.stringify(result))
