import { commitU32, readU32 } from '@zisk/guest/assembly'

function sort(a: Uint32Array, low: i32, high: i32): void {
  while (low < high) {
    const pivot = a[(low + high) >> 1]
    let i = low
    let j = high
    while (i <= j) {
      while (a[i] < pivot) i++
      while (a[j] > pivot) j--
      if (i > j) break
      const t = a[i]
      a[i] = a[j]
      a[j] = t
      i++
      j--
    }
    sort(a, low, j)
    low = i
  }
}

export function main(): i32 {
  const n = <i32>readU32()
  const a = new Uint32Array(n)
  let state: u32 = 1
  for (let i = 0; i < n; i++) {
    state = state * 1664525 + 1013904223
    a[i] = state
  }
  sort(a, 0, n - 1)
  let hash: u32 = 0
  for (let i = 0; i < n; i++) hash = hash * 31 + a[i]
  commitU32(hash)
  return 0
}
