// A hash map under inserts, lookups, updates and deletions.
import { commitU64, readU32 } from '@zisk/guest/assembly'

export function main(): i32 {
  const n = readU32()
  const counts = new Map<u32, u64>()
  let state: u32 = 1
  for (let i: u32 = 0; i < n; i++) {
    state = state * 1664525 + 1013904223
    const key = (state >> 8) % n
    counts.set(key, counts.has(key) ? counts.get(key) + i : i)
    if (i % 8 == 7) counts.delete((state >> 4) % n)
  }
  let hash: u64 = counts.size
  for (let key: u32 = 0; key < n; key++) if (counts.has(key)) hash = hash * 31 + counts.get(key)
  commitU64(hash)
  return 0
}
