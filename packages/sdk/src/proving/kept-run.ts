/**
 * A run in a work folder: its chunks, each under what it contains, the list of them and the plan, both under what the run
 * follows from. A run of which something is missing or damaged is as good as absent.
 */

import { createHash } from 'node:crypto'
import type { Pilout } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import type { TraceChunk } from '@zisk/emulator'
import { decodeChunk, ExecutorError, encodeChunk, type PlanLimits, type RunPlan, resumeRun } from '@zisk/executor'
import type { PieceStore } from '@zisk/prover'

/** Where a run is kept, and what it follows from: program, input, code, and what else decides chunks and plan. */
export interface KeptRun {
  readonly store: PieceStore
  readonly identity: readonly (string | Uint8Array)[]
}

/** Bytes of the name of a chunk. */
const NAME_BYTES = 32

/** Keeps a run that is executed and planned. What is there already is not written again. */
export async function keepRun({ store, identity }: KeptRun, plan: RunPlan): Promise<void> {
  const names = new Uint8Array(plan.chunks.length * NAME_BYTES)
  for (const [i, chunk] of plan.chunks.entries()) {
    const bytes = encodeChunk(chunk)
    const name = nameOf(bytes)
    names.set(name, i * NAME_BYTES)
    if ((await readChunk(store, name)) === undefined) await store.write('chunk', [name], bytes)
  }
  await store.write('chunks', identity, names)
  await store.write('plan', identity, plan.encode())
}

/** Goes on from a run that was kept; undefined when there is none. Its threads are the caller's to close. */
export async function resumeKeptRun(
  kept: KeptRun,
  ...[machine, rom, limits]: [Pilout, ZiskRom, PlanLimits]
): Promise<RunPlan | undefined> {
  const plan = await kept.store.read('plan', kept.identity)
  const names = await kept.store.read('chunks', kept.identity)
  if (plan === undefined || names === undefined) return undefined
  try {
    const chunks: TraceChunk[] = []
    for (let at = 0; at < names.length; at += NAME_BYTES) {
      const bytes = await readChunk(kept.store, names.subarray(at, at + NAME_BYTES))
      if (bytes === undefined) return undefined
      chunks.push(decodeChunk(bytes))
    }
    return resumeRun(machine, rom, { plan, chunks }, limits)
  } catch (error) {
    if (error instanceof ExecutorError && error.code === 'PLAN_INVALID') return undefined
    throw error
  }
}

async function readChunk(store: PieceStore, name: Uint8Array): Promise<Uint8Array | undefined> {
  const bytes = await store.read('chunk', [name])
  return bytes !== undefined && nameOf(bytes).every((byte, i) => byte === name[i]) ? bytes : undefined
}

function nameOf(chunk: Uint8Array): Uint8Array {
  return createHash('sha256').update(chunk).digest()
}
