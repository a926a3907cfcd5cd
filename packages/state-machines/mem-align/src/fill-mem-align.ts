import type { AirInstance } from '@zisk/air'
import { columnWords, setNumber } from '@zisk/witness'
import type { AlignmentSlice } from './alignment-machine.ts'
import { memAlignColumns } from './mem-align-columns.gen.ts'

/** Fills an instance of MemAlign, whose columns are zero, with accesses of 2, 4 or 8 bytes. */
export function fillMemAlign(instance: AirInstance, { inputs, from, count }: AlignmentSlice): void {
  const columns = memAlignColumns(instance)
  const [sel, wr, isDouble] = [columns.sel, columns.wr, columns.is_double].map(columnWords)
  const [is4, is8] = [columns.is_4, columns.is_8].map(columnWords)
  const [addrLow, addrHigh, step] = [columns.addr_low, columns.addr_high, columns.step].map(columnWords)
  const offsets = columns.offset.map(columnWords)
  const old = columns.old.map(columnWords)
  const value = columns.value.map(columnWords)
  const next = columns.new.map(columnWords)
  const bytes = [inputs.word0, inputs.word1, inputs.value].map(
    (list) => new Uint8Array(list.buffer, list.byteOffset, 8 * list.length),
  ) as [Uint8Array, Uint8Array, Uint8Array]
  const both = new Uint8Array(16)
  const limbs = new Uint32Array(both.buffer)
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const i = from + row
    const address = inputs.address[i]!
    const width = inputs.width[i]!
    const offset = address & 7
    sel![at] = 1
    wr![at] = inputs.isWrite[i]!
    isDouble![at] = offset + width > 8 ? 1 : 0
    if (width === 4) is4![at] = 1
    if (width === 8) is8![at] = 1
    if (offset > 0) offsets[offset - 1]![at] = 1
    addrLow![at] = (address >>> 3) & 0xffff
    addrHigh![at] = address >>> 19
    setNumber(step!, at, inputs.memStep[i]!)
    both.set(bytes[0].subarray(8 * i, 8 * i + 8), 0)
    if (offset + width > 8) both.set(bytes[1].subarray(8 * i, 8 * i + 8), 8)
    else both.fill(0, 8)
    for (let k = 0; k < 16; k++) old[k]![at] = both[k]!
    for (let k = 0; k < 8; k++) value[k]![at] = bytes[2][8 * i + k]!
    if (inputs.isWrite[i] === 1) both.set(bytes[2].subarray(8 * i, 8 * i + width), offset)
    for (let k = 0; k < 4; k++) next[k]![at] = limbs[k]!
  }
}
