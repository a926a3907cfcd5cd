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

/** One record of little-endian u64 words. */
export function frameU64s(...values: readonly number[]): Uint8Array {
  return frameRecords(new Uint8Array(BigUint64Array.from(values, BigInt).buffer))
}

/** A number below 2^(8 bytes) as little-endian bytes. */
export function littleEndian(value: bigint, bytes: number): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex').reverse())
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
