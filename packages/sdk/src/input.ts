/** Makes the guest's input from what a user has: framed records, plain bytes, or typed JSON values. */

import type { MemoryMap } from '@zisk/core'
import { frameInput } from '@zisk/emulator'
import { parseJsonInput } from './json-input.ts'

/** Where an input comes from. */
export type InputSource =
  /** The bytes as the memory map frames them: records for v0.18, one raw record for v0.12. */
  | { readonly kind: 'framed'; readonly bytes: Uint8Array }
  /** Plain bytes, wrapped as one record. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }
  /** What {@link createInput} made before. */
  | { readonly kind: 'ready'; readonly bytes: Uint8Array }
  /** One record each. */
  | { readonly kind: 'records'; readonly records: readonly Uint8Array[] }
  /** JSON text; see `parseJsonInput`. `readFile` resolves the paths of its `file` values. */
  | { readonly kind: 'json'; readonly text: string; readonly readFile: (path: string) => Uint8Array }

/**
 * The framed input of a run: a multiple of 8 bytes.
 *
 * @throws {InputError} when framed bytes are no records, or the input is too large
 * @throws {JsonInputError} when a JSON text does not describe an input
 */
export function createInput(source: InputSource, memoryMap: MemoryMap): Uint8Array {
  switch (source.kind) {
    case 'ready':
      return source.bytes
    case 'framed':
      return frameInput(source.bytes, { framing: memoryMap.inputFraming })
    case 'raw':
      return frameInput(source.bytes, { framing: 'raw' })
    case 'records':
      return frameRecords(source.records)
    case 'json':
      return frameRecords(parseJsonInput(source.text, source.readFile))
  }
}

function frameRecords(records: readonly Uint8Array[]): Uint8Array {
  const framed = records.map((record) => frameInput(record, { framing: 'raw' }))
  const bytes = new Uint8Array(framed.reduce((sum, record) => sum + record.length, 0))
  let at = 0
  for (const record of framed) {
    bytes.set(record, at)
    at += record.length
  }
  return frameInput(bytes, { framing: 'records' })
}
