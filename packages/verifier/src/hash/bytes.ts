/** Little-endian encodings shared by the hashers. */
import type { Ext } from '@zisk/field'

/** Whether words lie in memory as their encoding: true of every platform that the toolchain is known to run on. */
const IS_LITTLE_ENDIAN = new Uint8Array(BigUint64Array.of(1n).buffer)[0] === 1

/** The words as 8 little-endian bytes each; a view of them where that is what they are. */
export function wordsToBytes(words: ArrayLike<bigint>): Uint8Array {
  if (IS_LITTLE_ENDIAN && words instanceof BigUint64Array)
    return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  const bytes = new Uint8Array(words.length * 8)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < words.length; i++) view.setBigUint64(i * 8, words[i]!, true)
  return bytes
}

/** A copy of 8 little-endian bytes each as words. */
export function wordArray(bytes: Uint8Array): BigUint64Array {
  const words = new BigUint64Array(bytes.length / 8)
  if (IS_LITTLE_ENDIAN) new Uint8Array(words.buffer).set(bytes)
  else words.set(bytesToWords(bytes))
  return words
}

/** The words that 8 little-endian bytes each stand for. */
export function bytesToWords(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 8 }, (_, i) => view.getBigUint64(i * 8, true))
}

/** The coordinates of all elements, one after the other. */
export function extWords(exts: readonly Ext[]): BigUint64Array {
  const words = new BigUint64Array(3 * exts.length)
  for (let i = 0; i < exts.length; i++) words.set(exts[i]!, 3 * i)
  return words
}

/** Whether two digests are equal. */
export function digestsEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
