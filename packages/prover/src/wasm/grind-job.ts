/** The search for nonces with enough work as a job: whole batches of nonces by the kernels. */
import { blake3Rows, type Kernels, type Offset } from '@zisk/field'
import type { WorkTemplate } from '@zisk/verifier'
import { type Address, MEMORY_SPAN } from './arena.ts'
import type { JobContext } from './job-context.ts'

const BATCH = 1024
const BLOCK = 64
const DIGEST = 32
const STATE = 128

/** Size of a job's work space. */
export const GRIND_WORK_BYTES: number = BLOCK + BATCH * (STATE + DIGEST)

/** Looks for the smallest nonce in first .. first + count - 1 that shows `bits` bits of work. */
export interface GrindJob {
  readonly kind: 'grind'
  readonly template: WorkTemplate
  readonly bits: number
  readonly first: number
  /** A multiple of 1024. */
  readonly count: number
  readonly work: Address
  /** A word of the same memory, zero before: becomes the nonce plus one when there is one. */
  readonly found: Address
}

/** Hashes one batch, whose nonces begin at `first`; gives where the first words of the results lie. */
type Batch = (first: number) => { readonly offset: number; readonly stride: number }

/** Runs the job. */
export function runGrind({ kernels, memory }: JobContext, job: GrindJob): void {
  const { template, bits, first, count } = job
  const [work, found] = [job.work % MEMORY_SPAN, job.found % MEMORY_SPAN]
  const view = new DataView(memory.buffer)
  const batch =
    template.kind === 'blake3'
      ? blake3Batch(kernels, view, template, work)
      : poseidon2Batch(kernels, view, template, work)
  const mask = 2 ** bits - 1
  for (let from = first; from < first + count; from += BATCH) {
    const { offset, stride } = batch(from)
    for (let i = 0; i < BATCH; i++)
      if ((view.getUint32(offset + i * stride, true) & mask) === 0) {
        view.setBigUint64(found, BigInt(from + i + 1), true)
        return
      }
  }
}

function blake3Batch(
  kernels: Kernels,
  view: DataView,
  { prefix }: Extract<WorkTemplate, { kind: 'blake3' }>,
  work: Offset,
): Batch {
  const [blocks, rows] = [work, work + BLOCK]
  const digests = rows + BATCH * BLOCK
  view.setUint32(blocks, rows, true)
  const bytes = new Uint8Array(view.buffer, rows, BATCH * BLOCK).fill(0, 0, BLOCK)
  bytes.set(prefix)
  for (let size = BLOCK; size < bytes.length; size *= 2) bytes.copyWithin(size, 0, size)
  const request = { blocks, rowBytes: prefix.length + 8, rowStride: BLOCK, workspace: digests, out: digests }
  return (first) => {
    for (let i = 0; i < BATCH; i++) setNonce(view, rows + i * BLOCK + prefix.length, 4, first + i)
    blake3Rows(kernels, { ...request, begin: 0, end: BATCH })
    return { offset: digests, stride: DIGEST }
  }
}

function poseidon2Batch(
  kernels: Kernels,
  view: DataView,
  { state, nonceCell }: Extract<WorkTemplate, { kind: 'poseidon2' }>,
  work: Offset,
): Batch {
  const rows = work + BLOCK
  const words = new BigUint64Array(view.buffer, rows, (BATCH * STATE) / 8)
  return (first) => {
    words.set(state)
    for (let size = STATE / 8; size < words.length; size *= 2) words.copyWithin(size, 0, size)
    for (let i = 0; i < BATCH; i++) setNonce(view, rows + i * STATE + 8 * nonceCell, 8, first + i)
    kernels.poseidon2Permute16(rows, BATCH)
    return { offset: rows, stride: STATE }
  }
}

/** The lower and upper 32 bits, `distance` bytes apart. */
function setNonce(view: DataView, at: number, distance: number, nonce: number): void {
  view.setUint32(at, nonce >>> 0, true)
  view.setUint32(at + distance, Math.floor(nonce / 2 ** 32), true)
}
