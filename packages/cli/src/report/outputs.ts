/** Files that carry a run's results. */

import { ADDRESS } from '@zisk/core'
import type { Execution } from '@zisk/sdk'

/** The 64 public words as 256 little-endian bytes. */
export function outputBytes(publics: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(4 * publics.length)
  const view = new DataView(bytes.buffer)
  publics.forEach((value, index) => {
    view.setUint32(4 * index, value, true)
  })
  return bytes
}

/** Most words that the 64 KiB output area can hold behind the count. */
const MAX_SIGNATURE_WORDS = 2 ** 14 - 1

/** RISCOF signature: the u32 at the output address is a count, that many words follow, one 8-digit hex word a line. */
export function signatureText(machine: Execution['machine']): string {
  const view = new DataView(machine.memory.memory.buffer, ADDRESS.output, 2 ** 16)
  const count = Math.min(view.getUint32(0, true), MAX_SIGNATURE_WORDS)
  const lines = Array.from({ length: count }, (_, index) =>
    view
      .getUint32(4 + 4 * index, true)
      .toString(16)
      .padStart(8, '0'),
  )
  return lines.map((line) => `${line}\n`).join('')
}
