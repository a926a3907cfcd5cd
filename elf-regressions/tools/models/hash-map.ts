import { outputWords } from '../case.ts'
import { createXorshift } from './xorshift.ts'

/** The operations of the guest on a JavaScript `Map`. */
export function hashMapOutputs(operations: number): number[] {
  const random = createXorshift()
  random()
  random()
  const map = new Map<bigint, bigint>()
  let found = 0n
  let hits = 0n
  for (let i = 0n; i < BigInt(operations); i++) {
    const word = random()
    const key = (word >> 8n) % 20000n
    const value = map.get(key)
    if ((word & 3n) < 2n) map.set(key, i)
    else if (value !== undefined) hits++
    if ((word & 3n) === 2n) found += value ?? 0n
    if ((word & 3n) === 3n) map.delete(key)
  }
  let left = 0n
  for (const [key, value] of map) left += key ^ value
  return outputWords(found, hits, BigInt(map.size), left)
}
