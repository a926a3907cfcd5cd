import type { AirInstance } from '@zisk/air'
import { columnWords, setNumber } from '@zisk/witness'
import type { AlignmentSlice } from './alignment-machine.ts'
import { memAlignWordColumns } from './mem-align-word-columns.gen.ts'

/** Fills an instance of MemAlignWord, whose columns are zero, with accesses of 4 bytes at multiples of 4. */
export function fillMemAlignWord(instance: AirInstance, { inputs, from, count }: AlignmentSlice): void {
  const columns = memAlignWordColumns(instance)
  const [sel, isHigh, wr] = [columns.sel, columns.is_high, columns.wr].map(columnWords) as Uint32Array[]
  const [addrLow, addrHigh, step] = [columns.addr_low, columns.addr_high, columns.step].map(
    columnWords,
  ) as Uint32Array[]
  const [old0, old1] = columns.old.map(columnWords) as Uint32Array[]
  const [value, rest] = [columns.value, columns.rest].map(columnWords) as Uint32Array[]
  const words = columnWords(inputs.word0)
  const values = columnWords(inputs.value)
  for (let row = 0; row < count; row++) {
    const at = 2 * row
    const i = from + row
    const address = inputs.address[i]!
    sel![at] = 1
    isHigh![at] = (address >>> 2) & 1
    wr![at] = inputs.isWrite[i]!
    addrLow![at] = (address >>> 3) & 0xffff
    addrHigh![at] = address >>> 19
    setNumber(step!, at, inputs.memStep[i]!)
    old0![at] = words[2 * i]!
    old1![at] = words[2 * i + 1]!
    value![at] = values[2 * i]!
    rest![at] = values[2 * i + 1]!
  }
}
