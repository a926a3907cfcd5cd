/** The search for the smallest nonce with enough work: whole batches of nonces by the kernels. */
import { blake3Rows } from '@zisk/field'
import type { WorkTemplate } from '@zisk/verifier'
import type { WorkSource } from '../backend/backend.ts'
import type { Engine } from './engine.ts'

const BATCH = 4096
/** Nonces after which signals have a turn. */
const BATCHES_IN_TURN: number = 16 * BATCH
const BLOCK = 64
const DIGEST = 32
const STATE = 128

/** Fills and hashes one batch, whose nonces begin at `first`; gives where the first words of the results lie. */
type Batch = (first: number) => { readonly offset: number; readonly stride: number }

/** The smallest nonce that shows `bits` bits of work, bits <= 32. */
export async function grind(engine: Engine, work: WorkSource, bits: number): Promise<bigint> {
  const template = work.workTemplate()
  const memory = engine.arena.reserveZeroed(BATCH * STATE)
  const digests = engine.arena.reserve(BATCH * DIGEST)
  const blocks = engine.list([memory.offset])
  const view = new DataView(engine.arena.memory.buffer)
  const places = { rows: memory.offset, digests: digests.offset, blocks: blocks.offset }
  const batch =
    template.kind === 'blake3'
      ? blake3Batch(engine, view, template, places)
      : poseidon2Batch(engine, view, template, places)
  const mask = 2 ** bits - 1
  let found = -1
  for (let first = 0; found < 0; first += BATCH) {
    if (first % BATCHES_IN_TURN === 0) {
      await new Promise((resolve) => setImmediate(resolve))
      engine.checkCancelled()
    }
    const { offset, stride } = batch(first)
    for (let i = 0; i < BATCH && found < 0; i++)
      if ((view.getUint32(offset + i * stride, true) & mask) === 0) found = first + i
  }
  engine.release(memory, digests, blocks)
  return BigInt(found)
}

interface Places {
  readonly rows: number
  readonly digests: number
  readonly blocks: number
}

function blake3Batch(
  { arena, kernels }: Engine,
  view: DataView,
  { prefix }: Extract<WorkTemplate, { kind: 'blake3' }>,
  { rows, digests, blocks }: Places,
): Batch {
  for (let i = 0; i < BATCH; i++) arena.bytes.set(prefix, rows + i * BLOCK)
  const request = { blocks, rowBytes: prefix.length + 8, rowStride: BLOCK, workspace: digests, out: digests }
  return (first) => {
    for (let i = 0; i < BATCH; i++) {
      const at = rows + i * BLOCK + prefix.length
      view.setUint32(at, (first + i) >>> 0, true)
      view.setUint32(at + 4, Math.floor((first + i) / 2 ** 32), true)
    }
    blake3Rows(kernels, { ...request, begin: 0, end: BATCH })
    return { offset: digests, stride: DIGEST }
  }
}

function poseidon2Batch(
  { arena, kernels }: Engine,
  view: DataView,
  { state, nonceCell }: Extract<WorkTemplate, { kind: 'poseidon2' }>,
  { rows }: Places,
): Batch {
  const { words } = arena
  return (first) => {
    for (let i = 0; i < BATCH; i++) {
      words.set(state, (rows + i * STATE) / 8)
      const at = rows + i * STATE + 8 * nonceCell
      view.setUint32(at, (first + i) >>> 0, true)
      view.setUint32(at + 8, Math.floor((first + i) / 2 ** 32), true)
    }
    kernels.poseidon2Permute16(rows, BATCH)
    return { offset: rows, stride: STATE }
  }
}
