/** Counts one chunk by replaying it. */

import { FLAG, type InstructionTable, type MemoryMap } from '@zisk/core'
import type { DecodedRom } from '../interpreter/decoded-rom.ts'
import { replayChunk } from '../replay/replay-chunk.ts'
import type { StepBatch } from '../replay/step-batch.ts'
import type { TraceChunk } from '../trace-chunk.ts'
import { ACCESS_COUNTERS, ALIGNMENT_INDEX, firstAccessCounter } from './access-class.ts'
import type { ChunkCounts } from './counts.ts'

/** Counts chunks of one ROM; keeps tables of the ROM between chunks. */
export class ChunkCounter {
  readonly #rom: DecodedRom
  readonly #map: MemoryMap
  /** Width of an indirect access by row; 0 when there is none. */
  readonly #indirectWidth: Uint8Array
  /** Executions by row in the current chunk. */
  readonly #times: Uint32Array
  /** Rows with executions in the current chunk, in order of the first. */
  readonly #touched: Uint32Array
  #touchedCount = 0
  readonly #accesses: Float64Array = new Float64Array(ACCESS_COUNTERS)

  constructor(rom: DecodedRom, map: MemoryMap) {
    this.#rom = rom
    this.#map = map
    const { flags, indWidth } = rom.instructions.columns
    this.#indirectWidth = indWidth.map((width, row) => (flags[row]! & (FLAG.B_IND | FLAG.STORE_IND) ? width : 0))
    this.#times = new Uint32Array(rom.instructions.length)
    this.#touched = new Uint32Array(rom.instructions.length)
  }

  /** @throws {TraceError} TRACE_CORRUPT */
  count(chunk: TraceChunk): ChunkCounts {
    this.#times.fill(0)
    this.#accesses.fill(0)
    this.#touchedCount = 0
    replayChunk(this.#rom, chunk, (batch) => this.#countBatch(batch))
    const rows = this.#touched.slice(0, this.#touchedCount)
    const rowTimes = rows.map((row) => this.#times[row]!)
    const operations = new Float64Array(256)
    const { op } = this.#rom.instructions.columns
    rows.forEach((row, i) => {
      operations[op[row]!]! += rowTimes[i]!
      this.#countWordOperands(row, rowTimes[i]!)
    })
    return {
      firstStep: chunk.firstStep,
      steps: chunk.steps,
      operations,
      accesses: this.#accesses.slice(),
      rows,
      rowTimes,
    }
  }

  /** Counts what depends on the step: its row, and where its indirect accesses go. */
  #countBatch(batch: StepBatch): void {
    const { flags, bLow, storeOffset } = this.#rom.instructions.columns
    const { row: rows, a } = batch
    for (let i = 0; i < batch.length; i++) {
      const row = rows[i]!
      if (this.#times[row]!++ === 0) this.#touched[this.#touchedCount++] = row
      const width = this.#indirectWidth[row]!
      if (width === 0) continue
      const base = a[2 * i]!
      if (flags[row]! & FLAG.B_IND) this.#countIndirect((base + bLow[row]!) >>> 0, width, false)
      if (flags[row]! & FLAG.STORE_IND) this.#countIndirect((base + storeOffset[row]!) >>> 0, width, true)
    }
  }

  #countIndirect(address: number, width: number, isWrite: boolean): void {
    this.#accesses[firstAccessCounter(this.#map, address, isWrite) + ALIGNMENT_INDEX[width * 8 + (address & 7)]!]!++
  }

  /** Counts MEM operands, whose addresses do not depend on the step. */
  #countWordOperands(row: number, times: number): void {
    const { flags, aLow, bLow, storeOffset }: InstructionTable['columns'] = this.#rom.instructions.columns
    const add = (address: number, isWrite: boolean): void => {
      this.#accesses[firstAccessCounter(this.#map, address, isWrite)]! += times
    }
    if (flags[row]! & FLAG.A_MEM) add(aLow[row]!, false)
    if (flags[row]! & FLAG.B_MEM) add(bLow[row]!, false)
    if (flags[row]! & FLAG.STORE_MEM) add(storeOffset[row]! >>> 0, true)
  }
}

/** Counts one chunk. For many chunks keep a {@link ChunkCounter}. @throws {TraceError} TRACE_CORRUPT */
export function countChunk(rom: DecodedRom, map: MemoryMap, chunk: TraceChunk): ChunkCounts {
  return new ChunkCounter(rom, map).count(chunk)
}
