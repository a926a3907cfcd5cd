/** What a commitment must cost at least: its transforms and compressions at the speed of the bare kernels on one core. */
import { processorMs } from '@zisk/core/processor-ms'
import {
  BLAKE3_NODE,
  blake3Rows,
  blake3WorkspaceBytes,
  compileKernels,
  createKernels,
  createNttPlan,
  nttTableBytes,
  runNtt,
  SCRATCH_BYTES,
} from '@zisk/field'
import { wasm } from '@zisk/field/wasm'

/** Nanoseconds of processor time on one core. */
export interface KernelTimes {
  /** One word through one transform of panels of 8 columns. */
  readonly transform: number
  /** One compression of 64 bytes of a row. */
  readonly leaf: number
  /** One node of a tree. */
  readonly node: number
}

/** A matrix to commit. */
export interface MatrixSize {
  readonly logRows: number
  readonly width: number
}

const PAGE = 65_536
const ROW_BYTES = 64
const DIGEST_BYTES = 32

/** Times the kernels on panels of 2^logRows rows: the least of several runs. */
export function measureKernels(logRows: number, runs: number): KernelTimes {
  const rows = 2 ** logRows
  const panel = SCRATCH_BYTES
  const tables = panel + rows * ROW_BYTES
  const digests = tables + nttTableBytes(logRows)
  const list = digests + rows * DIGEST_BYTES
  const workspace = list + ROW_BYTES
  const pages = Math.ceil((workspace + blake3WorkspaceBytes(ROW_BYTES)) / PAGE)
  const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true })
  const kernels = createKernels(compileKernels(), memory, 0)
  const words = new BigUint64Array(memory.buffer, panel, rows * 8)
  for (let i = 0; i < words.length; i++) words[i] = BigInt(i) * 0x9e37_79b9_7f4an
  new Uint32Array(memory.buffer, list, 1)[0] = panel
  const plan = createNttPlan(kernels, { direction: 'forward', logN: logRows, tables, shift: 7n })
  const leaves = { blocks: list, rowBytes: ROW_BYTES, rowStride: ROW_BYTES, workspace, out: digests }
  return {
    transform: leastNs(runs, rows * 8, () => runNtt(kernels, plan, panel, panel)),
    leaf: leastNs(runs, rows, () => blake3Rows(kernels, { ...leaves, begin: 0, end: rows })),
    node: leastNs(runs, rows, () =>
      kernels.blake3Pairs(panel, panel + DIGEST_BYTES, ROW_BYTES, digests, BLAKE3_NODE, 0, rows),
    ),
  }
}

/** Milliseconds of processor time that a commitment of these matrices takes at the least. */
export function commitLimit(times: KernelTimes, matrices: readonly MatrixSize[], logBlowup: number): number {
  const logLengths = new Set(matrices.map(({ logRows }) => logRows + logBlowup))
  let nodes = 2 ** Math.max(...logLengths)
  for (const log of logLengths) nodes += 2 ** log
  let ns = (nodes - 2 ** Math.max(...logLengths)) * times.node
  for (const { logRows, width } of matrices) {
    const cells = width * 2 ** logRows
    ns += cells * (1 + 2 ** logBlowup) * times.transform
    ns += 2 ** (logRows + logBlowup) * Math.ceil(width / 8) * times.leaf
  }
  return ns / 1e6
}

function leastNs(runs: number, count: number, run: () => void): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < runs + 2; i++) {
    const start = processorMs()
    run()
    if (i >= 2) least = Math.min(least, processorMs() - start)
  }
  return (least * 1e6) / count
}
