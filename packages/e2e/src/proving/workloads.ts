/** The machines that are measured. */
import type { TableSpec } from './table-machine.ts'

/** log2 heights and widths of the machine of fifteen tables for which proof sizes were modelled. */
const FIFTEEN: readonly (readonly [logRows: number, width: number])[] = [
  [20, 60],
  [20, 20],
  [19, 20],
  [19, 40],
  [18, 20],
  [18, 30],
  [17, 15],
  [17, 15],
  [16, 40],
  [16, 80],
  [15, 15],
  [14, 10],
  [12, 300],
  [11, 10],
  [10, 10],
]

/** Fifteen tables of 2^10..2^20 rows, 685 columns, 90 fixed columns; heights above 2^maxLog are cut to it. */
export function fifteenTables(maxLog = 20): TableSpec[] {
  return FIFTEEN.map(([logRows, width]) => ({ logRows: Math.min(logRows, maxLog), width, fixed: 6, terms: 10 }))
}

/** One table of 64 columns with 2^logCells cells in stage 1. */
export function wideTable(logCells: number): TableSpec[] {
  return [{ logRows: logCells - 6, width: 64, fixed: 0, terms: 10 }]
}
