/** Worker thread of COUNT and EXPAND: gets the program once, then chunks and plans. */

import { decodeTrustedPilout } from '@zisk/air'
import { decodeRom, ZiskError, type ZiskErrorJson } from '@zisk/core'
import type { TraceChunk } from '@zisk/emulator'
import type { Metrics } from '@zisk/witness'
import Piscina from 'piscina'
import type { ComponentOptions } from './components.ts'
import { type ExpandedInstances, type ExpandRequest, RunContext } from './run-context.ts'
import { SharedMemory } from './shared-memory.ts'

/** What every worker gets when it starts. */
export interface WitnessWorkerData extends Omit<ComponentOptions, 'program' | 'rom'> {
  /** Encoded, in shared memory. */
  readonly program: Uint8Array
  readonly rom: Uint8Array
}

/** A task. Chunks and configurations lie in shared memory. */
export type WitnessTask =
  | { readonly kind: 'count'; readonly chunk: TraceChunk }
  | { readonly kind: 'expand'; readonly request: ExpandRequest; readonly configs: readonly Metrics[] }

/** Result of a task. Error classes do not survive the way between threads, so a failure travels as data. */
export type WitnessReply =
  | { readonly kind: 'counted'; readonly counts: readonly Metrics[] }
  | { readonly kind: 'expanded'; readonly expanded: ExpandedInstances }
  | { readonly kind: 'failed'; readonly error: ZiskErrorJson }

const { program, rom, ...options } = Piscina.workerData as WitnessWorkerData
const context = new RunContext({ ...options, program: decodeTrustedPilout(program), rom: decodeRom(rom) })
const memory = new SharedMemory()
let configured = false

/** Does one task. */
export async function witnessTask(task: WitnessTask): Promise<WitnessReply> {
  try {
    if (task.kind === 'count') return { kind: 'counted', counts: context.count(task.chunk) }
    // There is one run per pool, so its configuration is always the same.
    if (!configured) context.configure(task.configs)
    configured = true
    // The columns of earlier tasks belong to others by now.
    memory.release()
    const expanded = await context.expand(task.request)
    for (const [i, instance] of expanded.instances.entries())
      if (task.request.plans[i]!.columns === undefined) memory.add(instance)
    return { kind: 'expanded', expanded }
  } catch (error) {
    if (!(error instanceof ZiskError)) throw error
    return { kind: 'failed', error: error.toJSON() }
  }
}
