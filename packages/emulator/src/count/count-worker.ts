/** Worker thread of the counting pool: gets the ROM once, then chunks. */

import { InstructionTable, type ZiskErrorJson } from '@zisk/core'
import Piscina from 'piscina'
import { decodeRom } from '../interpreter/decoded-rom.ts'
import type { TraceChunk } from '../trace-chunk.ts'
import { TraceError } from '../trace-error.ts'
import { ChunkCounter } from './count-chunk.ts'
import type { CountWorkerData } from './count-pool.ts'
import type { ChunkCounts } from './counts.ts'

/** Result of one task. Error classes do not survive the way between threads, so a failure travels as data. */
export type CountReply =
  | { readonly counts: ChunkCounts }
  | { readonly error: ZiskErrorJson & { readonly code: TraceError['code'] } }

const { columns, map } = Piscina.workerData as CountWorkerData
const counter = new ChunkCounter(decodeRom(new InstructionTable(columns)), map)

/** Counts one chunk. */
export function countInWorker(chunk: TraceChunk): CountReply {
  try {
    return { counts: counter.count(chunk) }
  } catch (error) {
    if (!(error instanceof TraceError)) throw error
    return { error: { ...error.toJSON(), code: error.code } }
  }
}
