/** Typed arrays that a growable column can hold. */
type Values = Uint8Array | Uint32Array | Float64Array | BigUint64Array

/** Returns `column` with room for `length` values: the same array, or one of twice the size with the same contents. */
export function grown<T extends Values>(column: T, length: number): T {
  if (length <= column.length) return column
  const larger = new (column.constructor as new (length: number) => T)(Math.max(length, 2 * column.length))
  larger.set(column as never)
  return larger
}
