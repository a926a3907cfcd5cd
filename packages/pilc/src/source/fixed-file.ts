/** Files of fixed columns as pil2's tools write them: magic, one section with names, rows, columns. */
import { closeSync, openSync, readSync } from 'node:fs'

const MAGIC = 'cnst'
/** Magic, version, number of sections; then id and length of the section. */
const SECTION_START = 4 + 4 + 4 + 4 + 8
/** Room for the header with the names of air group and AIR. */
const HEADER_BYTES = 4096
const MAX_ROWS = 2n ** 32n

/** Number of rows of the columns in a file; undefined when it is of another kind. */
export function fixedFileRows(path: string): number | undefined {
  const header = readStart(path)
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined
  let at = SECTION_START
  // The names of air group and AIR, each with a zero byte at its end.
  for (let name = 0; name < 2; name++) {
    const end = header.indexOf(0, at)
    if (end < 0) return undefined
    at = end + 1
  }
  if (at + 8 > header.length) return undefined
  const rows = header.readBigUInt64LE(at)
  return rows >= 1n && rows <= MAX_ROWS ? Number(rows) : undefined
}

function readStart(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(HEADER_BYTES)
    return bytes.subarray(0, readSync(file, bytes, 0, HEADER_BYTES, 0))
  } finally {
    closeSync(file)
  }
}
