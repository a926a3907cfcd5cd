/**
 * Files of fixed columns as pil2's tools write them: magic, one section with the names of air group and AIR, the number of
 * rows, and the columns one after the other, each with its name, its indices and its rows.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { AirError, entryLabel, type NamedEntry } from '@zisk/air'

const MAGIC = 'cnst'
/** Magic, version, number of sections; then id and length of the section. */
const SECTION_START = 4 + 4 + 4 + 4 + 8
/** Room for the header with the names of air group and AIR, and for that of a column. */
const HEADER_BYTES = 4096
const MAX_ROWS = 2n ** 32n
const PRIME = 0xffff_ffff_0000_0001n

/** Number of rows of the columns in a file; undefined when it is of another kind. */
export function fixedFileRows(path: string): number | undefined {
  return withFile(path, (file) => readStart(file)?.rows)
}

/**
 * The rows of one column. A file may put the name of the AIR before that of the column.
 *
 * @throws AirError FIXED_COLUMN_UNAVAILABLE when the file does not hold the column, or other numbers than field elements.
 */
export function readFixedColumn(path: string, column: NamedEntry): BigUint64Array {
  return withFile(path, (file) => {
    const start = readStart(file)
    const bytes = start === undefined ? undefined : findColumn(file, start, column)
    if (bytes === undefined) throw unavailable(path, `has no column ${entryLabel(column)}`)
    const values = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8)
    if (values.some((value) => value >= PRIME))
      throw unavailable(path, `has numbers above the field in column ${entryLabel(column)}`)
    return values
  })
}

interface Start {
  readonly rows: number
  readonly columns: number
  /** Where the first column begins. */
  readonly at: number
}

function readStart(file: number): Start | undefined {
  const header = readAt(file, 0, HEADER_BYTES)
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined
  let at = SECTION_START
  // The names of air group and AIR, each with a zero byte at its end.
  for (let name = 0; name < 2; name++) {
    const end = header.indexOf(0, at)
    if (end < 0) return undefined
    at = end + 1
  }
  if (at + 12 > header.length) return undefined
  const rows = header.readBigUInt64LE(at)
  if (rows < 1n || rows > MAX_ROWS) return undefined
  return { rows: Number(rows), columns: header.readUInt32LE(at + 8), at: at + 12 }
}

/** The bytes of a column's rows, in memory of their own. */
function findColumn(file: number, { rows, columns, at }: Start, wanted: NamedEntry): Uint8Array | undefined {
  let from = at
  for (let column = 0; column < columns; column++) {
    const header = readAt(file, from, HEADER_BYTES)
    const end = header.indexOf(0)
    if (end < 0 || end + 5 > header.length) return undefined
    const name = header.toString('utf8', 0, end)
    const dimensions = header.readUInt32LE(end + 1)
    const start = end + 5 + 4 * dimensions
    if (start > header.length) return undefined
    const index = Array.from({ length: dimensions }, (_, i) => header.readUInt32LE(end + 5 + 4 * i))
    if (name.slice(name.lastIndexOf('.') + 1) === wanted.name && index.join() === wanted.index.join()) {
      const bytes = new Uint8Array(rows * 8)
      return readInto(file, from + start, bytes) === bytes.length ? bytes : undefined
    }
    from += start + rows * 8
  }
  return undefined
}

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, 'r')
  try {
    return use(file)
  } finally {
    closeSync(file)
  }
}

function readAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readInto(file, at, bytes))
}

/** Fills `bytes` as far as the file goes; the number of bytes read. */
function readInto(file: number, at: number, bytes: Uint8Array): number {
  let done = 0
  while (done < bytes.length) {
    const count = readSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30), at + done)
    if (count === 0) break
    done += count
  }
  return done
}

function unavailable(path: string, what: string): AirError {
  return new AirError({
    code: 'FIXED_COLUMN_UNAVAILABLE',
    message: `${path} ${what}`,
    remedy: 'generate the file for this version of the PIL text',
  })
}
