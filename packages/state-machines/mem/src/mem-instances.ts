import type { AirInstance, Pilout } from '@zisk/air'
import { InstanceWriter, orderByWord, setNumber, type WordAccesses } from '@zisk/witness'
import { carriedSegments } from './carried-segments.ts'
import type { MemAirValueLabel, MemColumnLabel } from './mem-columns.gen.ts'
import { MAX_DUAL_GAP, stepGap } from './mem-rows.ts'

type Writer = InstanceWriter<MemColumnLabel, MemAirValueLabel>

/** log2 of the largest height of Mem, as in `mem.pil`. */
export const MEM_MAX_LOG_ROWS = 20

/** Distances between rows are two limbs of 16 bits. */
const MAX_DISTANCE = 2 ** 32

/** What the next row compares with. */
interface Carried {
  word: number
  step: number
  low: number
  high: number
}

/**
 * Fills the instances of Mem from the accesses of a region.
 *
 * @param region address of the region
 * @throws {MemoryError} MEMORY_STEP_GAP when a word rests for more than 2^30 steps
 */
export function memInstances(
  program: Pilout,
  accesses: WordAccesses,
  options: { readonly region: number; readonly maxLogRows?: number | undefined },
): readonly AirInstance[] {
  const order = orderByWord(accesses)
  const rowStarts = pairReads(accesses, order)
  const maxLogRows = options.maxLogRows ?? MEM_MAX_LOG_ROWS
  const segments = carriedSegments(rowStarts.length, maxLogRows)
  const carried: Carried = { word: options.region / 8 - 1, step: 0, low: 0, high: 0 }
  const instances: AirInstance[] = []
  for (const [segment, { rows, from, count }] of segments.entries()) {
    const end = from + count
    const writer = new InstanceWriter<MemColumnLabel, MemAirValueLabel>(program, { air: 'Mem', rows, segment })
    writer.setAirValue('segment_id', BigInt(segment))
    writer.setAirValue('is_first_segment', segment === 0 ? 1n : 0n)
    writer.setAirValue('is_last_segment', segment === segments.length - 1 ? 1n : 0n)
    setState(writer, 'previous', carried)
    fillRows(
      writer,
      accesses,
      { order, rowStarts: rowStarts.subarray(from, end), end: rowStarts[end] ?? order.length },
      carried,
    )
    setState(writer, 'last', carried)
    instances.push(writer.instance)
  }
  return instances
}

/** Positions in `order` at which a row begins; a row is one access, or two. */
function pairReads({ word, memStep, isWrite }: WordAccesses, order: Uint32Array): Uint32Array {
  const starts = new Uint32Array(order.length)
  let rows = 0
  for (let i = 0; i < order.length; i++) {
    starts[rows++] = i
    const access = order[i]!
    const next = order[i + 1]
    if (next === undefined || word[next] !== word[access] || isWrite[next] === 1) continue
    if (memStep[next]! - memStep[access]! < MAX_DUAL_GAP) i++
  }
  return starts.slice(0, rows)
}

function setState(writer: Writer, name: 'previous' | 'last', state: Carried): void {
  writer.setAirValue(`${name}_addr`, BigInt(state.word))
  writer.setAirValue(`${name}_step`, BigInt(state.step))
  writer.setAirValue(`${name}_value[0]`, BigInt(state.low))
  writer.setAirValue(`${name}_value[1]`, BigInt(state.high))
}

/** Fills an instance behind the carried state, which it updates. */
function fillRows(
  writer: Writer,
  accesses: WordAccesses,
  rows: { readonly order: Uint32Array; readonly rowStarts: Uint32Array; readonly end: number },
  carried: Carried,
): void {
  const { order, rowStarts, end } = rows
  const addr = writer.words('addr')
  const step = writer.words('step')
  const stepDual = writer.words('step_dual')
  const sel = writer.words('sel')
  const selDual = writer.words('sel_dual')
  const wr = writer.words('wr')
  const sameAddr = writer.words('same_addr')
  const value0 = writer.words('value[0]')
  const value1 = writer.words('value[1]')
  const low = writer.words('low')
  const high = writer.words('high')
  const setCarried = (o: number): void => {
    addr[o] = carried.word
    setNumber(step, o, carried.step)
    setNumber(stepDual, o, carried.step)
    value0[o] = carried.low
    value1[o] = carried.high
  }
  setCarried(0)
  wr[0] = 1
  for (let row = 1; row < writer.rows; row++) {
    const o = 2 * row
    const start = rowStarts[row - 1]
    if (start === undefined) {
      // Padding repeats the last word.
      setCarried(o)
      sameAddr[o] = 1
      continue
    }
    const access = order[start]!
    const isPair = (rowStarts[row] ?? end) - start === 2
    const second = isPair ? order[start + 1]! : undefined
    const word = accesses.word[access]!
    const memStep = accesses.memStep[access]!
    const isWrite = accesses.isWrite[access]!
    const isSame = word === carried.word
    const distance = isSame ? memStep - carried.step - isWrite : word - carried.word - 1
    if (distance >= MAX_DISTANCE) throw stepGap(word, memStep)
    addr[o] = word
    setNumber(step, o, memStep)
    sel[o] = 1
    wr[o] = isWrite
    sameAddr[o] = isSame ? 1 : 0
    value0[o] = accesses.low[access]!
    value1[o] = accesses.high[access]!
    low[o] = distance & 0xffff
    high[o] = distance / 2 ** 16
    carried.word = word
    carried.step = second === undefined ? memStep : accesses.memStep[second]!
    carried.low = value0[o]!
    carried.high = value1[o]!
    setNumber(stepDual, o, carried.step)
    if (second !== undefined) selDual[o] = 1
  }
}
