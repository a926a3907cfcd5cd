/** Input of a guest: records of u64 length, bytes and zero padding to 8 bytes. */
export function frameRecords(...records: readonly Uint8Array[]): Uint8Array {
  const framed = records.map((bytes) => {
    const record = Buffer.alloc(8 + Math.ceil(bytes.length / 8) * 8)
    record.writeBigUInt64LE(BigInt(bytes.length))
    record.set(bytes, 8)
    return record
  })
  return Uint8Array.from(Buffer.concat(framed))
}

/** One record that holds a little-endian u64. */
export function frameU64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return frameRecords(bytes)
}

/** The u64 of the first record. */
export function firstU64(input: Uint8Array): number {
  return Number(Buffer.from(input).readBigUInt64LE(8))
}

/** The bytes of record number `index`. */
export function recordBytes(input: Uint8Array, index: number): Uint8Array {
  const view = Buffer.from(input)
  let at = 0
  for (let i = 0; i < index; i++) at += 8 + Math.ceil(Number(view.readBigUInt64LE(at)) / 8) * 8
  const length = Number(view.readBigUInt64LE(at))
  return view.subarray(at + 8, at + 8 + length)
}
