/** The search for the smallest nonce with enough work. */
import { blake3Rows } from '@zisk/field'
import type { WorkSource } from '../backend/backend.ts'
import type { Engine } from './engine.ts'

const BATCH = 4096
const BLOCK = 64
const DIGEST = 32

/** Tries nonces in order: whole batches of them by the kernel where the hash allows it. */
export async function grind(engine: Engine, work: WorkSource, bits: number): Promise<bigint> {
  const prefix = work.workPrefix()
  let nonce = 0n
  if (prefix !== undefined && prefix.length + 8 <= BLOCK && bits <= 32) nonce = searchBlake3(engine, prefix, bits)
  while (!work.checkWork(nonce, bits)) nonce++
  return nonce
}

/** A nonce below 2^53 whose digest ends in `bits` zero bits, the smallest. */
function searchBlake3(engine: Engine, prefix: Uint8Array, bits: number): bigint {
  const { arena, kernels } = engine
  const rows = arena.reserveZeroed(BATCH * BLOCK)
  const digests = arena.reserve(BATCH * DIGEST)
  const blocks = engine.list([rows.offset])
  const view = new DataView(arena.memory.buffer)
  for (let i = 0; i < BATCH; i++) arena.bytes.set(prefix, rows.offset + i * BLOCK)
  const mask = 2 ** bits - 1
  const request = { blocks: blocks.offset, rowBytes: prefix.length + 8, rowStride: BLOCK, workspace: digests.offset }
  let found = -1
  for (let first = 0; found < 0; first += BATCH) {
    for (let i = 0; i < BATCH; i++) {
      const at = rows.offset + i * BLOCK + prefix.length
      view.setUint32(at, (first + i) >>> 0, true)
      view.setUint32(at + 4, Math.floor((first + i) / 2 ** 32), true)
    }
    blake3Rows(kernels, { ...request, out: digests.offset, begin: 0, end: BATCH })
    for (let i = 0; i < BATCH && found < 0; i++)
      if ((view.getUint32(digests.offset + i * DIGEST, true) & mask) === 0) found = first + i
  }
  engine.release(rows, digests, blocks)
  return BigInt(found)
}
