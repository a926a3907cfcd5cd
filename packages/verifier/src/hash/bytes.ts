/** Little-endian encodings shared by the hashers. */
import type { Ext, Felt } from '@zisk/field'

/** The words as 8 little-endian bytes each. */
export function wordsToBytes(words: ArrayLike<bigint>): Uint8Array {
  const bytes = new Uint8Array(words.length * 8)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < words.length; i++) view.setBigUint64(i * 8, words[i]!, true)
  return bytes
}

/** The words that 8 little-endian bytes each stand for. */
export function bytesToWords(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 8 }, (_, i) => view.getBigUint64(i * 8, true))
}

/** The coordinates of all elements, one after the other. */
export function extWords(exts: readonly Ext[]): Felt[] {
  return exts.flatMap((ext) => [...ext])
}

/** Whether two digests are equal. */
export function digestsEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
