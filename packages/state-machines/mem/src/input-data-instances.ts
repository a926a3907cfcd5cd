import type { AirInstance, Pilout } from '@zisk/air'
import { InstanceWriter, orderByWord, setNumber, type WordAccesses } from '@zisk/witness'
import { carriedSegments } from './carried-segments.ts'
import type { InputDataAirValueLabel, InputDataColumnLabel } from './input-data-columns.gen.ts'
import { READ_ONLY_MAX_LOG_ROWS } from './rom-data-instances.ts'

type Writer = InstanceWriter<InputDataColumnLabel, InputDataAirValueLabel>

/** Words are at most this far from the row before; farther ones are reached over rows that prove nothing. */
export const MAX_INPUT_DISTANCE: number = 2 ** 16

/** Access of a row that proves nothing. */
const NO_ACCESS = -1

/**
 * Fills the instances of InputData.
 *
 * @param firstWord address of the region divided by 8
 */
export function inputDataInstances(
  program: Pilout,
  accesses: WordAccesses,
  options: { readonly firstWord: number; readonly maxLogRows?: number | undefined },
): readonly AirInstance[] {
  const { firstWord } = options
  const rows = planRows(accesses, firstWord)
  const maxLogRows = options.maxLogRows ?? READ_ONLY_MAX_LOG_ROWS
  const segments = carriedSegments(rows.length, maxLogRows)
  let carried: Carried = { word: firstWord - 1, low: 0, high: 0 }
  const instances: AirInstance[] = []
  for (const [segment, { rows: height, from, count }] of segments.entries()) {
    const part = rows.slice(from, from + count)
    const writer = new InstanceWriter<InputDataColumnLabel, InputDataAirValueLabel>(program, {
      air: 'InputData',
      rows: height,
      segment,
    })
    writer.setAirValue('segment_id', BigInt(segment))
    writer.setAirValue('is_first_segment', segment === 0 ? 1n : 0n)
    writer.setAirValue('is_last_segment', segment === segments.length - 1 ? 1n : 0n)
    setState(writer, 'previous', carried)
    carried = fillRows(writer, accesses, part, carried, firstWord)
    setState(writer, 'last', carried)
    instances.push(writer.instance)
  }
  return instances
}

interface Carried {
  readonly word: number
  readonly low: number
  readonly high: number
}

interface PlannedRow {
  readonly word: number
  /** Position among the accesses, or {@link NO_ACCESS}. */
  readonly access: number
}

/** The rows by address, those that bridge gaps included. */
function planRows(accesses: WordAccesses, firstWord: number): readonly PlannedRow[] {
  const rows: PlannedRow[] = []
  let word = firstWord - 1
  for (const access of orderByWord(accesses)) {
    const target = accesses.word[access]!
    for (; target - word > MAX_INPUT_DISTANCE; rows.push({ word, access: NO_ACCESS })) word += MAX_INPUT_DISTANCE
    word = target
    rows.push({ word, access })
  }
  return rows
}

function setState(writer: Writer, name: 'previous' | 'last', { word, low, high }: Carried): void {
  writer.setAirValue(`${name}_addr`, BigInt(word))
  const parts = partsOf(low, high)
  for (const i of PARTS) writer.setAirValue(`${name}_part[${i}]`, BigInt(parts[i]!))
}

/** Limbs of a word, by index. */
const PARTS = [0, 1, 2, 3] as const

function partsOf(low: number, high: number): readonly number[] {
  return [low & 0xffff, low >>> 16, high & 0xffff, high >>> 16]
}

/** Fills an instance behind the carried state and returns the state of its last row. */
function fillRows(
  writer: Writer,
  accesses: WordAccesses,
  rows: readonly PlannedRow[],
  carried: Carried,
  firstWord: number,
): Carried {
  const addr = writer.words('addr')
  const step = writer.words('step')
  const sel = writer.words('sel')
  const sameAddr = writer.words('same_addr')
  const isFree = writer.words('is_free')
  const parts = PARTS.map((i) => writer.words(`part[${i}]`))
  let state = carried
  for (let row = 0; row < writer.rows; row++) {
    const o = 2 * row
    const planned = row === 0 ? undefined : rows[row - 1]
    const word = planned?.word ?? state.word
    sameAddr[o] = row > 0 && word === state.word ? 1 : 0
    if (planned !== undefined && planned.access !== NO_ACCESS) {
      sel[o] = 1
      isFree[o] = word === firstWord ? 1 : 0
      setNumber(step, o, accesses.memStep[planned.access]!)
      state = { word, low: accesses.low[planned.access]!, high: accesses.high[planned.access]! }
    } else if (planned !== undefined) state = { word, low: 0, high: 0 }
    addr[o] = word
    for (const [i, part] of partsOf(state.low, state.high).entries()) parts[i]![o] = part
  }
  return state
}
