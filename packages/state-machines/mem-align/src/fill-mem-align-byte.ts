import type { AirInstance } from '@zisk/air'
import { columnWords, setNumber } from '@zisk/witness'
import type { AlignmentSlice } from './alignment-machine.ts'
import { type MemAlignReadByteColumns, memAlignReadByteColumns } from './mem-align-read-byte-columns.gen.ts'
import { memAlignWriteByteColumns } from './mem-align-write-byte-columns.gen.ts'

/** Fills an instance of MemAlignReadByte, whose columns are zero, with loads of a byte. */
export function fillMemAlignReadByte(instance: AirInstance, slice: AlignmentSlice): void {
  fillParts(memAlignReadByteColumns(instance), slice)
}

/** Fills an instance of MemAlignWriteByte, whose columns are zero, with stores of a byte. */
export function fillMemAlignWriteByte(instance: AirInstance, slice: AlignmentSlice): void {
  const { inputs, from, count } = slice
  const columns = memAlignWriteByteColumns(instance)
  fillParts(columns, slice)
  const [value, restLow, restHigh] = [columns.value, columns.rest_low, columns.rest_high].map(columnWords)
  const [high, weight] = [columns.high, columns.weight].map(columnWords)
  const next = columns.new.map(columnWords)
  const words = columnWords(inputs.word0)
  const values = columnWords(inputs.value)
  // Padding has the weight of the lowest byte.
  for (let row = count; row < instance.rows; row++) weight![2 * row] = 1
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const i = from + row
    const address = inputs.address[i]!
    const low = values[2 * i]!
    const limb = (address >>> 2) & 1
    const shift = 8 * (address & 3)
    value![at] = low & 0xff
    restLow![at] = (low >>> 8) & 0xffff
    restHigh![at] = low >>> 24
    high![at] = values[2 * i + 1]!
    weight![at] = 1 << shift
    for (let k = 0; k < 2; k++) {
      const before = words[2 * i + k]!
      next[k]![at] = k === limb ? (before & ~(0xff << shift)) | ((low & 0xff) << shift) : before
    }
  }
}

/** The columns that loads and stores share. */
function fillParts(columns: MemAlignReadByteColumns, { inputs, from, count }: AlignmentSlice): void {
  const sel = columnWords(columns.sel)
  const place = [columns.is_high, columns.is_high_half, columns.is_high_byte].map(columnWords)
  const addrLow = columnWords(columns.addr_low)
  const addrHigh = columnWords(columns.addr_high)
  const step = columnWords(columns.step)
  const old = columns.old.map(columnWords)
  const byte = columnWords(columns.byte)
  const otherByte = columnWords(columns.other_byte)
  const otherHalf = columnWords(columns.other_half)
  const words = columnWords(inputs.word0)
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const i = from + row
    const address = inputs.address[i]!
    const limb = words[2 * i + ((address >>> 2) & 1)]!
    const half = (limb >>> (8 * (address & 2))) & 0xffff
    sel[at] = 1
    place[0]![at] = (address >>> 2) & 1
    place[1]![at] = (address >>> 1) & 1
    place[2]![at] = address & 1
    addrLow[at] = (address >>> 3) & 0xffff
    addrHigh[at] = address >>> 19
    setNumber(step, at, inputs.memStep[i]!)
    old[0]![at] = words[2 * i]!
    old[1]![at] = words[2 * i + 1]!
    byte[at] = (half >>> (8 * (address & 1))) & 0xff
    otherByte[at] = (half >>> (8 * (~address & 1))) & 0xff
    otherHalf[at] = (limb >>> (8 * (~address & 2))) & 0xffff
  }
}
