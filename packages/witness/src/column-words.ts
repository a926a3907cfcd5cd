/**
 * A column as pairs of 32-bit words, low word first: value `i` is at `2 * i` and `2 * i + 1`. Writing the low words of a
 * column of zeros fills it with values below 2^32 without a bigint per cell.
 */
export function columnWords(column: BigUint64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, 2 * column.length)
}
