/** The search for nonces with enough work as a job: whole batches of nonces by the kernels. */
import type { Kernels } from '@zisk/field'
import type { WorkTemplate } from '@zisk/verifier'
import { type Address, MEMORY_SPAN } from './arena.ts'
import type { JobContext } from './job-context.ts'

/** States of Poseidon2 at a time. */
const BATCH = 1024
const STATE = 128
/** A block of BLAKE3, and where in it the word is that the kernel changes. */
const BLOCK = 64
const CHANGED_BYTE = 32

/** Size of a job's work space. */
export const GRIND_WORK_BYTES: number = BATCH * STATE

/** Looks for the smallest nonce in first .. first + count - 1 that shows `bits` bits of work. */
export interface GrindJob {
  readonly kind: 'grind'
  readonly template: WorkTemplate
  readonly bits: number
  readonly first: number
  /** A multiple of 1024, as `first` is. */
  readonly count: number
  readonly work: Address
  /** A word of the same memory, zero before: becomes the nonce plus one when there is one. */
  readonly found: Address
}

/** Runs the job. */
export function runGrind({ kernels, memory }: JobContext, job: GrindJob): void {
  const view = new DataView(memory.buffer)
  const { template } = job
  const nonce =
    template.kind === 'blake3'
      ? searchBlake3(kernels, view, job, template)
      : searchPoseidon2(kernels, view, job, template)
  if (nonce !== undefined) view.setBigUint64(job.found % MEMORY_SPAN, BigInt(nonce + 1), true)
}

/** The kernel counts up in one word, in which the lowest bytes of the nonce are the upper ones: stretch by stretch. */
function searchBlake3(
  kernels: Kernels,
  view: DataView,
  { bits, first, count, work }: GrindJob,
  { prefix }: Extract<WorkTemplate, { kind: 'blake3' }>,
): number | undefined {
  const at = work % MEMORY_SPAN
  const bytesBefore = prefix.length - CHANGED_BYTE
  if (bytesBefore < 0 || bytesBefore > 3) throw new RangeError(`expected 32 to 35 bytes, got ${prefix.length}`)
  const span = 2 ** (32 - 8 * bytesBefore)
  new Uint8Array(view.buffer, at, BLOCK).fill(0).set(prefix)
  const end = first + count
  for (let from = first; from < end; ) {
    const tries = Math.min(end - from, span - (from % span))
    setNonce(view, at + prefix.length, 4, from)
    const hit = kernels.blake3Work(at, prefix.length + 8, 2 ** (8 * bytesBefore), 2 ** bits - 1, tries)
    if (hit < tries) return from + hit
    from += tries
  }
  return undefined
}

function searchPoseidon2(
  kernels: Kernels,
  view: DataView,
  { bits, first, count, work }: GrindJob,
  { state, nonceCell }: Extract<WorkTemplate, { kind: 'poseidon2' }>,
): number | undefined {
  const at = work % MEMORY_SPAN
  const words = new BigUint64Array(view.buffer, at, (BATCH * STATE) / 8)
  const mask = 2 ** bits - 1
  for (let from = first; from < first + count; from += BATCH) {
    words.set(state)
    for (let size = STATE / 8; size < words.length; size *= 2) words.copyWithin(size, 0, size)
    for (let i = 0; i < BATCH; i++) setNonce(view, at + i * STATE + 8 * nonceCell, 8, from + i)
    kernels.poseidon2Permute16(at, BATCH)
    for (let i = 0; i < BATCH; i++) if ((view.getUint32(at + i * STATE, true) & mask) === 0) return from + i
  }
  return undefined
}

/** The lower and upper 32 bits, `distance` bytes apart. */
function setNonce(view: DataView, at: number, distance: number, nonce: number): void {
  view.setUint32(at, nonce >>> 0, true)
  view.setUint32(at + distance, Math.floor(nonce / 2 ** 32), true)
}
