/** Rows of memory machines as a forger lays them: any cell may be given, the others follow from the row before. */
import type { AirInstance } from '@zisk/air'
import { MEMORY_MAPS } from '@zisk/core'
import { P } from '@zisk/field'
import { InstanceWriter } from '@zisk/witness'
import { program } from './memory-witness.ts'

/** Cells of a row, or air values of a segment, by name; numbers may be negative. */
export type Cells = Readonly<Record<string, bigint | number>>

/** A segment: its rows behind the first of Mem and InputData, cells of that, and air values that are not what follows. */
export interface ForgedSegment {
  readonly rows: readonly Cells[]
  readonly first?: Cells
  readonly airValues?: Cells
}

/** What a machine does by itself. */
interface Machine {
  readonly air: string
  /** Columns that the next row or segment takes over. */
  readonly carried: readonly string[]
  /** Name of a carried column in the air values of a segment. */
  readonly airValueOf: (column: string) => string
  /** State before the first segment. */
  readonly start: Cells
  /** Whether row 0 is one of the carried state, and what else it has. */
  readonly carrier?: Cells
  readonly complete: (row: Cells, before: Cells) => Cells
}

const ROWS = 2 ** 10
const felt = (value: bigint | number): bigint => ((BigInt(value) % P) + P) % P
const RANGE = 2n ** 32n

const MEM: Machine = {
  air: 'Mem',
  carried: ['addr', 'step_dual', 'value[0]', 'value[1]'],
  airValueOf: (column) => (column === 'step_dual' ? 'step' : column),
  start: { addr: MEMORY_MAPS['v0.18'].ram.start / 8 - 1 },
  carrier: { wr: 1 },
  complete: (given, before) => {
    const row: Record<string, bigint | number> = { ...before, sel: 0, sel_dual: 0, wr: 0, ...given }
    row['step'] ??= before['step_dual'] ?? 0
    row['step_dual'] = given['step_dual'] ?? row['step']
    const isSame = felt(row['addr']!) === felt(before['addr']!) ? 1n : 0n
    const same = BigInt(given['same_addr'] ?? isSame)
    row['same_addr'] = same
    const late = BigInt(row['step']) - BigInt(before['step_dual'] ?? 0) - BigInt(row['wr']!)
    const far = BigInt(row['addr']!) - BigInt(before['addr']!) - 1n
    const distance = felt(same * late + (1n - same) * far)
    // What has no limbs is all in the low one.
    row['low'] = given['low'] ?? (distance < RANGE ? distance % 2n ** 16n : distance)
    row['high'] = given['high'] ?? (distance < RANGE ? distance >> 16n : 0n)
    return row
  },
}

const ROM_DATA: Machine = {
  air: 'RomData',
  carried: ['addr', 'value[0]', 'value[1]'],
  airValueOf: (column) => column,
  start: { addr: 0x8000_0000 / 8 - 1 },
  complete: (given, before) => ({ ...before, sel: 0, init: 0, step: 0, ...given }),
}

const INPUT_DATA: Machine = {
  air: 'InputData',
  carried: ['addr', 'part[0]', 'part[1]', 'part[2]', 'part[3]'],
  airValueOf: (column) => column,
  start: { addr: 0x4000_0000 / 8 - 1 },
  carrier: {},
  complete: (given, before) => {
    const same_addr = given['addr'] === undefined || given['addr'] === before['addr'] ? 1 : 0
    return { ...before, sel: 0, is_free: 0, step: 0, same_addr, ...given }
  },
}

const MACHINES: Readonly<Record<'Mem' | 'RomData' | 'InputData', Machine>> = {
  Mem: MEM,
  RomData: ROM_DATA,
  InputData: INPUT_DATA,
}

/** Fills the segments of a memory machine, each taking over from the one before unless told otherwise. */
export function forgeSegments(name: keyof typeof MACHINES, segments: readonly ForgedSegment[]): AirInstance[] {
  const { air, carried, airValueOf, start, carrier, complete } = MACHINES[name]
  let state: Cells = { ...start }
  return segments.map(({ rows, first = {}, airValues = {} }, segment) => {
    const writer = new InstanceWriter(program, { air, rows: ROWS, segment })
    const put = (row: number, cells: Cells): void => {
      for (const [column, value] of Object.entries(cells)) writer.column(column)[row] = felt(value)
    }
    const pick = (from: Cells): Cells => Object.fromEntries(carried.map((column) => [column, from[column] ?? 0]))
    const values: Record<string, bigint | number> = {
      segment_id: segment,
      is_first_segment: segment === 0 ? 1 : 0,
      is_last_segment: segment === segments.length - 1 ? 1 : 0,
    }
    for (const column of carried) values[`previous_${airValueOf(column)}`] = state[column] ?? 0
    let before: Cells = pick(state)
    let row = 0
    if (carrier !== undefined) {
      before = { ...before, ...carrier, ...first }
      put(row++, name === 'Mem' ? { step: before['step_dual'] ?? 0, ...before } : before)
      before = pick(before)
    }
    for (; row < ROWS; row++) {
      const cells = complete(rows[row - (carrier === undefined ? 0 : 1)] ?? {}, before)
      put(row, cells)
      before = pick(cells)
    }
    for (const column of carried) values[`last_${airValueOf(column)}`] = before[column] ?? 0
    Object.assign(values, airValues)
    for (const [value, cell] of Object.entries(values)) writer.setAirValue(value, felt(cell))
    state = Object.fromEntries(carried.map((column) => [column, values[`last_${airValueOf(column)}`]!]))
    return writer.instance
  })
}
